"""A certificate that signs itself, for servers that live as long as a test: by openssl, which Dovecot needs too."""

import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory


def self_signed(host: str) -> tuple[str, str]:
    """Certificate and key as PEM."""
    with TemporaryDirectory() as name:
        key, certificate = Path(name, "key.pem"), Path(name, "certificate.pem")
        kind = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"]
        names = ["-subj", f"/CN={host}", "-addext", f"subjectAltName=DNS:{host}"]
        command = ["openssl", "req", "-x509", *kind, *names, "-keyout", key, "-out", certificate]
        subprocess.run(command, check=True, capture_output=True)
        return certificate.read_text(), key.read_text()
