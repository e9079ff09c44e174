"""The notice says in each language what Art. 13 and 14 ask for, in the register's words."""

from itertools import chain

import pytest
from tests.unit.notice.a_register import FORM, altered, example, in_all, with_activity

from dsr_fulfilment.register.base import Text
from dsr_fulfilment.register.model import Register
from dsr_fulfilment.register.notice.text import notice_text, notice_texts
from dsr_shared.contracts.notices import NoticeTextV1
from dsr_shared.contracts.words import LANGUAGES, Language


def said(text: NoticeTextV1) -> str:
    """Everything a reader sees, in one string."""
    entries = chain.from_iterable(part.entries for part in text.parts)
    lines = [[entry.heading, *chain.from_iterable((i.label, i.text) for i in entry.items)] for entry in entries]
    return "\n".join(chain(*lines)).casefold()


def part(text: NoticeTextV1, name: str) -> dict[str, str]:
    """The items of a chapter by id; of several entries, by entry and id."""
    (found,) = [one for one in text.parts if one.id == name]
    if len(found.entries) == 1:
        return {item.id: item.text for item in found.entries[0].items}
    return {f"{entry.id}.{item.id}": item.text for entry in found.entries for item in entry.items}


def owed(register: Register) -> list[Text]:
    """Every word of the register that the notice owes the reader."""
    activities = register.activities
    told = [(a.name, a.purpose, a.persons, a.categories, a.retention, a.obligation, a.source) for a in activities]
    places = [one.label for one in register.systems] + [one.purpose for one in register.recipients]
    return [text for text in (*chain(*told), *places, register.security, register.authority.name) if text]


@pytest.mark.promise("P39")
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["esimerkki", "pikku"])
def test_every_word_that_the_register_owes_the_reader_is_in_the_notice(name: str, language: Language) -> None:
    register = example(name)
    text = said(notice_text(register, language, FORM))
    assert [words[language] for words in owed(register) if words[language].casefold() not in text] == []
    for fact in (register.name, register.contact.email, register.authority.email, register.contact.postal_address):
        assert fact.casefold() in text


def test_a_register_in_one_language_makes_a_notice_in_one_language() -> None:
    assert list(notice_texts(altered(example(), languages=["sv"]), FORM)) == ["sv"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_languages_have_the_same_chapters_and_items(language: Language) -> None:
    def shape(text: NoticeTextV1) -> list[tuple[str, list[tuple[str, list[str]]]]]:
        return [(p.id, [(e.id, [i.id for i in e.items]) for e in p.entries]) for p in text.parts]

    assert shape(notice_text(example(), language, FORM)) == shape(notice_text(example(), "fi", FORM))


def test_requests_go_to_the_form_where_its_address_is_known() -> None:
    assert part(notice_text(example(), "en", FORM), "how")["form"] == FORM
    assert "form" not in part(notice_text(example(), "en", None), "how")


def test_rights_that_do_not_apply_are_not_promised() -> None:
    only_law = with_activity(example("pikku"), "sales", legal_basis="legal_obligation")
    assert not {"portability", "consent", "objection"} & part(notice_text(only_law, "en", None), "rights").keys()
    weighed = with_activity(example("pikku"), "sales", legal_basis="legitimate_interests")
    assert "objection" in part(notice_text(weighed, "en", None), "rights")
    assert {"portability", "consent"} <= part(notice_text(example(), "en", None), "rights").keys()


def test_the_interest_stands_beside_the_legal_basis() -> None:
    register = with_activity(
        example(), "customers", legal_basis="legitimate_interests", basis_detail=in_all("preventing fraud")
    )
    basis = part(notice_text(register, "en", None), "activities")["customers.basis"]
    assert basis == "Legitimate interests (Art. 6(1)(f)): Preventing fraud (en)"


def test_data_in_finland_alone_are_said_to_stay_there() -> None:
    assert part(notice_text(example("pikku"), "en", None), "transfers") == {
        "transfers": "All data stay in one country: Finland."
    }


def test_a_transfer_to_a_third_country_is_named_with_its_safeguards() -> None:
    recipients = [one.model_dump() for one in example().recipients]
    recipients[1] |= {"region": "US", "safeguards": in_all("standard contractual clauses")}
    told = part(notice_text(altered(example(), recipients=recipients), "en", None), "transfers")
    assert told["transfers"].startswith("Data are also transferred outside the EU")
    assert told["hosting"] == "The United States; Standard contractual clauses (en)"


def test_automated_decisions_are_explained_or_denied() -> None:
    assert "none" in part(notice_text(example(), "en", None), "automated")
    scored = with_activity(example(), "customers", automated_decisions=in_all("credit limit by payment history"))
    assert part(notice_text(scored, "sv", None), "automated") == {"customers": "Credit limit by payment history (sv)"}


def test_what_is_kept_after_an_erasure_is_said_with_its_ground() -> None:
    kept = part(notice_text(example(), "en", None), "kept")
    assert "Accounting Act" in kept["hold.voucher"]
    assert "hold.books" not in kept, "no material of this company falls under it"
    assert any(name.startswith("while.crm.invoices") for name in kept)


def test_a_recipient_that_only_a_system_names_is_told_too() -> None:
    register = with_activity(example(), "portal", recipients=[])
    assert "Konesali Pohjola Ab" in part(notice_text(register, "en", None), "activities")["portal.recipients"]


def test_officer_representative_and_joint_controllers_are_named_where_there_are_any() -> None:
    register = altered(
        example(), representative=in_all("Edustaja Oy"), joint_controllers=in_all("Kumppani Oy answers for the portal")
    )
    told = part(notice_text(register, "en", None), "controller")
    assert told["officer.email"] == "tietosuojavastaava@esimerkki.example"
    assert told["representative.text"] == "Edustaja Oy (en)"
    assert told["joint.text"].startswith("Kumppani Oy")
