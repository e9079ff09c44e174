"""Topics and access rules on the broker of the compose file; safe to repeat."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from kuukausi.compose.secrets import secret
from kuukausi.compose.step import run_step
from kuukausi.stack.kafka import ADMIN
from kuukausi.stack.topics import prepare_broker


@dataclass(frozen=True)
class ComposeKafka:
    """The broker as its administrator reaches it."""

    passwords: Mapping[str, str] = field(repr=False)
    bootstrap: str = "kafka:9092"
    log_path: str = "`docker compose logs kafka`"


def main() -> None:
    prepare_broker(ComposeKafka({ADMIN: secret("kafka_admin_password")}))


if __name__ == "__main__":
    run_step("topics and access rules", main)
