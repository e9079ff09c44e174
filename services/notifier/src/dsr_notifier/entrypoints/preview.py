"""Prints a sample letter as it would be sent: `python -m dsr_notifier preview <kind> <language> [--html]`."""

import sys
from collections.abc import Sequence
from typing import Final, cast

from dsr_notifier.adapters.templates import Templates
from dsr_notifier.domain.letters import LETTERS
from dsr_notifier.samples import CONTROLLER, sample_letter
from dsr_shared.contracts.words import LANGUAGES, LetterKind

_USAGE: Final = "python -m dsr_notifier preview <kind> <language> [--html]"


def preview(arguments: Sequence[str]) -> int:
    """Write the letter to standard output; 2 where kind or language is not one of ours."""
    names = [argument for argument in arguments if argument != "--html"]
    if len(names) != 2 or names[0] not in LETTERS or names[1] not in LANGUAGES:
        sys.stderr.write(f"{_USAGE}\nkind: {', '.join(LETTERS)}\nlanguage: {', '.join(LANGUAGES)}\n")
        return 2
    letter = sample_letter(cast("LetterKind", names[0]), names[1])
    words = Templates().render(letter, CONTROLLER)
    body = words.html if "--html" in arguments else words.text
    sys.stdout.write(f"{words.subject}\n\n{body}")
    return 0
