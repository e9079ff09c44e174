"""Paper is searched by people: their recorded answer is the outcome, and an answer that proves nothing is refused."""

from pathlib import Path

import pytest

from dsr_fulfilment.adapters.connectors.paper import PaperConnector
from dsr_fulfilment.adapters.connectors.registry import SecretDirectory, open_connectors
from dsr_fulfilment.ports import ConnectionRefused, HumanAnswer
from dsr_fulfilment.register.loader import load_register
from dsr_fulfilment.register.model import PaperSystem

CONTROLLERS = Path(__file__).parents[3] / "deploy" / "controllers"
REGISTER = load_register(CONTROLLERS / "esimerkki.yaml")


@pytest.fixture
def paper() -> PaperConnector:
    system = REGISTER.system("archive")
    assert isinstance(system, PaperSystem)
    return PaperConnector(system)


def answer(result: str, **changes: str) -> HumanAnswer:
    return HumanAnswer(**{"result": result, "note": "Kansio silputtu.", "answered_by": "matti", **changes})  # type: ignore[arg-type]


@pytest.mark.promise("P22")
def test_the_task_tells_the_shelf_and_what_to_do_in_each_language(paper: PaperConnector) -> None:
    task = paper.task("search")
    assert task.shelf == "Lukittu huone 2, hylly B2"
    assert set(task.instructions) == set(REGISTER.languages)
    assert task.deadline_days == 7


@pytest.mark.promise("P22")
@pytest.mark.parametrize(
    ("action", "result"),
    [("search", "found"), ("search", "nothing_found"), ("search", "not_searched"), ("erase", "erased")],
)
def test_what_the_person_recorded_is_the_outcome(paper: PaperConnector, action: str, result: str) -> None:
    outcome = paper.outcome(paper.task(action), answer(result))  # type: ignore[arg-type]
    assert (outcome.outcome, outcome.ref.system) == (result, "archive")


@pytest.mark.parametrize(
    ("action", "given", "reason"),
    [
        ("search", answer("erased"), "does not answer a task to search"),
        ("erase", answer("not_searched"), "does not answer a task to erase"),
        ("erase", answer("erased", note="  "), "the note is the evidence"),
        ("erase", answer("erased", answered_by=""), "who did it"),
        ("erase", answer("kept"), "on which ground"),
    ],
)
def test_an_answer_that_proves_nothing_is_refused(
    paper: PaperConnector, action: str, given: HumanAnswer, reason: str
) -> None:
    with pytest.raises(ValueError, match=reason):
        paper.outcome(paper.task(action), given)  # type: ignore[arg-type]


async def test_a_missing_secret_names_the_file_to_write(tmp_path: Path) -> None:
    with pytest.raises(ConnectionRefused, match="esimerkki/crm_dsn"):
        open_connectors(REGISTER, SecretDirectory(tmp_path))


async def test_the_connectors_of_a_register_are_split_into_automatic_and_human(tmp_path: Path) -> None:
    (tmp_path / "esimerkki").mkdir()
    for name in ("crm_dsn", "portal_dsn"):
        (tmp_path / "esimerkki" / name).write_text("postgresql://u:p@127.0.0.1:1/x\n")
    connectors = open_connectors(REGISTER, SecretDirectory(tmp_path))
    assert (set(connectors.automatic), set(connectors.human)) == ({"crm", "portal"}, {"archive"})
    await connectors.close()


@pytest.mark.promise("P38")
@pytest.mark.parametrize(
    "address",
    [
        "postgresql://u:p@elsewhere.example/x",
        "postgresql://u:p@127.0.0.1,elsewhere.example/x",
        "postgresql://u:p@127.0.0.1/x?host=elsewhere.example",
        "postgresql:///x",
        "mysql://u:p@127.0.0.1/x",
    ],
)
def test_an_address_that_could_lead_elsewhere_is_refused(tmp_path: Path, address: str) -> None:
    (tmp_path / "esimerkki").mkdir()
    for name in ("crm_dsn", "portal_dsn"):
        (tmp_path / "esimerkki" / name).write_text(address)
    with pytest.raises(ConnectionRefused):
        open_connectors(REGISTER, SecretDirectory(tmp_path))
