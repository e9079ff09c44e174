"""Every letter in every language: complete, alike as text and as HTML, in the language alone, safe as a mail."""

import re
from datetime import UTC, date, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from html.parser import HTMLParser
from itertools import product

import pytest

from dsr_notifier.adapters.templates import Rendered, Templates
from dsr_notifier.adapters.writing import REPEAT_HEADER, TemplateLetterWriter
from dsr_notifier.domain.addresses import InvalidAddress
from dsr_notifier.domain.letters import LETTERS, UnfitContent, check_content
from dsr_notifier.ports import Letter
from dsr_notifier.samples import CONTROLLER, sample_content, sample_letter
from dsr_shared.contracts.words import LANGUAGES, RIGHTS, Language, LetterKind

TEMPLATES = Templates()
WRITER = TemplateLetterWriter()
NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
KINDS: tuple[LetterKind, ...] = tuple(LETTERS)
EVERY = list(product(KINDS, LANGUAGES))
BARE: dict[str, object] = {
    "recipient_name": None,
    "status_link": None,
    "in_reply_to": None,
    "case_id": None,
}
OPTIONAL = ("received_on", "due_on", "expires_on", "rights", "link", "reason")
MARKS: dict[Language, frozenset[str]] = {
    "fi": frozenset({"ja", "emme", "sinun", "mitä", "kun", "jos", "koska", "meille", "tähän"}),
    "sv": frozenset({"och", "är", "inte", "din", "det", "eller", "som", "vi", "oss", "på", "du"}),
    "en": frozenset({"the", "and", "is", "not", "your", "or", "that", "we", "us", "to", "you", "it"}),
}


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.text: list[str] = []
        self._inside: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in ("meta", "br"):
            self._inside.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._inside.pop() == tag, f"</{tag}> closes something else"

    def handle_data(self, data: str) -> None:
        if not set(self._inside) & {"style", "title"}:
            self.text.append(data)


def words_of(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text)


def words_of_html(html: str) -> list[str]:
    parser = _Words()
    parser.feed(html)
    return words_of(" ".join(parser.text))


def variants(kind: LetterKind, language: Language) -> list[Letter]:
    """The full letter, the barest that is allowed, and the erasure reply's two halves."""
    needed = (*LETTERS[kind].needs, *LETTERS[kind].one_of)
    empty = {name: () if name == "rights" else None for name in OPTIONAL if name not in needed}
    letters = [sample_letter(kind, language), sample_letter(kind, language, **(BARE | empty))]
    if kind == "erasure_reply":
        letters += [sample_letter(kind, language, erased=()), sample_letter(kind, language, kept=())]
    return letters


def render(letter: Letter) -> Rendered:
    check_content(letter.kind, letter.content)
    return TEMPLATES.render(letter, CONTROLLER)


def write(letter: Letter, *, is_repeat: bool = False) -> tuple[bytes, EmailMessage]:
    mail = WRITER.write(letter, CONTROLLER, written_at=NOW, is_repeat=is_repeat)
    parsed = message_from_bytes(mail.message, policy=default)
    assert isinstance(parsed, EmailMessage)
    return mail.message, parsed


def text_of(kind: LetterKind, language: Language, **changes: object) -> str:
    return render(sample_letter(kind, language, **changes)).text


@pytest.mark.parametrize(("kind", "language"), EVERY)
def test_a_letter_says_the_same_as_text_and_as_html(kind: LetterKind, language: Language) -> None:
    for letter in variants(kind, language):
        rendered = render(letter)
        assert words_of(rendered.text) == words_of_html(rendered.html)


@pytest.mark.parametrize(("kind", "language"), EVERY)
def test_a_letter_is_in_its_language_alone(kind: LetterKind, language: Language) -> None:
    rendered = render(sample_letter(kind, language))
    words = {word.lower() for word in words_of(f"{rendered.subject} {rendered.text}")}
    assert words & MARKS[language]
    for other in set(LANGUAGES) - {language}:
        assert not words & (MARKS[other] - MARKS[language])
    assert f'lang="{language}"' in rendered.html


