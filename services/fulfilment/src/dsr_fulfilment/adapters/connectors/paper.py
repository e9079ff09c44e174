"""Paper folders: nothing is searched by itself; a person goes to the shelf, and what they record is the outcome."""

from typing import Final, Literal

from dsr_fulfilment.domain.items import ItemOutcome, ItemRef
from dsr_fulfilment.ports import HumanAnswer, HumanTask
from dsr_fulfilment.register.model import PaperSystem

_FITTING: Final = {
    "search": frozenset({"found", "nothing_found", "not_searched"}),
    "erase": frozenset({"erased", "kept", "nothing_found"}),
}


class PaperConnector:
    """Implements `ports.HumanConnector` for one folder, room or cabinet."""

    def __init__(self, system: PaperSystem) -> None:
        self.system = system.id
        self._declared = system

    def task(self, action: Literal["search", "erase"]) -> HumanTask:
        declared = self._declared
        return HumanTask(self.system, action, declared.shelf, dict(declared.instructions), declared.deadline_days)

    def outcome(self, task: HumanTask, answer: HumanAnswer) -> ItemOutcome:
        """Raises ValueError, with the remedy, for an answer that proves nothing."""
        if task.system != self.system:
            raise ValueError(f"the task is about {task.system}, not about {self.system}; open the right task")
        if answer.result not in _FITTING[task.action]:
            fitting = ", ".join(sorted(_FITTING[task.action]))
            raise ValueError(f"{answer.result!r} does not answer a task to {task.action}; choose one of {fitting}")
        if not answer.note.strip() or not answer.answered_by.strip():
            raise ValueError("say what was done and who did it: the note is the evidence")
        if answer.result == "kept" and not answer.ground:
            raise ValueError("say on which ground it is kept, and until when if that is known")
        ref = ItemRef(self.system, "paper", {"shelf": self._declared.shelf}, "")
        return ItemOutcome(ref, answer.result, ground=answer.ground, until=answer.kept_until)
