"""The record of processing is whole in every form, and what it lacks is named with file, line and remedy."""

import csv
from io import StringIO
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from tests.unit.notice.a_register import CONTROLLERS, FORM, altered, example, in_all, with_activity

from dsr_fulfilment.register.loader import remarks_on
from dsr_fulfilment.register.notice.printing import notice_html, notice_markdown, record_csv, record_html
from dsr_fulfilment.register.notice.record import processing_record
from dsr_fulfilment.register.notice.remarks import remarks
from dsr_fulfilment.register.notice.text import notice_text
from dsr_fulfilment.register.notice.words import notice_words
from dsr_shared.contracts.words import LANGUAGES, Language
from kuukausi.cli import kuukausi
from kuukausi.commands.notice import commands
from kuukausi.commands.register import register_group
from kuukausi.errors import KuukausiError, WrongUse

GOOD = (CONTROLLERS / "esimerkki.yaml").read_text(encoding="utf-8")


def run(*arguments: str) -> Result:
    for command in (*commands, register_group):
        kuukausi.add_command(command)
    return CliRunner().invoke(kuukausi, arguments)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_record_holds_each_activity_with_every_point_of_article_30(language: Language) -> None:
    register = example()
    record = processing_record(register, language)
    assert len(record.rows) == len(register.activities)
    for activity, row in zip(register.activities, record.rows, strict=True):
        assert len(row) == len(record.columns)
        assert all(row)
        for text in (activity.purpose, activity.persons, activity.categories, activity.retention):
            assert text[language].casefold() in " ".join(row).casefold()
    head = " ".join(text for _, text in record.head)
    assert register.security is not None
    assert register.contact.email in head
    assert register.security[language] in head


def test_what_the_register_does_not_say_is_marked_in_the_record() -> None:
    record = processing_record(altered(example(), security=None), "en")
    assert record.head[-1] == ("Security measures", "Not stated")


def test_the_csv_is_read_back_as_it_was_written() -> None:
    record = processing_record(example(), "sv")
    rows = list(csv.reader(StringIO(record_csv(record))))
    assert rows[0] == [*(label for label, _ in record.head), *record.columns]
    assert rows[1][-len(record.columns) :] == list(record.rows[0])


def test_a_spreadsheet_takes_nothing_for_a_formula() -> None:
    record = processing_record(with_activity(example(), "portal", purpose=in_all("=1+1")), "en")
    assert "'=1+1 (en)" in record_csv(record)


def test_markup_in_a_register_is_text_on_the_page() -> None:
    register = with_activity(example(), "portal", purpose=in_all("<script>*x*</script>"))
    assert "<script>" not in notice_html(register.name, "en", notice_text(register, "en", FORM))
    assert "<script>" not in record_html(processing_record(register, "en"))
    assert r"\<script\>\*x\*" in notice_markdown(register.name, notice_text(register, "en", FORM))


def test_the_examples_have_no_remarks() -> None:
    assert [list(remarks(example(name))) for name in ("esimerkki", "pikku")] == [[], []]


def test_a_remark_names_file_line_and_remedy_and_stops_nothing(tmp_path: Path) -> None:
    file = tmp_path / "esimerkki.yaml"
    file.write_text(GOOD.replace("legal_basis: consent", "legal_basis: legitimate_interests"), encoding="utf-8")
    (remark,) = remarks_on(file)
    assert (remark.kind, remark.line) == ("remark", GOOD[: GOOD.index("legal_basis: consent")].count("\n") + 1)
    assert "Art. 13(1)(d)" in remark.what
    assert "basis_detail" in remark.remedy
    checked = run("register", "check", str(file))
    assert checked.exit_code == 0
    assert f"{file}:{remark.line}: remark: newsletter rests on" in checked.output
    assert "no problems, 1 remark\n" in checked.output
    assert '"kind": "remark"' in run("register", "check", "--json", str(file)).output


def test_each_gap_has_its_remark() -> None:
    recipients = [one.model_dump() for one in example().recipients]
    recipients[0] |= {"region": "US"}
    spare = {"id": "spare", "name": "Turha Oy", "role": "processor", "purpose": in_all("nothing"), "region": "FI"}
    register = altered(
        with_activity(example(), "customers", obligation=None), security=None, recipients=[*recipients, spare]
    )
    assert [one.path for one in remarks(register)] == [
        ("activities", 0, "id"),
        ("recipients", 0, "region"),
        ("recipients", 2, "id"),
        (),
    ]


@pytest.mark.parametrize("form", ["markdown", "html"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_notice_is_printed(language: Language, form: str) -> None:
    file = str(CONTROLLERS / "esimerkki.yaml")
    printed = run("notice", file, "--language", language, "--format", form, "--form-url", FORM)
    assert printed.exit_code == 0
    assert FORM in printed.output
    assert notice_words(language)("part.rights") in printed.output


@pytest.mark.parametrize("form", ["markdown", "html", "csv"])
def test_the_record_is_printed_in_the_first_language(form: str) -> None:
    printed = run("record", str(CONTROLLERS / "pikku.yaml"), "--format", form)
    assert printed.exit_code == 0
    assert "Painotuotteiden myynti ja laskutus" in printed.output


def test_a_register_with_mistakes_makes_no_notice(tmp_path: Path) -> None:
    (tmp_path / "esimerkki.yaml").write_text(GOOD.replace("legal_basis: consent", "legal_basis: whim"))
    error = run("notice", str(tmp_path / "esimerkki.yaml")).exception
    assert isinstance(error, KuukausiError)
    assert error.exit_code == 1
    assert "legal_basis" in error.what
    assert "register check" in error.remedy


def test_a_language_without_words_is_wrong_use(tmp_path: Path) -> None:
    (tmp_path / "esimerkki.yaml").write_text(GOOD.replace("languages: [fi, sv, en]", "languages: [fi, en]"))
    error = run("record", str(tmp_path / "esimerkki.yaml"), "--language", "sv").exception
    assert isinstance(error, WrongUse)
    assert "fi, en" in error.remedy


def test_the_three_word_lists_say_the_same_things() -> None:
    lists = [notice_words(language)._texts for language in LANGUAGES]
    assert lists[0].keys() == lists[1].keys() == lists[2].keys()
    assert all(text.strip() for texts in lists for text in texts.values())
