"""The servers that all connected tests stand on do what the design says of them."""

import imaplib
import smtplib

import asyncpg
import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.errors import TopicAuthorizationFailedError
from tests.conftest import MakeDatabase

from kuukausi.stack.kafka import KafkaServer
from kuukausi.stack.mail import MailServer
from kuukausi.stack.postgres import PostgresServer

pytestmark = pytest.mark.connected


def _producer(server: KafkaServer, user: str) -> AIOKafkaProducer:
    return AIOKafkaProducer(
        bootstrap_servers=server.bootstrap,
        security_protocol="SASL_PLAINTEXT",
        sasl_mechanism="PLAIN",
        sasl_plain_username=user,
        sasl_plain_password=server.passwords[user],
        enable_idempotence=True,
        acks="all",
    )


async def test_postgres_asks_for_a_password(postgres_server: PostgresServer) -> None:
    connection = await asyncpg.connect(postgres_server.admin_url)
    version = await connection.fetchval("show server_version_num")
    await connection.close()
    assert version.startswith("18")
    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(postgres_server.url("kuukausi_admin", "wrong", "postgres"))


async def test_each_service_writes_its_own_topic_and_no_other(kafka_server: KafkaServer) -> None:
    async with _producer(kafka_server, "intake") as producer:
        sent = await producer.send_and_wait("requests.v1", b"{}", key=b"case")
        with pytest.raises(TopicAuthorizationFailedError):
            await producer.send_and_wait("letters.v1", b"{}", key=b"case")
    assert sent.topic == "requests.v1"


def test_mail_that_is_sent_can_be_read(mail_server: MailServer) -> None:
    with smtplib.SMTP(mail_server.host, mail_server.smtp_port) as smtp:
        smtp.sendmail("a@example.test", ["b@example.test"], "Subject: hei\r\n\r\nhei\r\n")
    with imaplib.IMAP4(mail_server.host, mail_server.imap_port) as imap:
        imap.login("b@example.test", "any")
        assert imap.select()[1] == [b"1"]


async def test_a_service_database_is_migrated_and_its_own(service_database: MakeDatabase) -> None:
    first = await service_database("intake", ["dsr_shared"])
    second = await service_database("intake", ["dsr_shared"])
    assert first.name != second.name
    connection = await asyncpg.connect(first.app_url)
    tables = await connection.fetchval("select count(*) from pg_tables where schemaname = 'public'")
    await connection.close()
    assert tables > 0
