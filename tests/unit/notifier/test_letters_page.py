"""The page on letters shows the tables as they are."""

from pathlib import Path

from dsr_notifier.domain.diagram import letters_table, mermaid

PAGE = Path(__file__).parents[3] / "docs/architecture/letters.md"


def test_the_diagram_in_the_docs_is_the_table_of_today() -> None:
    assert f"```mermaid\n{mermaid()}```" in PAGE.read_text(encoding="utf-8"), f"paste into {PAGE}:\n{mermaid()}"


def test_the_docs_name_what_each_letter_needs() -> None:
    assert letters_table() in PAGE.read_text(encoding="utf-8"), f"paste into {PAGE}:\n{letters_table()}"
