"""The life of a case, as one table.

A case asks for one or several rights. They are served in the order of `PHASES`: what needs no proof at once, then the
copy, then what a person decides, and erasure last, because what is needed to answer must not be erased before. A case
therefore comes back from *answered* to *planning* when erasure is still owed.

States called awaiting_* wait for staff. Before a person is verified the public sees one stage only, *identifying*,
whether a challenge was sent or nobody was found: the status page must not tell who is on file.

Only *dismiss* and *accept_withdrawal* close without `can_close`: a person found that what came was no request at all,
or confirmed that it was taken back. What is being erased by then is brought to its end first.

A trouble that stops the machine (a letter that failed, a parked event) is not a state: the case keeps its place and
its clock and says `needs_person` beside it.
"""

from collections.abc import Collection, Mapping
from typing import Final, Literal, get_args

from dsr_fulfilment.domain.closing import Blocked, Closing, MayClose, SystemOutcome, can_close
from dsr_shared.contracts.words import Right, Stage

__all__ = [
    "COMMANDS", "FINAL", "NEEDS_PROOF", "PHASES", "STATES", "TABLE", "Blocked", "Closing", "Command",
    "IllegalTransition", "MayClose", "Phase", "State", "SystemOutcome", "advance", "allowed", "can_close", "is_final",
    "next_phase", "phases_of", "public_stage",
]  # fmt: skip

State = Literal[
    "received",
    "awaiting_rights",
    "identifying",
    "awaiting_identity",
    "gathering",
    "awaiting_paper",
    "awaiting_decision",
    "answering",
    "answered",
    "planning",
    "awaiting_approval",
    "erasing",
    "awaiting_destruction",
    "closing",
    "refusing",
    "closed",
    "refused",
    "withdrawn",
    "destroyed",
]
Command = Literal[
    "ask_for_rights",
    "confirm_rights",
    "dismiss",
    "send_challenge",
    "ask_for_identity",
    "verify",
    "need_no_proof",
    "wait_for_paper",
    "complete_paper",
    "ask_for_decision",
    "decide",
    "gather",
    "answer",
    "accept_answer",
    "plan_erasure",
    "propose_plan",
    "skip_erasure",
    "approve_plan",
    "withdraw_approval",
    "replan",
    "wait_for_destruction",
    "complete_destruction",
    "complete_erasure",
    "close_up",
    "close",
    "refuse",
    "accept_refusal",
    "accept_withdrawal",
    "destroy_key",
]
Phase = Literal["opt_out", "copy", "decision", "erasure"]

STATES: Final[tuple[State, ...]] = get_args(State)
COMMANDS: Final[tuple[Command, ...]] = get_args(Command)

TABLE: Final[Mapping[State, Mapping[Command, State]]] = {
    "received": {
        "ask_for_rights": "awaiting_rights",
        "send_challenge": "identifying",
        "ask_for_identity": "awaiting_identity",
        "need_no_proof": "gathering",
        "accept_withdrawal": "withdrawn",
    },
    "awaiting_rights": {
        "confirm_rights": "received",
        "dismiss": "closed",
        "refuse": "refusing",
        "accept_withdrawal": "withdrawn",
    },
    "identifying": {
        "send_challenge": "identifying",
        "verify": "gathering",
        "ask_for_identity": "awaiting_identity",
        "refuse": "refusing",
        "accept_withdrawal": "withdrawn",
    },
    "awaiting_identity": {
        "send_challenge": "identifying",
        "verify": "gathering",
        "answer": "answering",
        "refuse": "refusing",
        "accept_withdrawal": "withdrawn",
    },
    "gathering": {
        "gather": "gathering",
        "ask_for_identity": "awaiting_identity",
        "wait_for_paper": "awaiting_paper",
        "ask_for_decision": "awaiting_decision",
        "answer": "answering",
        "plan_erasure": "planning",
        "refuse": "refusing",
        "accept_withdrawal": "withdrawn",
    },
    "awaiting_paper": {"complete_paper": "gathering", "refuse": "refusing", "accept_withdrawal": "withdrawn"},
    "awaiting_decision": {"decide": "gathering", "refuse": "refusing", "accept_withdrawal": "withdrawn"},
    "answering": {
        "answer": "answering",
        "gather": "gathering",
        "accept_answer": "answered",
        "accept_withdrawal": "withdrawn",
    },
    "answered": {
        "answer": "answering",
        "gather": "gathering",
        "ask_for_decision": "awaiting_decision",
        "plan_erasure": "planning",
        "close_up": "closing",
        "accept_withdrawal": "withdrawn",
    },
    "planning": {
        "replan": "planning",
        "propose_plan": "awaiting_approval",
        "skip_erasure": "closing",
        "accept_withdrawal": "withdrawn",
    },
    "awaiting_approval": {
        "approve_plan": "erasing",
        "replan": "planning",
        "refuse": "refusing",
        "accept_withdrawal": "withdrawn",
    },
    "erasing": {
        "withdraw_approval": "awaiting_approval",
        "replan": "planning",
        "wait_for_destruction": "awaiting_destruction",
        "complete_erasure": "closing",
    },
    "awaiting_destruction": {"complete_destruction": "erasing"},
    "closing": {"gather": "gathering", "replan": "planning", "close": "closed"},
    "refusing": {
        "verify": "gathering",
        "refuse": "refusing",
        "accept_refusal": "refused",
        "accept_withdrawal": "withdrawn",
    },
    "closed": {"destroy_key": "destroyed"},
    "refused": {"destroy_key": "destroyed"},
    "withdrawn": {"destroy_key": "destroyed"},
    "destroyed": {},
}

