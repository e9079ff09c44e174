"""What one start of a stack consists of, put together from its configuration, ports and passwords."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kuukausi.errors import StackError
from kuukausi.stack.configuration import Configuration, Smtp
from kuukausi.stack.databases import ServiceDatabase, service_database
from kuukausi.stack.files import write_whole
from kuukausi.stack.jars import GREENMAIL, KAFKA, Progress, classpath
from kuukausi.stack.kafka import KafkaServer
from kuukausi.stack.layout import Layout
from kuukausi.stack.mail import MailServer
from kuukausi.stack.passwords import Passwords
from kuukausi.stack.places import cache_directory
from kuukausi.stack.ports import fill_in, is_free
from kuukausi.stack.postgres import PostgresServer
from kuukausi.stack.running import running
from kuukausi.stack.services import CONSOLE, WEB, ServiceProcess, health_port_name

_INSIDE: Final = ("postgres", "kafka", "kafka_controller", "smtp", "imap")


@dataclass(frozen=True)
class Plan:
    """The servers and services of one start."""

    layout: Layout
    configuration: Configuration
    passwords: Passwords
    ports: dict[str, int]
    postgres: PostgresServer
    kafka: KafkaServer
    mail: MailServer | None
    databases: dict[str, ServiceDatabase]
    services: tuple[ServiceProcess, ...]


def fetch_programs(configuration: Configuration, progress: Progress | None = None, *, offline: bool = False) -> None:
    """Have all Java programs in the cache; raises NotDownloaded."""
    for program in [KAFKA, *([GREENMAIL] if configuration.demo_mail else [])]:
        classpath(program, cache_directory(), progress=progress, offline=offline)


def make_plan(layout: Layout, configuration: Configuration) -> Plan:
    """Choose ports, make or read the passwords, and describe every part."""
    passwords = Passwords.load_or_create(layout.passwords, layout.postgres / "data")
    return _plan(layout, configuration, passwords, choose_ports(layout, configuration))


def running_plan(layout: Layout) -> Plan:
    """Describe a stack that runs, as it was started; raises NotRunning."""
    configuration = Configuration.model_validate_json(layout.configuration.read_bytes())
    return _plan(layout, configuration, Passwords.load(layout.passwords), running(layout).ports)


def _plan(layout: Layout, configuration: Configuration, passwords: Passwords, ports: dict[str, int]) -> Plan:
    postgres = _postgres(layout, passwords, ports)
    kafka = _kafka(layout, passwords, ports)
    mail = _mail(layout, configuration, ports)
    configuration = _with_demo_mail(configuration, mail)
    databases = {name: service_database(postgres, name, passwords.roles) for name in configuration.services}
    services = tuple(
        ServiceProcess(name, layout, configuration, passwords, databases[name], kafka, ports)
        for name in configuration.services
    )
    return Plan(layout, configuration, passwords, ports, postgres, kafka, mail, databases, services)


def choose_ports(layout: Layout, configuration: Configuration) -> dict[str, int]:
    """Keep last time's ports where they are free. The two that people know are never changed behind their back."""
    known: dict[str, int] = json.loads(layout.ports.read_text()) if layout.ports.exists() else {}
    for name, wanted, host in _public_ports(configuration):
        port = wanted or known.get(name, 0)
        if port and not is_free(port, host):
            raise _port_in_use(name, port, host)
        if port:
            known[name] = port
    health = [health_port_name(service) for service in configuration.services]
    ports = fill_in(known, [WEB, CONSOLE, *_INSIDE, *health])
    write_whole(layout.ports, json.dumps(ports, indent=1))
    return ports


def _public_ports(configuration: Configuration) -> Sequence[tuple[str, int, str]]:
    return (
        (WEB, configuration.web_port, configuration.web_host),
        (CONSOLE, configuration.console_port, configuration.console_host),
    )


def _port_in_use(name: str, port: int, host: str) -> StackError:
    page = "public form" if name == WEB else "console"
    return StackError(
        f"port {port}, where the {page} shall be, is in use by another program",
        where=f"{host}:{port}",
        remedy=f"stop that program, or choose another port with --{name}-port",
    )


def _postgres(layout: Layout, passwords: Passwords, ports: dict[str, int]) -> PostgresServer:
    return PostgresServer(
        directory=layout.postgres,
        log_path=layout.log_of("postgres"),
        port=ports["postgres"],
        admin_password=passwords.postgres_admin,
        mark=layout.mark,
    )


def _kafka(layout: Layout, passwords: Passwords, ports: dict[str, int]) -> KafkaServer:
    return KafkaServer(
        directory=layout.kafka,
        log_path=layout.log_of("kafka"),
        port=ports["kafka"],
        controller_port=ports["kafka_controller"],
        passwords=passwords.kafka,
        classpath=_jars(KAFKA),
        mark=layout.mark,
    )


def _mail(layout: Layout, configuration: Configuration, ports: dict[str, int]) -> MailServer | None:
    if configuration.demo_mail is None:
        return None
    return MailServer(
        directory=layout.mail,
        log_path=layout.log_of("mail"),
        smtp_port=ports["smtp"],
        imap_port=ports["imap"],
        classpath=_jars(GREENMAIL),
        mark=layout.mark,
        accounts=configuration.demo_mail.accounts,
    )


def _jars(program: str) -> tuple[Path, ...]:
    return tuple(classpath(program, cache_directory(), offline=True))


def _with_demo_mail(configuration: Configuration, mail: MailServer | None) -> Configuration:
    """Point the services at the stack's own mail server, whose ports are known only now."""
    if mail is None:
        return configuration
    at_home = {"host": mail.host, "port": mail.imap_port, "security": "none"}
    boxes = tuple(box.model_copy(update=at_home) for box in configuration.mailboxes)
    smtp = Smtp(host=mail.host, port=mail.smtp_port, security="none")
    return configuration.model_copy(update={"mailboxes": boxes, "smtp": smtp})
