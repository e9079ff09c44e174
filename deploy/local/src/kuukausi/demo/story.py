"""What happens in the demo: one request by mail, one by form, each carried to its proven end."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from kuukausi.demo.browser import Page
from kuukausi.demo.company import CONTROLLER, PRIVACY_ADDRESS, STAFF_NAME, Company
from kuukausi.demo.person import FetchedPackage, Person, reference_in
from kuukausi.demo.staff import Staff
from kuukausi.sample import ASKS_BY_FORM, ASKS_BY_MAIL

MAIL_SUBJECT: Final = "Omat tietoni"
MAIL_TEXT: Final = """Hei,

en ole enää asiakkaanne. Haluaisin ensin nähdä, mitä tietoja teillä on minusta,
ja sen jälkeen pyydän, että poistatte kaikki tietoni.

Ystävällisin terveisin
{name}
"""

Tell = Callable[[str, dict[str, Any]], None]
"""Called with each step and its facts as it happens."""


@dataclass
class Story:
    """The persons, the member of staff, and what came of it."""

    company: Company
    tell: Tell
    by_mail: Person = field(init=False)
    by_form: Person = field(init=False)
    staff: Staff = field(init=False)
    packages: dict[str, FetchedPackage] = field(default_factory=dict)

    def __post_init__(self) -> None:
        post = self.company.post
        self.by_mail = Person(ASKS_BY_MAIL.name, ASKS_BY_MAIL.email, post)
        self.by_form = Person(ASKS_BY_FORM.name, ASKS_BY_FORM.email, post)
        self.staff = Staff(self.company.console_url, CONTROLLER, STAFF_NAME, self.company.staff_password)

    def play(self) -> dict[str, Any]:
        """Carry both requests to the end; returns the last line of the demo. Can be played once."""
        try:
            return self._play()
        finally:
            for browser in (self.by_mail.browser, self.by_form.browser, self.staff.browser):
                browser.close()

    def _play(self) -> dict[str, Any]:
        self._arrive()
        mail_case, form_case = self._prove(self.by_mail), self._prove(self.by_form)
        self.staff.sign_in()
        self.tell("signed_in", {"console": self.company.console_url, "user": STAFF_NAME})
        for reference in self.staff.in_order_of_arrival():
            said = self.staff.finish_paper_task(reference, "nothing_found", "Shelf searched by name: no folder.")
            self.tell("paper_searched", {"case": reference, "task": said})
        for person, reference in ((self.by_mail, mail_case), (self.by_form, form_case)):
            self._fetch(person, reference)
        pressed = self.staff.approve_plan(mail_case)
        self.tell("plan_approved", {"case": mail_case, "button": pressed})
        closed = {reference: self.staff.wait_until_closed(reference) for reference in (mail_case, form_case)}
        return self._result(closed, mail_case)

    def _arrive(self) -> None:
        message_id = self.by_mail.write(PRIVACY_ADDRESS, MAIL_SUBJECT, MAIL_TEXT.format(name=self.by_mail.name))
        self.tell("mail_sent", {"from": self.by_mail.email, "to": PRIVACY_ADDRESS, "message_id": message_id})
        url = f"{self.company.form_url}/{CONTROLLER}/?lang=sv"
        receipt = self.by_form.fill_in_form(url, ["access"], "")
        self.tell("form_sent", {"by": self.by_form.email, "receipt": receipt.title})

    def _prove(self, person: Person) -> str:
        letter = person.letter_with_link("verify")
        reference = reference_in(letter)
        self.tell("challenge_letter", {"case": reference, "to": person.email, "subject": letter.subject})
        page = person.prove_address(letter)
        self.tell("identity_proved", {"case": reference, "page": page.title})
        return reference

    def _fetch(self, person: Person, reference: str) -> None:
        letter = person.letter_with_link("package", reference)
        self.packages[reference] = person.fetch_package(letter)
        facts = {"case": reference, "bytes": self.packages[reference].size, "files": self.packages[reference].files}
        self.tell("package_fetched", facts)

    def _result(self, closed: dict[str, Page], erased_case: str) -> dict[str, Any]:
        outcome = plan_outcome(closed[erased_case])
        letters = [
            {"to": letter.to, "subject": letter.subject, "message_id": letter.message_id}
            for person in (self.by_mail, self.by_form)
            for letter in person.letters()
        ]
        packages = {case: {"bytes": one.size, "files": one.files} for case, one in self.packages.items()}
        cases = [case_facts(reference, page) for reference, page in closed.items()]
        return {"cases": cases, "letters": letters, "package": packages, **outcome}


def case_facts(reference: str, page: Page) -> dict[str, Any]:
    """How a closed case stands, as its page says."""
    case = page.html.css_first("[data-case]")
    said = case.attributes if case else {}
    facts = {name: said.get(f"data-{name}") or "" for name in ("channel", "rights", "received", "due", "closed")}
    outcomes = {
        str(node.attributes.get("data-system")): node.attributes.get("data-outcome")
        for node in page.html.css("[data-system]")
    }
    return {
        "case": reference,
        "channel": facts["channel"],
        "rights": facts["rights"].split(),
        "received": facts["received"],
        "due": facts["due"],
        "closed_at": facts["closed"],
        "outcome": outcomes,
    }


def plan_outcome(page: Page) -> dict[str, Any]:
    """What was erased and what is kept, line by line of the plan."""
    lines = [dict(node.attributes) for node in page.html.css("[data-action]")]
    erased = [_line(line) for line in lines if line["data-action"] == "erase"]
    kept = [{**_line(line), "kept_until": line.get("data-until")} for line in lines if line["data-action"] == "keep"]
    return {"erased": erased, "kept": kept}


def _line(attributes: dict[str, str | None]) -> dict[str, Any]:
    return {"place": attributes.get("data-place"), "items": int(attributes.get("data-items") or 0)}
