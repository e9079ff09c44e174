"""Debian's Dovecot, run as an ordinary user in a directory of the run; and where its tokens come from."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.connected.mailbox.dovecot import Dovecot, dovecot_is_there
from tests.connected.mailbox.token_endpoint import TokenEndpoint

from kuukausi.stack.ports import free_ports


@pytest.fixture(scope="session")
def token_endpoint() -> Iterator[TokenEndpoint]:
    """A provider's token endpoint, and the introspection that the mail server asks."""
    (port,) = free_ports(1)
    with TokenEndpoint(port).serving() as endpoint:
        yield endpoint


@pytest.fixture(scope="session")
def dovecot(run_directory: Path, token_endpoint: TokenEndpoint) -> Iterator[Dovecot]:
    dovecot_is_there()
    server = Dovecot(run_directory / "dovecot", free_ports(1)[0], token_endpoint.introspection_url)
    server.prepare()
    server.start()
    try:
        yield server
    finally:
        server.kill()
        shutil.rmtree(server.directory, ignore_errors=True)
