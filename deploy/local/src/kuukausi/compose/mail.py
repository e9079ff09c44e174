"""The demo's mail server in a container: SMTP and IMAP in clear for this machine's programs, over TLS for the services.

The services refuse mail servers elsewhere without TLS, so the demo's server gets a certificate of its own, made at
each start; the services trust it by SSL_CERT_FILE. `python -m kuukausi.compose.mail fetch` downloads it at build time.
"""

import json
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

from kuukausi.compose.secrets import secret
from kuukausi.stack.jars import GREENMAIL, classpath
from kuukausi.stack.mail import greenmail, greenmail_options

PORTS: Final = {"smtp": 3025, "imap": 3143, "smtps": 3465, "imaps": 3993}
EVERYWHERE: Final = "0.0.0.0"  # noqa: S104  # nosec B104 - inside a container, on its own network
JARS: Final = Path("/opt/mail")
TRUSTED: Final = Path("/mail-tls/mail.pem")
"""Where the services find whom to trust."""
_NAME: Final = "mail"
_DAYS: Final = 825


def make_certificate(directory: Path, name: str = _NAME) -> tuple[Path, Path, str]:
    """Make a certificate for `name`: its file, and a key store for Java with the password that opens it."""
    certificate, key, store = (directory / f"mail.{ending}" for ending in ("pem", "key", "p12"))
    subject = ["-subj", f"/CN={name}", "-addext", f"subjectAltName=DNS:{name}", "-days", str(_DAYS)]
    curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    _openssl("req", "-x509", *curve, *subject, "-keyout", str(key), "-out", str(certificate))
    password = secrets.token_hex(16)
    pair = ["-in", str(certificate), "-inkey", str(key)]
    _openssl("pkcs12", "-export", *pair, "-out", str(store), "-passout", "stdin", text=password)
    return certificate, store, password


def _openssl(*arguments: str, text: str | None = None) -> None:
    subprocess.run(["openssl", *arguments], check=True, input=text, text=True, capture_output=True)


def serve(scratch: Path) -> None:
    """Become the mail server; nothing but the certificate leaves the scratch directory."""
    certificate, store, password = make_certificate(scratch)
    shutil.copy(certificate, TRUSTED)
    tls = [f"-Dgreenmail.tls.keystore.file={store}", f"-Dgreenmail.tls.keystore.password={password}"]
    accounts = json.loads(secret("mail_accounts.json"))
    options = scratch / "options"
    options.touch(mode=0o600)
    options.write_text("\n".join([*greenmail_options(PORTS, accounts, EVERYWHERE), *tls]))
    command = greenmail(classpath(GREENMAIL, JARS, offline=True), options)
    os.execv(command[0], command)  # noqa: S606 - so that the container's signals reach Java itself


def main() -> None:
    if sys.argv[1:] == ["fetch"]:
        classpath(GREENMAIL, JARS)
    else:
        serve(Path(tempfile.mkdtemp()))


if __name__ == "__main__":
    main()
