"""The package can be opened, read offline and loaded, and nothing in it runs."""

import csv
import json
import re
from datetime import date
from io import BytesIO, StringIO
from pathlib import Path
from zipfile import ZipFile

import pytest

from dsr_fulfilment.adapters.package import PackageFacts, build_package
from dsr_fulfilment.adapters.package.spreadsheet import harmless
from dsr_fulfilment.adapters.package.words import words
from dsr_fulfilment.domain.items import ExportedSystem, ExportedTable
from dsr_fulfilment.register.loader import load_register
from dsr_shared.contracts.words import LANGUAGES, Language

CONTROLLERS = Path(__file__).parents[3] / "deploy" / "controllers"
REGISTER = load_register(CONTROLLERS / "esimerkki.yaml")
HOSTILE = "<script>alert('Liisa')</script>"


def facts(language: Language = "fi", **changes: object) -> PackageFacts:
    given = {"reference": "K-2026-0034", "received_on": date(2026, 11, 23), "made_on": date(2026, 12, 1)}
    return PackageFacts(**{**given, "rights": ("access",), "language": language, **changes})  # type: ignore[arg-type]


def crm(street: str = HOSTILE) -> ExportedSystem:
    declared = REGISTER.system("crm")
    customers = ExportedTable(
        "customers",
        declared.table("customers").label,  # type: ignore[union-attr]
        ("id", "given_name", "email", "street", "personal_identity_code"),
        (
            {
                "id": 1,
                "given_name": "Liisa",
                "email": "=HYPERLINK(1)",
                "street": street,
                "personal_identity_code": "0•••••",
            },
        ),
    )
    return ExportedSystem("crm", declared.label, (customers,))


def portal() -> ExportedSystem:
    declared = REGISTER.system("portal")
    logins = ExportedTable(
        "logins",
        declared.table("logins").label,  # type: ignore[union-attr]
        ("id", "username"),
        ({"id": "a", "username": "asiakas1"}, {"id": "b", "username": "asiakas2"}),
        withheld=("password_hash",),
    )
    return ExportedSystem("portal", declared.label, (logins,))


def opened(package: bytes) -> dict[str, str]:
    with ZipFile(BytesIO(package)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name).decode("utf-8-sig") for name in archive.namelist()}


@pytest.mark.promise("P01")
@pytest.mark.parametrize("language", LANGUAGES)
def test_it_holds_a_page_the_information_and_the_data_twice(language: Language) -> None:
    files = opened(build_package(facts(language), REGISTER, [crm(), portal()]))
    assert set(files) == {
        "index.html", "information.html", "README.txt", "data/crm.json", "data/portal.json",
        "csv/crm-customers.csv", "csv/portal-logins.csv",
    }  # fmt: skip
    assert f'<html lang="{language}">' in files["index.html"]
    assert REGISTER.system("crm").label[language] in files["index.html"]
    assert words(language)["purpose"] in files["information.html"]
    assert json.loads(files["data/crm.json"])["tables"][0]["rows"][0]["street"] == HOSTILE


def test_nothing_in_it_runs_or_is_fetched() -> None:
    files = opened(build_package(facts(), REGISTER, [crm(), portal()]))
    for name in ("index.html", "information.html"):
        assert "<script" not in files[name]
        assert "default-src 'none'" in files[name]
        assert not re.search(r"(src|href)=\"(https?:|//)", files[name])
        assert "style=" not in files[name]
    assert "&lt;script&gt;" in files["index.html"]


def test_the_same_data_give_the_same_bytes() -> None:
    assert build_package(facts(), REGISTER, [crm()]) == build_package(facts(), REGISTER, [crm()])


def test_a_spreadsheet_runs_nothing() -> None:
    files = opened(build_package(facts(), REGISTER, [crm()]))
    header, row = csv.reader(StringIO(files["csv/crm-customers.csv"]))
    assert header[2] == "Sähköposti"
    assert row[2] == "'=HYPERLINK(1)"


@pytest.mark.parametrize("text", ["=1+1", "+358 9912", "-x", "@sum", "\t=1", " =1", "\r=1", "＝1", "|cmd", "%0A"])
def test_what_looks_like_a_formula_gets_an_apostrophe(text: str) -> None:
    assert harmless(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "-5.00", "+3", "Liisa", "a=b"])
def test_ordinary_text_and_numbers_stay_as_they_are(text: str) -> None:
    assert harmless(text) == text


@pytest.mark.promise("P29")
def test_a_credential_is_named_and_not_copied() -> None:
    files = opened(build_package(facts(), REGISTER, [portal()]))
    assert "ei koskaan kopioida: Salasana" in files["index.html"]
    assert json.loads(files["data/portal.json"])["tables"][0]["held_but_not_copied"] == ["Salasana"]
    assert "Salasana" not in files["csv/portal-logins.csv"]


def test_a_masked_code_is_explained() -> None:
    assert words("fi")["masked"] in opened(build_package(facts(), REGISTER, [crm()]))["index.html"]
    assert words("fi")["masked"] not in opened(build_package(facts(), REGISTER, [portal()]))["index.html"]


def test_every_place_that_was_searched_is_shown_also_the_empty_ones() -> None:
    told = facts(outcomes={"crm": "found", "portal": "nothing_found", "archive": "not_searched"})
    page = opened(build_package(told, REGISTER, [crm()]))["index.html"]
    for system in REGISTER.systems:
        assert system.label["fi"] in page
    assert words("fi")["outcome_not_searched"] in page
    assert words("fi")["outcome_nothing_found"] in page


def test_a_place_without_an_outcome_is_never_called_empty() -> None:
    page = opened(build_package(facts(), REGISTER, [crm()]))["index.html"]
    assert words("fi")["outcome_nothing_found"] not in page
    assert words("fi")["outcome_unknown"] in page


def test_what_was_left_out_for_the_sake_of_others_is_said() -> None:
    page = opened(build_package(facts("en", left_out={("crm", "support_notes"): 2}), REGISTER, [crm()]))["index.html"]
    assert "Support notes: 2 entries also speak of other people" in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_information_has_every_item_of_article_15(language: Language) -> None:
    page = opened(build_package(facts(language), REGISTER, [crm()]))["information.html"]
    w = words(language)
    for name in (
        "purpose",
        "categories",
        "recipients",
        "retention",
        "source",
        "automated",
        "rights",
        "complaint",
        "transfers",
    ):
        assert w[name] in page
    assert REGISTER.authority.email in page
    for recipient in REGISTER.recipients:
        assert recipient.name in page
    for activity in REGISTER.activities:
        assert activity.purpose[language] in page


def test_the_three_languages_have_the_same_words() -> None:
    assert len({frozenset(words(language)) for language in LANGUAGES}) == 1
    assert all(all(words(language).values()) for language in LANGUAGES)


def test_a_language_that_the_company_does_not_speak_becomes_its_first_one() -> None:
    only_finnish = REGISTER.model_copy(update={"languages": ("fi",)})
    assert '<html lang="fi">' in opened(build_package(facts("sv"), only_finnish, [crm()]))["index.html"]