@pytest.mark.parametrize(("kind", "language"), EVERY)
def test_a_subject_is_short_and_a_body_has_no_gaps(kind: LetterKind, language: Language) -> None:
    for letter in variants(kind, language):
        rendered = render(letter)
        assert 10 <= len(rendered.subject) <= 78
        assert "None" not in rendered.text
        assert not re.search(r"[{}]|\s[.,]|\n{3,}|\(\)", rendered.text)
        assert rendered.text == rendered.text.strip() + "\n"


@pytest.mark.parametrize(("kind", "language"), EVERY)
def test_a_mail_keeps_the_line_limits_and_reads_back_unchanged(kind: LetterKind, language: Language) -> None:
    letter = sample_letter(kind, language)
    raw, parsed = write(letter)
    assert raw.isascii()
    assert max(len(line) for line in raw.split(b"\r\n")) <= 998
    assert b"\n" not in raw.replace(b"\r\n", b"")
    text, html = parsed.get_body(("plain",)), parsed.get_body(("html",))
    assert text is not None
    assert html is not None
    assert text.get_content().replace("\r\n", "\n") == render(letter).text
    assert parsed.get_content_type() == "multipart/alternative"
    assert parsed["Content-Language"] == language
    assert parsed["Subject"] == render(letter).subject


@pytest.mark.promise("P13")
@pytest.mark.parametrize(("kind", "language"), [pair for pair in EVERY if pair[0] != "download_code"])
def test_every_reply_carries_the_authoritys_details_from_the_register(kind: LetterKind, language: Language) -> None:
    text = render(sample_letter(kind, language)).text
    authority = CONTROLLER.authority
    for detail in (authority.name[language], authority.postal_address, authority.phone, authority.email):
        assert detail in text


@pytest.mark.parametrize(
    ("language", "court"), [("fi", "käräjäoikeuteen"), ("sv", "tingsrätten"), ("en", "district court")]
)
def test_every_refusal_whole_or_in_part_names_the_court(language: Language, court: str) -> None:
    for kind in ("refusal", "erasure_reply", "nothing_found", "not_identified"):
        assert court in text_of(kind, language)
    assert court in text_of("access_reply", language, reason="x")
    assert court not in text_of("access_reply", language)


def test_an_erasure_reply_never_says_all_is_erased_while_something_is_kept() -> None:
    whole = {
        "fi": "Poistimme tietosi.",
        "sv": "Vi har raderat dina uppgifter.",
        "en": "We have erased your data.",
    }
    for language in LANGUAGES:
        nothing_kept = text_of("erasure_reply", language, kept=())
        assert whole[language] in nothing_kept
        for changes in ({}, {"erased": ()}):
            rendered = render(sample_letter("erasure_reply", language, **changes))
            assert whole[language] not in rendered.text
            assert whole[language].rstrip(".").lower() not in rendered.subject.lower()


@pytest.mark.promise("P16")
def test_an_erasure_reply_says_what_is_kept_why_and_until_when() -> None:
    text = text_of("erasure_reply", "fi")
    assert "Laskut vuodelta 2026 (3): säilytämme 31.12.2032 asti ja poistamme itse seuraavana päivänä." in text
    assert "Syy: kirjanpitolaki vaatii" in text
    assert "säilytämme niin kauan kuin syy on voimassa" in text
    assert "Asiakasrekisteri: 12 tietoa" in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_found_and_not_identified_look_alike_but_for_one_sentence(language: Language) -> None:
    found, identified = (render(sample_letter(kind, language)) for kind in ("nothing_found", "not_identified"))
    assert found.subject == identified.subject
    differing = set(found.text.splitlines()) ^ set(identified.text.splitlines())
    assert len(differing) == 2


def test_the_challenge_carries_receipt_due_date_and_link() -> None:
    text = text_of("challenge", "fi", link="https://esimerkki.example/l/abc")
    assert "Saimme pyyntösi keskiviikkona 25.11.2026. Vastaamme viimeistään maanantaina 28.12.2026." in text
    assert "https://esimerkki.example/l/abc" in text
    assert "Vi fick din begäran onsdagen den 25 november 2026. Du får svar senast måndag 28 december 2026." in text_of(
        "challenge", "sv"
    )
    assert "We received your request on Wednesday 25 November 2026. We answer by Monday 28 December 2026." in text_of(
        "challenge", "en"
    )


