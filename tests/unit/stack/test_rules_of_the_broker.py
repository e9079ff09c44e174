"""Each service may write and read its own topics and nothing else."""

from kafka.admin import ACLOperation, ResourceType

from dsr_shared.contracts.registry import READERS, WRITERS
from kuukausi.stack.topics import access_rules, topic_settings


def _who(operation: ACLOperation, topic: str) -> set[str]:
    return {
        rule.principal.removeprefix("User:")
        for rule in access_rules()
        if rule.operation == operation
        and rule.resource_pattern.resource_type == ResourceType.TOPIC
        and rule.resource_pattern.resource_name == topic
    }


def test_writers_and_readers_are_those_of_the_contracts() -> None:
    for topic, writers in WRITERS.items():
        assert _who(ACLOperation.WRITE, topic) == set(writers)
        assert _who(ACLOperation.READ, topic) == set(READERS[topic])


def test_intake_may_not_write_letters_or_destroy_keys() -> None:
    assert "intake" not in _who(ACLOperation.WRITE, "letters.v1") | _who(ACLOperation.WRITE, "cases.v1")


def test_nobody_gets_a_wildcard_or_the_cluster() -> None:
    for rule in access_rules():
        assert rule.resource_pattern.resource_name != "*"
        assert rule.resource_pattern.resource_type in (ResourceType.TOPIC, ResourceType.GROUP)


def test_topics_keep_thirty_days_and_controllers_for_good() -> None:
    assert topic_settings("requests.v1")["retention.ms"] == str(30 * 24 * 60 * 60 * 1000)
    assert topic_settings("controllers.v1")["cleanup.policy"] == "compact"
