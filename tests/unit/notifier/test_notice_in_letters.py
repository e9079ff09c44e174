"""Every letter says where the privacy notice is: ours in the letter's language, or the company's own."""

from itertools import product

import pytest

from dsr_notifier.adapters.templates import Templates
from dsr_notifier.domain.letters import LETTERS
from dsr_notifier.samples import CONTROLLER, sample_letter
from dsr_shared.contracts.words import LANGUAGES, Language, LetterKind

TEMPLATES = Templates()
OURS = "https://tietosuoja.esimerkki.example/esimerkki/notice"


@pytest.mark.promise("P39")
@pytest.mark.parametrize(("kind", "language"), list(product(LETTERS, LANGUAGES)))
def test_a_letter_links_to_the_notice_in_its_language(kind: LetterKind, language: Language) -> None:
    made = TEMPLATES.render(sample_letter(kind, language), CONTROLLER)
    assert f"{OURS}?lang={language}\n" in made.text
    assert f'<a href="{OURS}?lang={language}">' in made.html


@pytest.mark.parametrize(("url", "link"), [("https://www.esimerkki.example/seloste", True), ("javascript:x", False)])
def test_the_companys_own_notice_is_linked_as_it_is(url: str, link: bool) -> None:
    controller = CONTROLLER.model_copy(update={"notice_url": url})
    made = TEMPLATES.render(sample_letter("acknowledgement", "fi"), controller)
    assert (url in made.text) is link
    assert "?lang=" not in made.text


def test_a_register_published_before_there_were_notices_makes_letters_without_the_line() -> None:
    controller = CONTROLLER.model_copy(update={"notice_url": None})
    assert "How we use personal data" not in TEMPLATES.render(sample_letter("acknowledgement", "en"), controller).text