@pytest.mark.promise("P34")
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_breach_notice_tells_nature_contact_consequences_and_measures(language: Language) -> None:
    letter = sample_letter("breach_notice", language)
    text = render(letter).text
    for item in ("nature", "consequences", "measures", "advice"):
        assert letter.content.breach[item] in text
    assert f"{CONTROLLER.name}, {CONTROLLER.contact_email}, {CONTROLLER.contact_phone}" in text


@pytest.mark.parametrize("kind", KINDS)
def test_a_letter_that_lacks_what_it_must_say_is_refused_by_field_name(kind: LetterKind) -> None:
    rule = LETTERS[kind]
    for name in rule.needs:
        empty: object = {} if name == "breach" else () if name == "rights" else None
        with pytest.raises(UnfitContent) as caught:
            check_content(kind, sample_content(kind, "fi", **{name: empty}))
        assert name in caught.value.fields[0]
    if rule.one_of:
        with pytest.raises(UnfitContent):
            check_content(kind, sample_content(kind, "fi", **dict.fromkeys(rule.one_of, ())))


@pytest.mark.parametrize("link", ["javascript:alert(1)", "https://a.example/ b", "https://a.example/\r\nx", '"'])
def test_a_link_that_is_none_is_refused(link: str) -> None:
    with pytest.raises(UnfitContent):
        check_content("challenge", sample_content("challenge", "fi", link=link))


def test_headers_name_sender_case_and_thread_and_mark_what_no_person_wrote() -> None:
    letter = sample_letter("challenge", "fi")
    _, mail = write(letter)
    assert mail["From"] == "Esimerkki Verkkopalvelut <tietosuoja@esimerkki.example>"
    assert mail["To"] == "liisa.esimerkki@posti.example"
    assert mail["Message-ID"] == f"<{letter.letter_id.hex}@esimerkki.example>"
    assert mail["Reply-To"].addresses[0].addr_spec == f"tietosuoja+{letter.case_id.hex}@esimerkki.example"
    assert mail["In-Reply-To"] == mail["References"] == "<abc.123@posti.example>"
    assert mail["Auto-Submitted"] == "auto-replied"
    assert mail["Date"].datetime == NOW
    assert REPEAT_HEADER not in mail


def test_a_repeat_is_marked_and_has_the_same_message_id() -> None:
    letter = sample_letter("refusal", "sv")
    (_, first), (_, repeat) = write(letter), write(letter, is_repeat=True)
    assert repeat[REPEAT_HEADER] == "yes"
    assert repeat["Message-ID"] == first["Message-ID"]
    assert "Auto-Submitted" not in first


def test_a_name_or_reason_cannot_bring_markup_or_headers_along() -> None:
    evil = "</p><script>alert(1)</script>\r\nBcc: x@y.example\n\n{{ controller }}"
    letter = sample_letter("refusal", "en", recipient_name=evil, reason=evil)
    raw, mail = write(letter)
    assert "<script>" not in render(letter).html
    assert mail["Bcc"] is None
    assert b"\r\nBcc:" not in raw.split(b"\r\n\r\n")[0]


def test_an_address_that_brings_a_header_along_is_refused() -> None:
    with pytest.raises(InvalidAddress):
        write(sample_letter("refusal", "en", recipient_email="a@b.example\r\nBcc: x@y.example"))


def test_every_weekday_and_right_has_its_words() -> None:
    for language, day in product(LANGUAGES, range(23, 30)):
        text = text_of("challenge", language, expires_on=date(2026, 11, day), rights=RIGHTS)
        assert "None" not in text
    assert "Linkki toimii keskiviikkoon 25.11.2026 asti." in text_of("challenge", "fi", expires_on=date(2026, 11, 25))
    for language, right in product(LANGUAGES, RIGHTS):
        assert text_of("confirmation", language, rights=(right,))
