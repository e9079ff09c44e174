"""The three services as processes: their secrets as files, their settings as environment, their health asked."""

import http.client
import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from kuukausi.stack.configuration import Configuration
from kuukausi.stack.databases import ServiceDatabase
from kuukausi.stack.files import write_whole
from kuukausi.stack.kafka import KafkaServer
from kuukausi.stack.layout import Layout
from kuukausi.stack.passwords import Passwords
from kuukausi.stack.ports import LOOPBACK
from kuukausi.stack.process import MARK, Command

WEB: Final = "web"
CONSOLE: Final = "console"


@dataclass(frozen=True)
class Addresses:
    """Where people reach the stack."""

    form_url: str
    console_url: str


def addresses(configuration: Configuration, ports: Mapping[str, int]) -> Addresses:
    form = configuration.public_url or f"http://{configuration.web_host}:{ports[WEB]}"
    console = configuration.console_url or f"http://{configuration.console_host}:{ports[CONSOLE]}"
    return Addresses(form.rstrip("/"), console.rstrip("/"))


def is_installed(service: str) -> bool:
    """Whether the service's package can be run."""
    package = f"dsr_{service}"
    return find_spec(package) is not None and find_spec(f"{package}.__main__") is not None


@dataclass(frozen=True)
class ServiceProcess:
    """One service of a stack."""

    name: str
    layout: Layout
    configuration: Configuration
    passwords: Passwords
    database: ServiceDatabase
    kafka: KafkaServer
    ports: Mapping[str, int]

    def write_secrets(self) -> None:
        """Put what nobody else may read into files named like the settings, of mode 0600."""
        directory = self.layout.secrets_of(self.name)
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        texts = {"database_url": self.database.app_url, "kafka_password": self.passwords.kafka[self.name]}
        for name, text in {**texts, **self._mail_files()}.items():
            write_whole(directory / name, text)
        for_migrations = self.layout.secrets_of(f"{self.name}-owner")
        for_migrations.mkdir(mode=0o700, parents=True, exist_ok=True)
        for name, text in {**texts, "owner_database_url": self.database.owner_url}.items():
            write_whole(for_migrations / name, text)

    def _mail_files(self) -> dict[str, str]:
        if self.name == "intake":
            boxes = [box.model_dump(mode="json") for box in self.configuration.mailboxes]
            return {"mailboxes.json": json.dumps(boxes, indent=1)}
        if self.name == "notifier" and self.configuration.smtp:
            return {"smtp.json": self.configuration.smtp.model_dump_json(exclude_none=True, indent=1)}
        return {}

    def run(self) -> Command:
        return self._command(self.name, [], self.layout.secrets_of(self.name))

    def migrate(self) -> Command:
        return self._command(f"{self.name}-migrate", ["migrate"], self.layout.secrets_of(f"{self.name}-owner"))

    def _command(self, log_name: str, arguments: list[str], secrets: Path) -> Command:
        return Command(
            name=self.name,
            arguments=[sys.executable, "-m", f"dsr_{self.name}", *arguments],
            log_path=self.layout.log_of(log_name),
            environment={**self.environment(secrets), MARK: self.layout.mark, "PYTHONUNBUFFERED": "1"},
            directory=self.layout.root,
            stop_seconds=15,
        )

    def environment(self, secrets: Path) -> dict[str, str]:
        """The settings, with the service's prefix."""
        prefix = self.name.upper()
        settings = {f"{prefix}_{name}": value for name, value in {**self._common(secrets), **self._own()}.items()}
        return {**settings, **self.configuration.service_settings}

    def _common(self, secrets: Path) -> dict[str, str]:
        telemetry = self.configuration.otlp_endpoint
        return {
            "SECRETS_DIRECTORY": str(secrets),
            "KAFKA_BOOTSTRAP_SERVERS": self.kafka.bootstrap,
            "KAFKA_USERNAME": self.name,
            "KEYRING_PATH": str(self.layout.keys / f"{self.name}.keyring.json"),
            "PUBLIC_KEYS_PATH": str(self.layout.keys / "public-keys.json"),
            "BLOB_DIRECTORY": str(self.layout.blobs),
            "HEALTH_HOST": LOOPBACK,
            "HEALTH_PORT": str(self.health_port),
            **({"OTLP_ENDPOINT": telemetry} if telemetry else {}),
        }

    def _own(self) -> dict[str, str]:
        where = addresses(self.configuration, self.ports)
        secrets = self.layout.secrets_of(self.name)
        match self.name:
            case "intake":
                boxes = self.configuration.mailboxes_file or secrets / "mailboxes.json"
                web = {"WEB_HOST": self.configuration.web_host, "WEB_PORT": str(self.ports[WEB])}
                sign_in = {"SIGN_IN_SECRETS_DIRECTORY": str(self.layout.secrets / "sign-in")}
                return {**web, **sign_in, "PUBLIC_URL": where.form_url, "MAILBOXES_PATH": str(boxes)}
            case "fulfilment":
                return {
                    "CONSOLE_HOST": self.configuration.console_host,
                    "CONSOLE_PORT": str(self.ports[CONSOLE]),
                    "CONSOLE_URL": where.console_url,
                    "INTAKE_URL": where.form_url,
                    "REGISTERS_DIRECTORY": str(self.configuration.registers_directory),
                    "CONNECTOR_SECRETS_DIRECTORY": str(self._connector_secrets()),
                }
            case _:
                return {"SMTP_PATH": str(secrets / "smtp.json")}

    def _connector_secrets(self) -> Path:
        return self.configuration.connector_secrets_directory or self.layout.secrets / "connectors"

    @property
    def health_port(self) -> int:
        return self.ports[health_port_name(self.name)]


def health_port_name(service: str) -> str:
    return f"{service}_health"


def is_ready(port: int) -> bool:
    """Whether a service says that it can work."""
    return ask(port, "/readyz")[0] == 200


def ask(port: int, path: str) -> tuple[int, str]:
    """Status and text of a health page; status 0 when nobody answers."""
    connection = http.client.HTTPConnection(LOOPBACK, port, timeout=3)
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        return response.status, response.read().decode(errors="replace")
    except (OSError, http.client.HTTPException):
        return 0, ""
    finally:
        connection.close()
