"""The one place where brokers and producers are made; the defaults of the libraries would lose events."""

from collections.abc import Sequence
from typing import Any, Final, cast

from aiokafka import AIOKafkaProducer
from faststream.kafka import KafkaBroker
from faststream.kafka.opentelemetry import KafkaTelemetryMiddleware
from faststream.kafka.prometheus import KafkaPrometheusMiddleware
from faststream.security import SASLPlaintext
from prometheus_client import CollectorRegistry

from dsr_shared.contracts.words import Service
from dsr_shared.outbox import Producer
from dsr_shared.settings import ServiceSettings

LARGEST_EVENT_BYTES: Final = 1_000_000
_METADATA_MAX_AGE_MS: Final = 30_000


def make_broker(
    settings: ServiceSettings, service: Service, *, registry: CollectorRegistry | None = None
) -> KafkaBroker:
    """A broker for consuming: SASL/PLAIN, no topic is ever made by asking for it, nothing is published through it.

    Events leave by the outbox alone, so there is no producer in it. `registry` adds FastStream's metrics, an OTLP
    endpoint in the settings its spans.
    """
    middlewares: list[Any] = []
    if settings.otlp_endpoint:
        middlewares.append(KafkaTelemetryMiddleware())
    if registry is not None:
        middlewares.append(KafkaPrometheusMiddleware(registry=registry, app_name=service))
    return KafkaBroker(
        _servers(settings),
        client_id=service,
        security=SASLPlaintext(settings.kafka_username, settings.kafka_password.get_secret_value(), use_ssl=False),
        consumer_only=True,
        allow_auto_create_topics=False,
        acks="all",
        enable_idempotence=True,
        metadata_max_age_ms=_METADATA_MAX_AGE_MS,
        middlewares=middlewares,
        apply_types=False,
        logger=None,
        graceful_timeout=10.0,
    )


def make_producer(settings: ServiceSettings, service: Service) -> Producer:
    """A producer for the relay: idempotent, and done only when all replicas in sync have an event."""
    producer = AIOKafkaProducer(
        bootstrap_servers=_servers(settings),
        client_id=service,
        security_protocol="SASL_PLAINTEXT",
        sasl_mechanism="PLAIN",
        sasl_plain_username=settings.kafka_username,
        sasl_plain_password=settings.kafka_password.get_secret_value(),
        enable_idempotence=True,
        acks="all",
        max_request_size=LARGEST_EVENT_BYTES,
        request_timeout_ms=15_000,
        metadata_max_age_ms=_METADATA_MAX_AGE_MS,
    )
    return cast("Producer", producer)


def _servers(settings: ServiceSettings) -> Sequence[str]:
    return [server.strip() for server in settings.kafka_bootstrap_servers.split(",")]
