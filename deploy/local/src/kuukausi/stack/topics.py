"""Topics and access rules of the broker, from the register of contracts: an init step that may be repeated."""

from collections.abc import Callable, Mapping
from itertools import product
from pathlib import Path
from typing import Final, Protocol, TypeVar

from kafka.admin import (
    ACL,
    ACLFilter,
    ACLOperation,
    ACLPermissionType,
    ACLResourcePatternType,
    ConfigResource,
    ConfigResourceType,
    KafkaAdminClient,
    NewTopic,
    ResourcePattern,
    ResourcePatternFilter,
    ResourceType,
)
from kafka.errors import KafkaError, KafkaTimeoutError

from dsr_shared.contracts.registry import COMPACTED, READERS, WRITERS
from dsr_shared.contracts.words import SERVICES
from kuukausi.errors import DidNotStart
from kuukausi.stack.kafka import ADMIN
from kuukausi.stack.waiting import holds_within

PARTITIONS: Final = 6
_DAY_MS: Final = 24 * 60 * 60 * 1000
_RETENTION_DAYS: Final = 30
_TIMEOUT_MS: Final = 20_000

_Done = TypeVar("_Done")


class Broker(Protocol):
    """A broker to prepare: where it is, the passwords of its users, and where its log can be read."""

    @property
    def bootstrap(self) -> str: ...
    @property
    def passwords(self) -> Mapping[str, str]: ...
    @property
    def log_path(self) -> Path | str: ...


def prepare_broker(server: Broker) -> None:
    """Make the topics that lack, set their retention, and let each service do its part and nothing else."""
    client = _as_admin(server, lambda: _client(server))
    try:
        _as_admin(server, lambda: _create_topics(client))
        _as_admin(server, lambda: _set_rules(client))
    finally:
        client.close()


def topic_settings(topic: str) -> dict[str, str]:
    """Retention of a topic: the compacted one keeps the newest of each key for good, the others keep 30 days."""
    if topic in COMPACTED:
        return {"cleanup.policy": "compact", "min.cleanable.dirty.ratio": "0.1", "max.compaction.lag.ms": str(_DAY_MS)}
    return {"cleanup.policy": "delete", "retention.ms": str(_RETENTION_DAYS * _DAY_MS)}


def access_rules() -> list[ACL]:
    """Who may write and read which topic, and each its own consumer group; an idempotent producer needs no more."""
    writes = [(user, topic, ACLOperation.WRITE) for topic, users in WRITERS.items() for user in users]
    reads = [(user, topic, ACLOperation.READ) for topic, users in READERS.items() for user in users]
    topics = [(user, ResourceType.TOPIC, topic, operation) for user, topic, operation in writes + reads]
    sees = [(user, ResourceType.TOPIC, topic, ACLOperation.DESCRIBE) for user, topic, _ in writes + reads]
    rights = (ACLOperation.READ, ACLOperation.DESCRIBE)
    groups = [(user, ResourceType.GROUP, user, operation) for user, operation in product(SERVICES, rights)]
    return [_allow(*rule) for rule in dict.fromkeys([*topics, *sees, *groups])]


def _allow(user: str, kind: ResourceType, name: str, operation: ACLOperation) -> ACL:
    return ACL(
        principal=f"User:{user}",
        host="*",
        operation=operation,
        permission_type=ACLPermissionType.ALLOW,
        resource_pattern=ResourcePattern(kind, name),
    )


def _client(server: Broker) -> KafkaAdminClient:
    return KafkaAdminClient(
        bootstrap_servers=server.bootstrap,
        security_protocol="SASL_PLAINTEXT",
        sasl_mechanism="PLAIN",
        sasl_plain_username=ADMIN,
        sasl_plain_password=server.passwords[ADMIN],
        request_timeout_ms=_TIMEOUT_MS,
    )


def _create_topics(client: KafkaAdminClient) -> None:
    known = set(client.list_topics())
    missing = [topic for topic in WRITERS if topic not in known]
    new = [NewTopic(topic, num_partitions=PARTITIONS, replication_factor=1) for topic in missing]
    if new:
        client.create_topics(new)
        client.wait_for_topics(missing, timeout_ms=_TIMEOUT_MS)
    resources = [ConfigResource(ConfigResourceType.TOPIC, topic, topic_settings(topic)) for topic in WRITERS]
    client.alter_configs(resources)


def _set_rules(client: KafkaAdminClient) -> None:
    """Make the broker's rules exactly ours, and wait until it follows them: it takes them in a moment later."""
    wanted, present = set(access_rules()), set(_rules(client))
    if present - wanted:
        client.delete_acls(list(present - wanted))
    if wanted - present:
        client.create_acls(list(wanted - present))
    if not holds_within(lambda: set(_rules(client)) == wanted, _TIMEOUT_MS / 1000):
        raise KafkaTimeoutError


def _rules(client: KafkaAdminClient) -> list[ACL]:
    anything = ResourcePatternFilter(ResourceType.ANY, None, ACLResourcePatternType.ANY)
    rules: list[ACL]
    rules, _ = client.describe_acls(ACLFilter(None, None, ACLOperation.ANY, ACLPermissionType.ANY, anything))
    return rules


def _as_admin(server: Broker, act: Callable[[], _Done]) -> _Done:
    try:
        return act()
    except KafkaError as error:
        raise DidNotStart(
            f"Kafka would not take its topics and access rules: {type(error).__name__}",
            where=server.bootstrap,
            remedy=f"read {server.log_path}",
        ) from error
