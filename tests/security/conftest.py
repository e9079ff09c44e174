"""Two requests carried from arrival to their end on real parts, by persons whose every word is marked."""

import asyncio
import secrets
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

import httpx
import pytest
from tests.faults.town import CONTROLLER, PRIVACY_ADDRESS, Town, a_town

from dsr_shared.calendar import HELSINKI
from kuukausi.demo.person import Person, reference_in
from kuukausi.demo.staff import Staff
from kuukausi.demo.story import MAIL_TEXT
from kuukausi.errors import DemoFailed

if TYPE_CHECKING:
    from kuukausi.stack.postgres import PostgresServer


@dataclass
class Marked:
    """A person whose name, address, words and remark in the company's database hold one mark."""

    mark: str
    person: Person
    reference: str = ""
    case_id: UUID = field(default=UUID(int=0))
    links: list[str] = field(default_factory=list)

    @property
    def tokens(self) -> list[str]:
        return [link.split("?")[0].rsplit("/", 1)[1] for link in self.links]


@dataclass
class Journey:
    """The running stack after both cases were closed, and every secret that was used on the way."""

    town: Town
    victim: Marked
    neighbour: Marked
    passwords: list[str]
    spans: Path

    def kuukausi(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        """The command line, against this stack."""
        command = [sys.executable, "-m", "kuukausi", *arguments, "--name", self.town.layout.name]
        return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)

    def save_metrics(self, directory: Path) -> Path:
        """What the services tell Prometheus, as a file."""
        path = directory / "metrics.txt"
        ports = [self.town.ports[f"{service}_health"] for service in ("intake", "fulfilment", "notifier")]
        path.write_text("".join(httpx.get(f"http://127.0.0.1:{port}/metrics").text for port in ports))
        return path


def _mark() -> str:
    """Thirteen letters that nobody writes by accident."""
    return "zqk" + "".join(secrets.choice("bcdfghjklmnpqrstvwxz") for _ in range(10))


@pytest.fixture(scope="session")
def journey(postgres_server: "PostgresServer", tmp_path_factory: pytest.TempPathFactory) -> Iterator[Journey]:
    marks = [_mark(), _mark()]
    rows = [(f"Kaarina {mark}", f"kaarina.{mark}@asiakas.example", f"huomautus {mark} loppu") for mark in marks]
    spans = tmp_path_factory.mktemp("spans") / "spans.jsonl"
    mailbox_password = secrets.token_urlsafe(18)
    with (
        pytest.MonkeyPatch.context() as patch,
        a_town(
            patch,
            rows,
            mailboxes={PRIVACY_ADDRESS: mailbox_password},
            company_url=postgres_server.admin_url,
            otlp_endpoint=f"file://{spans}",
        ) as town,
    ):
        people = [
            Marked(mark, Person(name, email, town.post)) for mark, (name, email, _) in zip(marks, rows, strict=True)
        ]
        staff_password = secrets.token_urlsafe(18)
        journey = Journey(town, people[0], people[1], [mailbox_password, staff_password], spans)
        try:
            _travel(journey, staff_password)
            yield journey
        finally:
            for one in people:
                one.person.browser.close()


def _travel(journey: Journey, staff_password: str) -> None:
    """The victim asks for access and erasure by mail, the neighbour for access by form; both see it through."""
    _add_staff(journey.town, staff_password)
    staff = Staff(journey.town.console_url, CONTROLLER, "matti", staff_password)
    with closing(staff.browser):
        try:
            _carry(journey, staff)
        except DemoFailed as error:
            raise AssertionError(f"{error}\n{asyncio.run(_how_it_stands(journey.town))}") from error


async def _how_it_stands(town: Town) -> str:
    """For whoever reads the failure: states, tasks and jobs name no person."""
    queries = (
        "select reference, state, needs_person, rights from cases",
        "select kind, purpose, done_at from tasks",
        "select kind, attempts, last_error, done_at from jobs",
        "select kind, state, failure from letters",
    )
    rows = [await town.rows("fulfilment", query) for query in queries]
    return "\n".join(str(tuple(row)) for found in rows for row in found)


def _carry(journey: Journey, staff: Staff) -> None:
    town, victim, neighbour = journey.town, journey.victim, journey.neighbour
    text = f"{MAIL_TEXT.format(name=victim.person.name)}\n{victim.mark}\n"
    victim.person.write(PRIVACY_ADDRESS, f"Omat tietoni {victim.mark}", text)
    url = f"{town.form_url}/{CONTROLLER}/?lang=en"
    neighbour.person.fill_in_form(url, ["access"], f"All that you have, please. {neighbour.mark}")
    for one in (victim, neighbour):
        _prove_and_fetch(one)
    staff.sign_in()
    _type_about(victim, staff)
    staff.approve_plan(victim.reference)
    for one in (victim, neighbour):
        staff.wait_until_closed(one.reference)
        one.case_id = _case_id(town, one.reference)


def _prove_and_fetch(one: Marked) -> None:
    letter = one.person.letter_with_link("verify")
    one.reference = reference_in(letter)
    one.links.append(letter.link("verify"))
    one.person.prove_address(letter)
    letter = one.person.letter_with_link("package", one.reference)
    one.links.append(letter.link("package"))
    one.person.fetch_package(letter)


def _type_about(victim: Marked, staff: Staff) -> None:
    """Staff type the victim's mark wherever the console takes words: a look, a breach with its reasons, a letter."""
    browser, url, mark = staff.browser, staff.console_url, victim.mark
    page = staff.case(victim.reference)
    browser.submit(page.form("#reveal"), why="other", reason=f"Soitin henkilölle {mark}")
    browser.submit(
        staff.case(victim.reference).form("#address form"),
        email=victim.person.email,
        reason=f"Sama osoite {mark}",
    )
    hour_ago = f"{datetime.now(HELSINKI) - timedelta(hours=1):%Y-%m-%dT%H:%M}"
    moments = dict.fromkeys(("aware_at", "began_at", "ended_at"), hour_ago)
    form = browser.open(f"{url}/breaches/new")
    system = str(form.html.css_first("#register input[name=system]").attributes["value"])
    page = browser.submit(form.form("#register"), title=f"Postilaatikko {mark}", system=system, **moments)
    page = browser.submit(page.form("#judge"), risk="risk", reason=f"Nimiä vuoti {mark}")
    told = {"told_at": hour_ago, "rest_follows": "yes", "receipt": f"D-{mark}"}
    page = browser.submit(page.form("#told"), **told)
    assert f"D-{mark}" in page.html.text(), "the pages show what was typed"


def _case_id(town: Town, reference: str) -> UUID:
    found: Any = asyncio.run(town.value("fulfilment", "select case_id from cases where reference = $1", reference))
    return UUID(str(found))


def _add_staff(town: Town, password: str) -> None:
    command = [sys.executable, "-m", "kuukausi", "user", "add", "--role", "owner", "--name", "matti"]
    where = ["--stack", town.layout.name, "--controller", CONTROLLER]
    done = subprocess.run([*command, *where], input=password, text=True, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
