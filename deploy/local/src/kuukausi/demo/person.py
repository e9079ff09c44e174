"""A person who asks for their data: writes a mail or fills in the form, opens links, fetches the package."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from io import BytesIO
from zipfile import ZipFile

from kuukausi.demo.browser import Browser, Page
from kuukausi.demo.post import Letter, PostOffice
from kuukausi.errors import DemoFailed

_REFERENCE = re.compile(r"K-\d{4}-\d{4}")


@dataclass(frozen=True)
class FetchedPackage:
    """What the person got."""

    size: int
    files: tuple[str, ...]


@dataclass
class Person:
    """One person with a mail address and a browser."""

    name: str
    email: str
    post: PostOffice
    browser: Browser = field(default_factory=Browser)

    def write(self, to: str, subject: str, text: str) -> str:
        """Write a mail; returns its Message-ID."""
        return self.post.send(self.email, to, subject, text)

    def fill_in_form(self, url: str, choices: list[str], message: str) -> Page:
        """Go through the form as its pages ask; returns the receipt."""
        page = self.browser.open(url)
        page = self.browser.submit(page.form("form#form"), choice=choices)
        fields = {"whose": "self", "name": self.name, "email": self.email, "message": message}
        page = self.browser.submit(page.form("form#form"), **fields)
        return self.browser.submit(page.form("form#form"))

    def letter_with_link(self, page: str, case: str | None = None) -> Letter:
        """Wait for the letter that brings a link to a page."""
        return self._wait(lambda letter: f"/{page}/" in letter.text, f"letter with a link to {page}", case)

    def letter_about_erasure(self, case: str, words: str) -> Letter:
        """Wait for the answer that says what was erased."""
        return self._wait(lambda letter: words in letter.text, "answer about the erasure", case)

    def prove_address(self, letter: Letter) -> Page:
        """Open the link of the letter and press the button."""
        return self.browser.submit(self.browser.open_form(letter.link("verify"), "main form"))

    def fetch_package(self, letter: Letter) -> FetchedPackage:
        """Open the link, ask for a code, read it in the mailbox, type it in, and open the ZIP."""
        known = {one.message_id for one in self.post.letters(self.email)}
        page = self.browser.submit(self.browser.open_form(letter.link("package"), "main form"))
        code = self._wait(lambda one: one.message_id not in known, "letter with the code", None).code()
        content = self.browser.download(page.form("main form"), code=code)
        with ZipFile(BytesIO(content)) as package:
            return FetchedPackage(len(content), tuple(sorted(package.namelist())))

    def letters(self) -> list[Letter]:
        return self.post.letters(self.email)

    def _wait(self, wanted: Callable[[Letter], bool], what: str, case: str | None) -> Letter:
        return self.post.wait(
            self.email, lambda letter: wanted(letter) and (case is None or case in letter.subject + letter.text), what
        )


def reference_in(letter: Letter) -> str:
    """The reference of the case that a letter speaks of; raises `DemoFailed`."""
    found = _REFERENCE.search(letter.subject + "\n" + letter.text)
    if found is None:
        raise DemoFailed(
            f"the letter “{letter.subject}” names no case", where=letter.to, remedy="read it in the mailbox"
        )
    return found[0]
