"""Who asks: the link goes to an address on file, and doubt goes to a person (invariant 8 of the design)."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsr_fulfilment.domain.identity import (
    NO_PROOF,
    ChallengeOnFile,
    IdentityDecision,
    NoProofNeeded,
    NothingFound,
    PersonDecides,
    SignInProves,
    decide_identity,
    decide_sign_in,
)
from dsr_fulfilment.domain.items import Candidate
from dsr_shared.contracts.words import RIGHTS, Right

MAIJA = "maija@example.fi"


def candidate(
    number: int = 1, email: str | None = MAIJA, *, system: str = "crm", table: str = "customers"
) -> Candidate:
    key = json.dumps({"id": number, "table": table}, sort_keys=True)
    return Candidate(system, key, "M*** K***", email)


def decide(*candidates: Candidate, writer: str | None = MAIJA, on_behalf: bool = False) -> IdentityDecision:
    return decide_identity(rights=("access",), candidates=candidates, writer_address=writer, is_on_behalf=on_behalf)


def test_who_writes_from_the_address_on_file_gets_the_link_there() -> None:
    assert decide(candidate(), candidate(system="web")) == ChallengeOnFile(MAIJA)


def test_the_link_goes_to_the_address_as_it_is_on_file() -> None:
    assert decide(candidate(), writer="Maija@Example.FI ") == ChallengeOnFile(MAIJA)


def test_a_paper_letter_is_proved_at_the_address_on_file() -> None:
    assert decide(candidate(), writer=None) == ChallengeOnFile(MAIJA)


def test_who_writes_from_another_address_proves_that_one_only_and_a_person_decides() -> None:
    assert decide(candidate(), writer="other@example.org") == PersonDecides("other_address", "other@example.org")


def test_one_person_in_several_tables_of_a_system_is_one_person() -> None:
    assert decide(candidate(1), candidate(9, table="subscribers")) == ChallengeOnFile(MAIJA)


def test_two_rows_of_one_table_are_two_people_also_at_one_address() -> None:
    assert decide(candidate(1), candidate(2)) == PersonDecides("several_persons", MAIJA)


def test_addresses_that_differ_between_systems_need_a_person() -> None:
    assert decide(candidate(), candidate(system="web", email="m@example.org")) == PersonDecides(
        "addresses_differ", MAIJA
    )


def test_a_match_without_an_address_on_file_needs_a_person() -> None:
    assert decide(candidate(), candidate(system="web", email=None)) == PersonDecides("no_address_on_file", MAIJA)


def test_who_writes_for_somebody_else_needs_a_person() -> None:
    assert decide(candidate(), on_behalf=True) == PersonDecides("on_behalf", MAIJA)


def test_nobody_found_is_a_decision_of_its_own() -> None:
    assert decide() == NothingFound()


def test_unclear_rights_are_for_a_person() -> None:
    assert decide_identity(rights=(), candidates=[candidate()], writer_address=MAIJA) == PersonDecides("rights_unclear")


@given(
    rights=st.sets(st.sampled_from(RIGHTS), min_size=1),
    emails=st.lists(st.sampled_from([MAIJA, "m@example.org", None]), max_size=3),
    writer=st.sampled_from([MAIJA, "m@example.org", "stranger@example.com", None]),
    on_behalf=st.booleans(),
)
def test_a_link_that_proves_identity_never_goes_to_an_address_that_is_not_on_every_file(
    rights: set[Right], emails: list[str | None], writer: str | None, on_behalf: bool
) -> None:
    found = [candidate(system=f"s{number}", email=email) for number, email in enumerate(emails)]
    decision = decide_identity(rights=rights, candidates=found, writer_address=writer, is_on_behalf=on_behalf)
    assert isinstance(decision, NoProofNeeded) == (rights <= NO_PROOF)
    if isinstance(decision, ChallengeOnFile):
        assert set(emails) == {decision.address}
        assert writer in {decision.address, None}
        assert not on_behalf


@pytest.mark.parametrize("decision", [ChallengeOnFile(MAIJA), PersonDecides("on_behalf", MAIJA), candidate()])
def test_no_address_is_shown_by_a_decision(decision: object) -> None:
    assert MAIJA not in repr(decision)


def signed_in(
    *proved: Candidate, meant: tuple[Candidate, ...], named: str | None = MAIJA, on_behalf: bool = False
) -> SignInProves | PersonDecides:
    return decide_sign_in(proved=proved, meant=meant, named_address=named, is_on_behalf=on_behalf)


def test_a_sign_in_proves_the_one_whom_the_request_means() -> None:
    both = (candidate(), candidate(system="web"))
    assert signed_in(candidate(), meant=both) == SignInProves(MAIJA)
    assert signed_in(*both, meant=both, named=None) == SignInProves(MAIJA)
    assert signed_in(candidate(), meant=both, named="Maija@Example.FI ") == SignInProves(MAIJA)


@pytest.mark.parametrize(
    ("proved", "meant", "why"),
    [
        ((), (candidate(),), "sign_in_unknown"),
        ((), (), "sign_in_unknown"),
        ((candidate(),), (), "sign_in_differs"),
        ((candidate(2),), (candidate(1),), "sign_in_differs"),
        ((candidate(1), candidate(2)), (candidate(1),), "sign_in_differs"),
        ((candidate(), candidate(system="web")), (candidate(),), "sign_in_differs"),
        ((candidate(1),), (candidate(1), candidate(2)), "several_persons"),
        ((candidate(),), (candidate(), candidate(system="web", email="m@example.org")), "addresses_differ"),
        ((candidate(email=None),), (candidate(email=None),), "no_address_on_file"),
    ],
)
def test_a_sign_in_that_proves_anybody_else_or_leaves_a_doubt_needs_a_person(
    proved: tuple[Candidate, ...], meant: tuple[Candidate, ...], why: str
) -> None:
    assert signed_in(*proved, meant=meant) == PersonDecides(why)  # type: ignore[arg-type]


def test_a_sign_in_for_somebody_else_or_under_another_address_needs_a_person() -> None:
    assert signed_in(candidate(), meant=(candidate(),), on_behalf=True) == PersonDecides("on_behalf")
    assert signed_in(candidate(), meant=(candidate(),), named="m@example.org") == PersonDecides("other_address")


@given(
    st.lists(st.builds(candidate, st.integers(1, 3), system=st.sampled_from(["crm", "web"])), max_size=4),
    st.lists(st.builds(candidate, st.integers(1, 3), system=st.sampled_from(["crm", "web"])), max_size=4),
)
def test_whoever_a_sign_in_verifies_is_the_only_one_whom_the_request_means(
    proved: list[Candidate], meant: list[Candidate]
) -> None:
    if isinstance(signed_in(*proved, meant=tuple(meant)), SignInProves):
        assert {one.key for one in proved} <= {one.key for one in meant}
        assert all(len({one.key for one in meant if one.system == system}) <= 1 for system in ("crm", "web"))
