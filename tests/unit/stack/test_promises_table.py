"""`make promises` finds the marked tests."""

from pathlib import Path

from tests.promises import table

_MARKED = """
import pytest
pytestmark = [pytest.mark.connected, pytest.mark.promise("P07")]

@pytest.mark.promise("P01")
@pytest.mark.promise("P37")
async def test_one(): ...

class TestTwo:
    @pytest.mark.promise("P01")
    def test_two(self): ...
"""


def test_markers_of_modules_and_functions_are_found(tmp_path: Path) -> None:
    (tmp_path / "test_marked.py").write_text(_MARKED)
    rows = table(tmp_path)
    assert rows["P01"] == ["test_marked.py::test_one", "test_marked.py::test_two"]
    assert rows["P07"] == ["test_marked.py::test_marked"]
    assert rows["P37"] == ["test_marked.py::test_one"]
    assert rows["P40"] == []
