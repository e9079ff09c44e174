"""What the form takes, and what it asks to correct."""

from uuid import UUID

import pytest

from dsr_intake.domain.request_form import (
    FormAnswers,
    FormState,
    errors_of_what,
    errors_of_who,
    first_wrong_step,
    take_what,
    take_who,
)

STATE = FormState(UUID(int=1), "token", 0, "esimerkki", "fi")
GOOD = {"whose": "self", "name": "Aino", "email": "aino@posti.example", "message": ""}


def test_only_known_choices_are_taken() -> None:
    taken = take_what(STATE, ["erasure", "nonsense", "access"])
    assert taken.answers.choices == ("access", "erasure")
    assert errors_of_what(STATE.answers)


@pytest.mark.parametrize(
    "email", ["", "aino", "aino@posti", "a b@posti.example", "aino@posti.example\r\nBcc: x@y.example", "@posti.example"]
)
def test_an_address_that_cannot_be_answered_is_refused(email: str) -> None:
    state = take_who(take_what(STATE, ["access"]), {**GOOD, "email": email})
    assert [error.field for error in errors_of_who(state.answers)] == ["email"]
    assert first_wrong_step(state.answers) == "who"


@pytest.mark.parametrize("choice", ["rectification", "completion", "unsure"])
def test_words_are_asked_for_where_only_the_person_can_say_what_is_meant(choice: str) -> None:
    state = take_who(take_what(STATE, [choice]), GOOD)
    assert [error.field for error in errors_of_who(state.answers)] == ["message"]


def test_control_characters_do_not_travel_on() -> None:
    state = take_who(STATE, {**GOOD, "name": "Aino\r\n\x00 Esimerkki", "message": "a\r\nb\x07"})
    assert (state.answers.name, state.answers.message) == ("Aino Esimerkki", "a\nb")


def test_whoever_asks_for_another_or_does_not_know_needs_a_person() -> None:
    assert FormAnswers(choices=("access",), whose="other").needs_person
    assert FormAnswers(choices=("unsure",)).needs_person
    assert not FormAnswers(choices=("access",)).needs_person
