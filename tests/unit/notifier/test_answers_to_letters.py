"""What lets an answer find its case, and keeps machines from answering each other."""

from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import Message

import pytest

from dsr_notifier.adapters.writing import TemplateLetterWriter
from dsr_notifier.domain.letters import LETTERS
from dsr_notifier.samples import CONTROLLER, sample_letter
from dsr_shared.contracts.words import LetterKind

TOKEN = "abcdefghijklmnopqrstuvwxy2"


def written(kind: LetterKind, **content: object) -> Message:
    letter = sample_letter(kind, "fi")
    letter = replace(letter, content=letter.content.model_copy(update=content))
    mail = TemplateLetterWriter().write(letter, CONTROLLER, written_at=datetime.now(UTC), is_repeat=False)
    return message_from_bytes(mail.message)


def test_answers_go_to_the_address_with_the_token_of_the_case() -> None:
    assert f"<tietosuoja+{TOKEN}@esimerkki.example>" in written("challenge", reply_token=TOKEN)["Reply-To"]


def test_a_letter_joins_the_thread_of_the_person_s_mail_as_intake_keeps_its_id() -> None:
    mail = written("acknowledgement", in_reply_to="1@posti.example")
    assert (mail["In-Reply-To"], mail["References"]) == ("<1@posti.example>", "<1@posti.example>")


@pytest.mark.parametrize("kind", LETTERS)
def test_every_letter_asks_machines_not_to_answer(kind: LetterKind) -> None:
    assert written(kind)["X-Auto-Response-Suppress"] == "All"


@pytest.mark.parametrize("kind", ["challenge", "acknowledgement", "reminder", "download_code"])
def test_what_a_machine_sends_by_itself_says_so(kind: LetterKind) -> None:
    assert written(kind)["Auto-Submitted"] in ("auto-replied", "auto-generated")
