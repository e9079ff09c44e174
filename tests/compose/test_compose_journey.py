"""Both requests of the demo travel through the compose stack, as persons and staff would do it."""

import json
import secrets
import subprocess
import urllib.parse
import urllib.request
from dataclasses import dataclass
from typing import Any

import pytest
from tests.compose.compose_stack import ComposeStack

from kuukausi.demo.company import CONTROLLER, STAFF_NAME, Company
from kuukausi.demo.post import PostOffice
from kuukausi.demo.staff import Staff
from kuukausi.demo.story import Story
from kuukausi.stack.waiting import holds_within


@pytest.fixture(scope="session")
def company(stack: ComposeStack) -> Company:
    """The sample company, whose owner gave one member of staff an account."""
    password = secrets.token_urlsafe(12)
    user = ["user", "add", "--controller", CONTROLLER, "--name", STAFF_NAME, "--role", "owner"]
    stack.run("run", "--rm", "--no-TTY", "office", *user, text=f"{password}\n")
    accounts = json.loads(stack.secret("mail_accounts.json"))
    post = PostOffice(stack.ports["DEMO_SMTP_PORT"], stack.ports["DEMO_IMAP_PORT"], accounts)
    return Company(stack.form_url, stack.console_url, post, password)


@dataclass
class Journey:
    """What the demo told, step by step and at its end."""

    steps: list[str]
    told: dict[str, Any]


@pytest.fixture(scope="session")
def journey(company: Company) -> Journey:
    steps: list[str] = []
    return Journey(steps, Story(company, lambda step, _facts: steps.append(step)).play())


@pytest.mark.promise("P05")
def test_a_mailed_and_a_form_request_are_carried_to_their_proven_end(journey: Journey) -> None:
    told = journey.told
    assert [case["channel"] for case in told["cases"]] == ["mail", "form"]
    assert all(case["closed_at"] for case in told["cases"])
    assert told["erased"]
    assert all(line["kept_until"] for line in told["kept"])
    assert {"challenge_letter", "identity_proved", "package_fetched", "plan_approved"} <= set(journey.steps)


def office(stack: ComposeStack, *command: str, text: str = "") -> "subprocess.CompletedProcess[str]":
    return stack.run("run", "--rm", "--no-TTY", "office", *command, text=text, check=False)


def test_the_command_works_on_what_runs_in_containers(stack: ComposeStack, company: Company) -> None:
    listed = office(stack, "dead-letters", "list", "--json")
    assert (listed.returncode, listed.stdout.strip()) == (0, ""), listed.stderr
    again = ["user", "add", "--controller", CONTROLLER, "--name", STAFF_NAME, "--role", "owner"]
    taken = office(stack, *again, text="another-password-1\n")
    assert taken.returncode == 1
    assert "already" in taken.stderr


def test_the_keys_of_a_closed_case_are_destroyed_in_all_three_services(stack: ComposeStack, journey: Journey) -> None:
    reference = journey.told["cases"][1]["case"]
    command = ["case", "destroy-key", reference, "--controller", CONTROLLER, "--reason", "asked for", "--json"]
    done = office(stack, *command)
    assert done.returncode == 0, done.stdout + done.stderr
    assert json.loads(done.stdout)["is_whole"]


def test_a_command_that_belongs_to_the_embedded_stack_is_refused(stack: ComposeStack, company: Company) -> None:
    for command in (["down"], ["keys", "rotate"], []):
        assert office(stack, *command).returncode == 2


def test_prometheus_sees_the_clock_and_no_alert_of_the_bus(stack: ComposeStack, company: Company) -> None:
    def numbers(expression: str) -> dict[str, str]:
        query = urllib.parse.urlencode({"query": expression})
        address = f"http://127.0.0.1:{stack.ports['PROMETHEUS_PORT']}/api/v1/query?{query}"
        with urllib.request.urlopen(address, timeout=10) as answer:
            found = json.load(answer)["data"]["result"]
        return {"/".join(one["metric"].values()): one["value"][1] for one in found}

    assert holds_within(
        lambda: numbers("sum by (controller_id) (dsr_cases_overdue)") == {"esimerkki": "0", "pikku": "0"}, 60
    )
    assert holds_within(lambda: numbers('up{job="kuukausi"} == 1').__len__() == 3, 60)
    assert numbers("dsr_bus_dead_letter_count > 0") == {}
    assert numbers("dsr_part_missing > 0") == {}


def test_a_second_start_finds_everything_as_it_was(stack: ComposeStack, company: Company) -> None:
    stack.run("down", "--timeout", "25")
    stack.up()
    staff = Staff(company.console_url, CONTROLLER, STAFF_NAME, company.staff_password)
    try:
        page = staff.sign_in()
    finally:
        staff.browser.close()
    assert page.status == 200
