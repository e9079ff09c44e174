"""A member of staff: signs in to the console, does paper tasks, approves a plan, reads how a case stands."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from kuukausi.demo.browser import Browser, Page
from kuukausi.errors import DemoFailed


@dataclass
class Staff:
    """One user of the console."""

    console_url: str
    controller: str
    name: str
    password: str
    browser: Browser = field(default_factory=Browser)

    def sign_in(self) -> Page:
        page = self.browser.open(f"{self.console_url}/sign-in")
        fields = {"controller": self.controller, "name": self.name, "password": self.password}
        page = self.browser.submit(page.form("main form"), **fields)
        if page.html.css_first("input[name=password]"):
            raise DemoFailed("the console did not let us in", where=page.url, remedy="see `kuukausi user reset`")
        return page

    def in_order_of_arrival(self) -> list[str]:
        """The open cases as Today lists them: the first that came is the first in line."""
        links = self.browser.open(f"{self.console_url}/").html.css("ol.queue h3 a")
        return [str(link.attributes.get("href")).rsplit("/", 1)[-1] for link in links]

    def case(self, reference: str) -> Page:
        return self.browser.open(f"{self.console_url}/cases/{reference}")

    def wait_for(self, reference: str, selector: str, what: str, deadline_seconds: float = 120) -> Page:
        """Look at the case until its page shows something; raises `DemoFailed` when it does not come in time."""
        return self._wait(reference, lambda page: page.html.css_first(selector) is not None, what, deadline_seconds)

    def wait_until_closed(self, reference: str) -> Page:
        return self.wait_for(reference, "[data-closed]", "closed case")

    def finish_paper_task(self, reference: str, outcome: str, proof: str) -> str:
        """Do the task at the shelf and record it; returns what the task said."""
        page = self.wait_for(reference, "form.task", "paper task")
        form = page.form("form.task")
        said = " ".join(page.text_of("form.task h3")[:1])
        _check(self.browser.submit(form, outcome=outcome, proof=proof))
        return said

    def approve_plan(self, reference: str) -> str:
        """Read the plan, tick the box and press the button; returns the button's words."""
        page = self.wait_for(reference, "form#approve", "erasure plan")
        button = page.text_of("form#approve button")[-1]
        _check(self.browser.submit(page.form("form#approve"), sure="yes"))
        return button

    def _wait(self, reference: str, wanted: Callable[[Page], bool], what: str, deadline_seconds: float) -> Page:
        until = time.monotonic() + deadline_seconds
        while time.monotonic() < until:
            page = self.case(reference)
            if wanted(page):
                return page
            time.sleep(0.3)
        raise DemoFailed(
            f"the console showed no {what} for {reference} within {deadline_seconds:g} s",
            where=f"{self.console_url}/cases/{reference}",
            remedy="open that page and read what the case waits for",
        )


def _check(page: Page) -> None:
    """Raises `DemoFailed` with the console's own words where it refused."""
    errors = page.text_of(".errors li")
    if errors:
        raise DemoFailed(f"the console refused: {' '.join(errors)}", where=page.url, remedy="do what it says, by hand")
