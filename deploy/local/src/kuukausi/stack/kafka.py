"""The embedded Kafka broker: one KRaft node on the loopback address, every client signed in and held to its ACLs."""

import base64
import subprocess
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from dsr_shared.contracts.words import SERVICES
from kuukausi.errors import DidNotStart
from kuukausi.stack.java import java
from kuukausi.stack.ports import LOOPBACK
from kuukausi.stack.process import MARK, Child, Command, environment_of, leashed

ADMIN: Final = "admin"
USERS: Final = (ADMIN, *SERVICES)
_READY: Final = r"Kafka Server started"
_HEAP_MB: Final = 384
_LOGIN: Final = "org.apache.kafka.common.security.plain.PlainLoginModule required"


@dataclass(frozen=True)
class KafkaServer:
    """A broker in `directory`; `passwords` is by user and holds all of USERS."""

    directory: Path
    log_path: Path
    port: int
    controller_port: int
    passwords: Mapping[str, str] = field(repr=False)
    classpath: tuple[Path, ...] = field(repr=False)
    mark: str
    settings: Mapping[str, str] = field(default_factory=dict)

    @property
    def bootstrap(self) -> str:
        return f"{LOOPBACK}:{self.port}"

    @property
    def data(self) -> Path:
        return self.directory / "log"

    @property
    def _properties(self) -> Path:
        return self.directory / "server.properties"

    def start(self, on_exit: Callable[[Child], None] | None = None) -> Child:
        """Format the log on the first start, then start the broker without waiting: see `wait`."""
        self.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._write_configuration()
        if not (self.data / "meta.properties").exists():
            self._format()
        return Child.start(self._command("kafka.Kafka", str(self._properties)), ready=_READY, on_exit=on_exit)

    def wait(self, child: Child, deadline_seconds: float = 60) -> None:
        child.wait_until_ready(deadline_seconds)

    def _write_configuration(self) -> None:
        text = "".join(f"{name}={value}\n" for name, value in {**self._configuration(), **self.settings}.items())
        self._properties.touch(mode=0o600)
        self._properties.write_text(text)

    def _configuration(self) -> dict[str, str]:
        return {**self._listeners(), **self._sign_in(), **_KEEPING, "log.dirs": str(self.data)}

    def _listeners(self) -> dict[str, str]:
        return {
            "process.roles": "broker,controller",
            "node.id": "1",
            "controller.quorum.voters": f"1@{LOOPBACK}:{self.controller_port}",
            "listeners": f"SASL_PLAINTEXT://{self.bootstrap},CONTROLLER://{LOOPBACK}:{self.controller_port}",
            "advertised.listeners": f"SASL_PLAINTEXT://{self.bootstrap}",
            "listener.security.protocol.map": "SASL_PLAINTEXT:SASL_PLAINTEXT,CONTROLLER:SASL_PLAINTEXT",
            "inter.broker.listener.name": "SASL_PLAINTEXT",
            "controller.listener.names": "CONTROLLER",
        }

    def _sign_in(self) -> dict[str, str]:
        known = " ".join(f'user_{user}="{password}"' for user, password in self.passwords.items())
        jaas = f'{_LOGIN} username="{ADMIN}" password="{self.passwords[ADMIN]}" {known};'
        return {
            "sasl.enabled.mechanisms": "PLAIN",
            "sasl.mechanism.inter.broker.protocol": "PLAIN",
            "sasl.mechanism.controller.protocol": "PLAIN",
            "listener.name.sasl_plaintext.plain.sasl.jaas.config": jaas,
            "listener.name.controller.sasl.enabled.mechanisms": "PLAIN",
            "listener.name.controller.plain.sasl.jaas.config": jaas,
            "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
            "super.users": f"User:{ADMIN}",
            "allow.everyone.if.no.acl.found": "false",
        }

    def _format(self) -> None:
        cluster = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
        command = self._command(
            "kafka.tools.StorageTool", "format", f"--cluster-id={cluster}", "-c", str(self._properties)
        )
        result = subprocess.run(leashed(command), env=environment_of(command), capture_output=True, check=False)
        if result.returncode != 0:
            said = (result.stdout + result.stderr).decode(errors="replace").strip()
            raise DidNotStart(
                f"Kafka could not make its log directory:\n{said[-1000:]}",
                where=str(self.data),
                remedy="see that the disk has room (500 MB) and the directory can be written, then start again",
            )

    def _command(self, main: str, *arguments: str) -> Command:
        start = java(_HEAP_MB, self.classpath, [*_LOGGING, "-XX:+ExitOnOutOfMemoryError"])
        return Command(
            name="Kafka",
            arguments=[*start, main, *arguments],
            log_path=self.log_path,
            environment={MARK: self.mark},
            directory=self.directory,
            stop_seconds=20,
        )


_KEEPING: Final = {
    "num.partitions": "6",
    "auto.create.topics.enable": "false",
    "default.replication.factor": "1",
    "min.insync.replicas": "1",
    "offsets.topic.replication.factor": "1",
    "offsets.topic.num.partitions": "6",
    "offsets.retention.minutes": str(60 * 24 * 60),
    "transaction.state.log.replication.factor": "1",
    "transaction.state.log.min.isr": "1",
    "share.coordinator.state.topic.replication.factor": "1",
    "share.coordinator.state.topic.min.isr": "1",
    "group.initial.rebalance.delay.ms": "0",
    "log.segment.bytes": str(64 * 1024 * 1024),
    "log.cleaner.dedupe.buffer.size": str(4 * 1024 * 1024),
    "message.max.bytes": str(1024 * 1024),
    "num.network.threads": "2",
    "num.io.threads": "4",
    "num.recovery.threads.per.data.dir": "2",
}

_LOGGING: Final = (
    "-Dorg.slf4j.simpleLogger.logFile=System.out",
    "-Dorg.slf4j.simpleLogger.showDateTime=true",
    "-Dorg.slf4j.simpleLogger.dateTimeFormat=yyyy-MM-dd'T'HH:mm:ssXXX",
    "-Dorg.slf4j.simpleLogger.showShortLogName=true",
    "-Dorg.slf4j.simpleLogger.log.org.apache.kafka.common.config.AbstractConfig=warn",
)
"""Kafka's listing of its configuration is left out: it fills the log at every start."""
