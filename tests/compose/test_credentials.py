"""Servers in the compose stack let in whom they know, and each only as far as its part goes."""

import urllib.error
import urllib.request

import pytest
from tests.compose.compose_stack import SERVICES, ComposeStack, docker

CONNECT = """
import asyncio, asyncpg, pathlib
from urllib.parse import urlsplit, urlunsplit
async def main():
    parts = urlsplit(pathlib.Path('/run/secrets/database_url').read_text())
    parts = parts._replace({change})
    try:
        connection = await asyncpg.connect(urlunsplit(parts), timeout=10)
        print(await connection.fetchval('select current_user'))
    except asyncpg.PostgresError as error:
        print(type(error).__name__)
asyncio.run(main())
"""
SEND = """
import asyncio, pathlib
from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError
async def main():
    password = {password}
    producer = AIOKafkaProducer(bootstrap_servers='kafka:9092', security_protocol='SASL_PLAINTEXT',
        sasl_mechanism='PLAIN', sasl_plain_username='{user}', sasl_plain_password=password, request_timeout_ms=8000)
    try:
        await producer.start()
        await producer.send_and_wait('{topic}', b'x')
        print('sent')
    except KafkaError as error:
        print(type(error).__name__)
    finally:
        await producer.stop()
asyncio.run(main())
"""
OWN_PASSWORD = "pathlib.Path('/run/secrets/kafka_password').read_text()"


def connect(stack: ComposeStack, service: str, change: str) -> str:
    return stack.python(service, CONNECT.format(change=change))


def send(
    stack: ComposeStack, service: str, topic: str, *, user: str | None = None, password: str = OWN_PASSWORD
) -> str:
    program = SEND.format(user=user or service, topic=topic, password=password)
    return stack.python(service, program).splitlines()[-1]


@pytest.mark.parametrize("service", SERVICES)
def test_postgresql_knows_a_service_by_its_password(stack: ComposeStack, service: str) -> None:
    assert connect(stack, service, "scheme='postgresql'") == f"{service}_app"
    wrong = f"netloc='{service}_app:wrong@postgres:5432'"
    assert connect(stack, service, wrong) == "InvalidPasswordError"


def test_postgresql_shows_a_service_no_other_database(stack: ComposeStack) -> None:
    for database in ("fulfilment", "notifier"):
        assert connect(stack, "intake", f"path='/{database}'") == "InsufficientPrivilegeError"


def test_kafka_refuses_a_wrong_password_and_an_unknown_user(stack: ComposeStack) -> None:
    for user in ("intake", "admin", "nobody"):
        answer = send(stack, "intake", "requests.v1", user=user, password="'wrong'")
        assert answer in {"KafkaConnectionError", "SaslAuthenticationFailed", "SaslAuthenticationFailedError"}, user


@pytest.mark.parametrize(
    ("service", "topic"),
    [("intake", "letters.v1"), ("intake", "cases.v1"), ("notifier", "requests.v1"), ("notifier", "controllers.v1")],
)
def test_kafka_lets_a_service_write_its_own_topics_only(stack: ComposeStack, service: str, topic: str) -> None:
    assert send(stack, service, topic) == "TopicAuthorizationFailedError"


def test_an_address_from_elsewhere_is_refused_while_there_is_no_https(stack: ComposeStack) -> None:
    """The proxy says who asks, and only the proxy is believed."""
    assert ask(stack, stack.proxy_address, forwarded_for="203.0.113.9") == "403"
    assert ask(stack, stack.proxy_address, forwarded_for="192.168.1.20") == "200"
    assert ask(stack, f"{stack.subnet}.77", forwarded_for="203.0.113.9") == "200"


def ask(stack: ComposeStack, address: str, *, forwarded_for: str) -> str:
    """The status that a container with this address gets from the form."""
    host = stack.form_url.removeprefix("http://")
    program = (
        "import http.client\n"
        "connection = http.client.HTTPConnection('intake', 8080, timeout=10)\n"
        f"headers = {{'Host': '{host}', 'X-Forwarded-For': '{forwarded_for}'}}\n"
        "connection.request('GET', '/esimerkki/', headers=headers)\n"
        "print(connection.getresponse().status)"
    )
    network = ["--network", f"{stack.name}_web", "--ip", address]
    return docker("run", "--rm", *network, "kuukausi-test/tools", "python", "-c", program).strip()


def test_another_name_than_ours_is_not_answered(stack: ComposeStack) -> None:
    request = urllib.request.Request(f"{stack.form_url}/esimerkki/", headers={"Host": "attacker.example"})
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request, timeout=10)
    with refused.value as answer:
        assert answer.code == 421
