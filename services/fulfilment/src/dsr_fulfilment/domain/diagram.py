"""The lifecycle as a Mermaid state diagram, for `docs/architecture/lifecycle.md`."""

from collections import defaultdict
from collections.abc import Iterator

from dsr_fulfilment.domain.lifecycle import FINAL, PUBLIC_STAGES, STATES, TABLE, Command, State


def mermaid() -> str:
    return "\n".join(("stateDiagram-v2", "    [*] --> received", *_arrows(), *_ends())) + "\n"


def stages_table() -> str:
    """What the person sees in each state, as a Markdown table."""
    rows = (f"| {state} | {PUBLIC_STAGES[state]} |" for state in STATES)
    return "\n".join(("| state | public stage |", "|---|---|", *rows)) + "\n"


def _arrows() -> Iterator[str]:
    for state in STATES:
        commands: defaultdict[State, list[Command]] = defaultdict(list)
        for command, target in TABLE[state].items():
            commands[target].append(command)
        for target, several in commands.items():
            yield f"    {state} --> {target}: {', '.join(several)}"


def _ends() -> Iterator[str]:
    return (f"    {state} --> [*]" for state in STATES if state in FINAL)
