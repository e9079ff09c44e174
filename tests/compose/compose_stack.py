"""One run of docker-compose.yml under a name, ports and secrets of its own."""

import json
import os
import secrets
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kuukausi.stack.ports import free_ports

ROOT = Path(__file__).parents[2]
PORTS = ("WEB_PORT", "CONSOLE_PORT", "DEMO_SMTP_PORT", "DEMO_IMAP_PORT", "PROMETHEUS_PORT")
SERVICES = ("intake", "fulfilment", "notifier")
STEPS = ("keys", "databases", "topics", "sample", *(f"{service}-migrate" for service in SERVICES))
UP_SECONDS = 300


@dataclass
class ComposeStack:
    """The stack of the profile `demo`, with Prometheus."""

    secrets_directory: Path
    name: str = field(default_factory=lambda: f"kuukausi-test-{secrets.token_hex(3)}")
    ports: dict[str, int] = field(default_factory=lambda: dict(zip(PORTS, free_ports(len(PORTS)), strict=True)))
    subnet: str = field(default_factory=lambda: f"10.213.{secrets.randbelow(256)}")

    @property
    def form_url(self) -> str:
        return f"http://127.0.0.1:{self.ports['WEB_PORT']}"

    @property
    def console_url(self) -> str:
        return f"http://127.0.0.1:{self.ports['CONSOLE_PORT']}"

    @property
    def proxy_address(self) -> str:
        return f"{self.subnet}.2"

    def environment(self) -> dict[str, str]:
        ours = {name: str(port) for name, port in self.ports.items()}
        network = {"WEB_SUBNET": f"{self.subnet}.0/24", "WEB_RANGE": f"{self.subnet}.128/25"}
        network["PROXY_ADDRESS"] = self.proxy_address
        return {**os.environ, **ours, **network, "SECRETS": str(self.secrets_directory), "IMAGES": "kuukausi-test"}

    def run(self, *arguments: str, text: str | None = None, check: bool = True) -> "subprocess.CompletedProcess[str]":
        """Run `docker compose`; what it said is in the failure."""
        command = [
            "docker",
            "compose",
            "--env-file",
            "deploy/compose/demo.env",
            "--project-name",
            self.name,
            *arguments,
        ]
        done = subprocess.run(
            command, cwd=ROOT, env=self.environment(), input=text, text=True, capture_output=True, check=False
        )
        assert not check or done.returncode == 0, (
            f"{' '.join(arguments)}:\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
        )
        return done

    def up(self) -> None:
        """Bring up all that runs, and Prometheus of the profile `watch`."""
        self.run("up", "--detach", "--wait", "--wait-timeout", str(UP_SECONDS))
        self.run("up", "--detach", "--wait", "--no-deps", "prometheus")

    def down(self) -> None:
        self.run("--profile", "*", "down", "--volumes", "--remove-orphans", "--timeout", "10", check=False)

    def python(self, service: str, program: str) -> str:
        """What a program prints that runs inside a service's container, with its credentials."""
        return self.run("exec", "--no-TTY", service, "python", "-c", program).stdout.strip()

    def containers(self) -> dict[str, dict[str, Any]]:
        """What the engine knows of each container, by the service's name."""
        ids = self.run("--profile", "*", "ps", "--all", "--quiet").stdout.split()
        found = json.loads(docker("inspect", *ids))
        return {one["Config"]["Labels"]["com.docker.compose.service"]: one for one in found}

    def secret(self, name: str) -> str:
        return (self.secrets_directory / name).read_text()


def docker(*arguments: str) -> str:
    return subprocess.run(["docker", *arguments], check=True, capture_output=True, text=True).stdout


def engine_is_there() -> bool:
    try:
        return subprocess.run(["docker", "compose", "version"], capture_output=True).returncode == 0 and bool(
            docker("info", "--format", "{{.ServerVersion}}")
        )
    except (OSError, subprocess.CalledProcessError):
        return False
