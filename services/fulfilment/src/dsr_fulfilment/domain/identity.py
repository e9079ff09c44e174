"""Who asks, and what is still to be proved (GDPR Art. 12(6)); nothing of a person is copied before that.

The link that proves identity goes to the one address that every match has on file. Who writes from another address
proves with a link only that the address is theirs: then a person decides, as where several people may be meant. Whoever
asks sees the same public words in each case.

A sign-in at a provider proves who somebody is, not that the request is theirs: it counts where everybody whom its
claims mean is meant by the request too. The answer then goes to the address on file, as after a link there, so that it
can't go to one who only made the person sign in.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from dsr_fulfilment.domain.items import Candidate
from dsr_shared.contracts.words import Right

NO_PROOF: Final[frozenset[Right]] = frozenset({"marketing_opt_out", "consent_withdrawal"})
"""Asking for these can harm nobody, so they are done at once (GDPR Art. 7(3), 21(2))."""

Doubt = Literal[
    "rights_unclear",
    "on_behalf",
    "organisation",
    "several_persons",
    "addresses_differ",
    "no_address_on_file",
    "other_address",
    "sign_in_unknown",
    "sign_in_differs",
    "identifiers_conflict",
]


@dataclass(frozen=True)
class NoProofNeeded:
    """Only an opt-out or a withdrawal is asked."""


@dataclass(frozen=True)
class NothingFound:
    """No system knows the identifiers."""


@dataclass(frozen=True)
class ChallengeOnFile:
    """A link to this address proves that its owner asks."""

    address: str = field(repr=False)


@dataclass(frozen=True)
class PersonDecides:
    """The machine must not decide; a link to `prove_address`, where given, shows only control of that address."""

    why: Doubt
    prove_address: str | None = field(default=None, repr=False)


@dataclass(frozen=True)
class SignInProves:
    """Whoever signed in is the person; the answer goes to this address on file."""

    address: str = field(repr=False)


IdentityDecision = NoProofNeeded | NothingFound | ChallengeOnFile | PersonDecides


def decide_identity(
    *,
    rights: Collection[Right],
    candidates: Sequence[Candidate],
    writer_address: str | None,
    is_on_behalf: bool = False,
    is_organisation: bool = False,
) -> IdentityDecision:
    """`writer_address` is where the request came from, or what the form says; none for paper, visits and calls.

    Who may speak for an organisation no link can prove: a person decides, and nothing is sent for it.
    """
    if not rights or is_organisation:
        return PersonDecides("organisation" if rights else "rights_unclear")
    if set(rights) <= NO_PROOF:
        return NoProofNeeded()
    if not candidates:
        return NothingFound()
    doubt = "on_behalf" if is_on_behalf else _doubt_in(candidates)
    if doubt:
        return PersonDecides(doubt, writer_address)
    on_file = next(candidate.on_file_email for candidate in candidates)
    if on_file is None or (writer_address is not None and not _is_same(writer_address, on_file)):
        return PersonDecides("other_address", writer_address)
    return ChallengeOnFile(on_file)


def decide_sign_in(
    *,
    proved: Sequence[Candidate],
    meant: Sequence[Candidate],
    named_address: str | None,
    is_on_behalf: bool = False,
    is_organisation: bool = False,
) -> SignInProves | PersonDecides:
    """`proved` are found by the claims of the sign-in, `meant` by what the request says.

    `named_address` is the one that the request says is the person's: what is gathered later is searched by it.
    """
    if is_organisation or is_on_behalf:
        return PersonDecides("organisation" if is_organisation else "on_behalf")
    if not proved:
        return PersonDecides("sign_in_unknown")
    if not _rows(proved) <= _rows(meant):
        return PersonDecides("sign_in_differs")
    doubt = _doubt_in(meant)
    on_file = next(candidate.on_file_email for candidate in meant)
    if doubt or on_file is None:
        return PersonDecides(doubt or "no_address_on_file")
    if named_address is not None and not _is_same(named_address, on_file):
        return PersonDecides("other_address")
    return SignInProves(on_file)


def _rows(candidates: Sequence[Candidate]) -> set[tuple[str, str]]:
    return {(candidate.system, candidate.key) for candidate in candidates}


def _doubt_in(candidates: Sequence[Candidate]) -> Doubt | None:
    """Two rows of one table are two people, also where they share an address."""
    rows = Counter(place for _, place in {(candidate.key, candidate.place) for candidate in candidates})
    if max(rows.values()) > 1:
        return "several_persons"
    addresses = {_folded(candidate.on_file_email) for candidate in candidates if candidate.on_file_email}
    if len(addresses) > 1:
        return "addresses_differ"
    return None if all(candidate.on_file_email for candidate in candidates) else "no_address_on_file"


def _is_same(one: str, other: str) -> bool:
    return _folded(one) == _folded(other)


def _folded(address: str) -> str:
    return address.strip().casefold()