PUBLIC_STAGES: Final[Mapping[State, Stage]] = {
    "received": "received",
    "awaiting_rights": "awaiting_staff",
    "identifying": "identifying",
    "awaiting_identity": "identifying",
    "gathering": "gathering",
    "awaiting_paper": "gathering",
    "awaiting_decision": "awaiting_staff",
    "answering": "gathering",
    "answered": "answered",
    "planning": "erasing",
    "awaiting_approval": "awaiting_staff",
    "erasing": "erasing",
    "awaiting_destruction": "erasing",
    "closing": "answered",
    "refusing": "awaiting_staff",
    "closed": "closed",
    "refused": "closed",
    "withdrawn": "closed",
    "destroyed": "destroyed",
}

FINAL: Final[frozenset[State]] = frozenset({"closed", "refused", "withdrawn", "destroyed"})

PHASES: Final[Mapping[Phase, frozenset[Right]]] = {
    "opt_out": frozenset({"marketing_opt_out", "consent_withdrawal"}),
    "copy": frozenset({"access", "portability"}),
    "decision": frozenset({"rectification", "completion", "restriction", "objection"}),
    "erasure": frozenset({"erasure"}),
}


NEEDS_PROOF: Final[frozenset[Command]] = frozenset({"gather", "plan_erasure", "propose_plan", "approve_plan"})
"""Whatever way a case came, these are for a verified person only."""


class IllegalTransition(Exception):
    """A command that the table does not allow in a state; nothing changed."""

    def __init__(self, state: str, command: str, why: str | None = None) -> None:
        options = ", ".join(next((ways for known, ways in TABLE.items() if known == state), {})) or "nothing"
        super().__init__(f"{command!r} is not possible in state {state!r}; {why or f'possible: {options}'}")
        self.state = state
        self.command = command


def advance(state: State, command: Command, *, is_verified: bool = True) -> State:
    """Raises IllegalTransition; `is_verified` says whether the person of the case is."""
    if command in NEEDS_PROOF and not is_verified:
        raise IllegalTransition(state, command, "verify the person first")
    try:
        return TABLE[state][command]
    except KeyError:
        raise IllegalTransition(state, command) from None


def allowed(state: State) -> tuple[Command, ...]:
    return tuple(TABLE[state])


def is_final(state: State) -> bool:
    return state in FINAL


def public_stage(state: State) -> Stage:
    return PUBLIC_STAGES[state]


def phases_of(rights: Collection[Right]) -> tuple[Phase, ...]:
    """What a case has to go through for its rights, in order."""
    return tuple(phase for phase, served in PHASES.items() if served & set(rights))


def next_phase(rights: Collection[Right], done: Collection[Phase]) -> Phase | None:
    """The first phase not done yet; None when the case can be closed up."""
    return next((phase for phase in phases_of(rights) if phase not in done), None)
