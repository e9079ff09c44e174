"""The tables of delivery and letters as Markdown, for `docs/architecture/letters.md`."""

from collections import defaultdict

from dsr_notifier.domain.delivery import FINAL, TRANSITIONS, Happening, State
from dsr_notifier.domain.letters import LETTERS, LetterRule


def mermaid() -> str:
    """The life of a delivery as a state diagram."""
    arrows: defaultdict[tuple[State, State], list[Happening]] = defaultdict(list)
    for (state, happening), target in TRANSITIONS.items():
        arrows[state, target].append(happening)
    lines = [f"    {state} --> {target}: {', '.join(several)}" for (state, target), several in arrows.items()]
    ends = [f"    {state} --> [*]" for state in sorted(FINAL)]
    return "\n".join(("stateDiagram-v2", "    [*] --> requested", *lines, *ends)) + "\n"


def letters_table() -> str:
    """What each kind of letter needs and how it is marked."""
    rows = (
        f"| {kind} | {_needs(rule)} | {rule.remedy} | {rule.auto_submitted or ''} |" for kind, rule in LETTERS.items()
    )
    head = "| letter | needs | remedies | Auto-Submitted |\n|---|---|---|---|"
    return "\n".join((head, *rows)) + "\n"


def _needs(rule: LetterRule) -> str:
    alternatives = (" or ".join(rule.one_of),) if rule.one_of else ()
    return ", ".join((*rule.needs, *alternatives))
