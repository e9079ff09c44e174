"""Programs come from the cache; what is missing or not what was locked is refused with a remedy."""

from pathlib import Path

import pytest

from kuukausi.errors import NotDownloaded
from kuukausi.stack import jars
from kuukausi.stack.ports import free_ports


def test_every_locked_jar_has_a_hash_and_a_size() -> None:
    for program in (jars.KAFKA, jars.GREENMAIL):
        for jar in jars.locked(program):
            assert len(jar.sha256) == 64
            assert jar.size > 0


def test_a_start_without_network_and_cache_says_what_is_missing(tmp_path: Path) -> None:
    with pytest.raises(NotDownloaded, match="1 of 1 jars") as caught:
        jars.classpath(jars.GREENMAIL, tmp_path, offline=True)
    assert "Internet" in caught.value.remedy


def test_an_unreachable_repository_is_a_message(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (nobody,) = free_ports(1)
    monkeypatch.setattr(jars, "MAVEN_CENTRAL_URL", f"http://127.0.0.1:{nobody}")
    with pytest.raises(NotDownloaded, match="could not be downloaded: ConnectionError"):
        jars.classpath(jars.GREENMAIL, tmp_path)


def test_a_jar_that_is_not_the_locked_one_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    repository, cache = tmp_path / "repository", tmp_path / "cache"
    (jar,) = jars.locked(jars.GREENMAIL)
    folder = repository / jar.group.replace(".", "/") / jar.artifact / jar.version
    folder.mkdir(parents=True)
    (folder / f"{jar.artifact}-{jar.version}.jar").write_bytes(b"not the program")
    with _served(repository) as url:
        monkeypatch.setattr(jars, "MAVEN_CENTRAL_URL", url)
        with pytest.raises(NotDownloaded, match="is not the file that was locked"):
            jars.classpath(jars.GREENMAIL, cache)
    with pytest.raises(NotDownloaded):
        jars.classpath(jars.GREENMAIL, cache, offline=True)


def _served(directory: Path):  # type: ignore[no-untyped-def]
    from contextlib import contextmanager
    from functools import partial
    from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
    from threading import Thread

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            return

    @contextmanager
    def serve():  # type: ignore[no-untyped-def]
        with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(directory))) as server:
            Thread(target=server.serve_forever, daemon=True).start()
            try:
                yield f"http://127.0.0.1:{server.server_port}"
            finally:
                server.shutdown()

    return serve()
