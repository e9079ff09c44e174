"""An opt-out from marketing or a withdrawn consent: done by the machine where the register says how.

It needs no proof and harms nobody, so it is written at once, before anything else of the case is decided (GDPR
Art. 7(3), 21(2)). Where a system does not say how, a person does it there, and the case waits for that person alone.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from dsr_fulfilment.domain.identity import NO_PROOF
from dsr_shared.contracts.words import Language, Right

By = Literal["machine", "nobody", "person"]
"""Who carries an opt-out out in a system; nobody where there is nothing to opt out of."""
Course = Literal["answer", "ask_person", "answer_beside", "ask_beside", "later"]

NOTHING_TO_OPT_OUT_OF: Final = "no_marketing_here"
DONE_BY_HAND: Final = "done_by_hand"
DECIDED_BY_REGISTER: Final = "register"
CONFIRMED: Final[Mapping[Language, str]] = {
    "fi": "Se koskee kaikkia järjestelmiämme. Jotta osoitettasi ei lisätä uudelleen, säilytämme siitä tiivisteen, "
    "josta osoitetta ei voi lukea.",
    "sv": "Det gäller alla våra system. För att din adress inte ska läggas till på nytt behåller vi ett kondensat av "
    "den, ur vilket adressen inte kan läsas.",
    "en": "It holds for all our systems. So that your address is not added anew we keep a hash of it, from which the "
    "address cannot be read.",
}
"""The same words whether an address was on a list or on none."""


@dataclass(frozen=True)
class WrittenOptOut:
    """What a system says after the opt-out was written and looked for again."""

    rows: int
    """How many rows are under the identifier."""
    left: int
    """How many of them still say otherwise."""

    @property
    def is_done(self) -> bool:
        return self.left == 0


def asked(rights: Collection[Right]) -> bool:
    """Whether anything is asked that takes effect at once."""
    return bool(NO_PROOF & set(rights))


def needs_nothing_else(rights: Collection[Right]) -> bool:
    """Whether that is all that is asked."""
    return bool(rights) and set(rights) <= NO_PROOF


def course(rights: Collection[Right], state: str, *, is_complete: bool) -> Course:
    """What follows once the machine has done its part.

    Beside another right the case goes its own way. What a person decides is answered in one letter together with the
    opt-out, so that letter waits for the decision.
    """
    if needs_nothing_else(rights):
        if state != "received":
            return "later"
        return "answer" if is_complete else "ask_person"
    if not is_complete:
        return "ask_beside"
    return "answer_beside" if set(rights) <= NO_PROOF | {"access", "portability", "erasure"} else "later"
