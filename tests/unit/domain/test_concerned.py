"""Each person concerned by a breach is told once, however many systems know them."""

from hypothesis import given
from hypothesis import strategies as st

from dsr_fulfilment.domain.concerned import PersonToTell, each_person_once
from dsr_fulfilment.domain.items import ConcernedPerson

MAIJA = "maija@example.fi"
ROWS = st.builds(
    ConcernedPerson,
    system=st.sampled_from(["crm", "web"]),
    key=st.integers(1, 5).map(str),
    email=st.sampled_from([None, "", MAIJA, "MAIJA@example.fi ", "matti@example.fi"]),
    name=st.sampled_from([None, "Maija Korhonen", "Korhonen, Maija", "Matti Korhonen"]),
)


def test_one_person_in_three_systems_gets_one_letter_in_their_language() -> None:
    found = [
        ConcernedPerson("crm", "1", MAIJA, "Maija Korhonen"),
        ConcernedPerson("newsletter", "7", "Maija@example.fi"),
        ConcernedPerson("web", "3", MAIJA, "KORHONEN Maija", "sv"),
    ]
    assert each_person_once(found) == (PersonToTell(MAIJA, "Maija Korhonen", "sv", ("crm", "newsletter", "web")),)


def test_two_people_who_share_an_address_are_both_told() -> None:
    found = [ConcernedPerson("crm", "1", MAIJA, "Maija Korhonen"), ConcernedPerson("crm", "2", MAIJA, "Matti Korhonen")]
    assert [person.name for person in each_person_once(found)] == ["Maija Korhonen", "Matti Korhonen"]


def test_namesakes_at_different_addresses_are_two_people() -> None:
    found = [ConcernedPerson("crm", str(n), f"m{n}@example.fi", "Maija Korhonen") for n in (1, 2)]
    assert len(each_person_once(found)) == 2


def test_who_has_no_address_is_not_lost() -> None:
    found = [ConcernedPerson("crm", "1", None, "Maija Korhonen"), ConcernedPerson("crm", "2", "", "Maija Korhonen")]
    assert [person.email for person in each_person_once(found)] == [None, None]


@given(found=st.lists(ROWS))
def test_nobody_is_left_out_and_nobody_is_told_twice(found: list[ConcernedPerson]) -> None:
    people = each_person_once(found)
    told = [(person.email.casefold(), tuple(sorted((person.name or "").casefold().replace(",", "").split())))
            for person in people if person.email]  # fmt: skip
    assert len(told) == len(set(told))
    addresses = {row.email.strip().casefold() for row in found if row.email}
    assert {address for address, _ in told} == addresses
    assert sum(person.email is None for person in people) == len(
        {(row.system, row.key) for row in found if not row.email}
    )
