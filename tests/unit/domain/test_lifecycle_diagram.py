"""The page on the lifecycle shows the table as it is."""

from pathlib import Path

from dsr_fulfilment.domain.diagram import mermaid, stages_table

PAGE = Path(__file__).parents[3] / "docs/architecture/lifecycle.md"


def test_the_diagram_in_the_docs_is_the_table_of_today() -> None:
    assert f"```mermaid\n{mermaid()}```" in PAGE.read_text(encoding="utf-8"), f"paste into {PAGE}:\n{mermaid()}"


def test_the_docs_name_the_public_stage_of_each_state() -> None:
    assert stages_table() in PAGE.read_text(encoding="utf-8"), f"paste into {PAGE}:\n{stages_table()}"
