"""Domains that imitate another: other letters that look the same, digits for letters, punycode, one letter off.

A mark for people's eyes, never a verdict: an honest domain may happen to look like another.
"""

import unicodedata
from collections.abc import Iterable
from typing import Final

_SAME_LOOK: Final = str.maketrans(
    {
        **dict(zip("аеорсухіјѕԁɡһӏѵԝьвкмнтзԛ", "aeopcyxijsdghlvwbbkmht3q", strict=True)),
        **dict(zip("αβγεηικνορτυχωκ", "abyenikvoptuxwk", strict=True)),
        **dict(zip("0134578", "oleastb", strict=True)),
        "ı": "i",
        "ł": "l",
        "ø": "o",
        "đ": "d",
        "ħ": "h",
        "ß": "b",
        "-": None,
    }
)
_PAIRS: Final = (("rn", "m"), ("vv", "w"), ("cl", "d"), ("nn", "m"))
_LONG_ENOUGH: Final = 6
"""Shorter names are one letter off from too many honest ones."""


def imitates(domain: str, originals: Iterable[str]) -> bool:
    """Whether the domain passes for one of the others without being it or below it."""
    ours = [original.lower().strip(".") for original in originals if original]
    own = domain.lower().strip(".")
    if not own or any(own == original or own.endswith("." + original) for original in ours):
        return False
    return any(_passes_for(own, original) for original in ours)


def _passes_for(domain: str, original: str) -> bool:
    here, there = _shown(domain), _shown(original)
    if here == there:
        return True
    if original in domain.replace("-", "."):  # esimerkki.example.elsewhere.example
        return True
    name, other = _name(here), _name(there)
    if _skeleton(name) == _skeleton(other):
        return True
    if len(other) >= _LONG_ENOUGH and other in name.split("-"):  # esimerkki-help.example
        return True
    return min(len(name), len(other)) >= _LONG_ENOUGH and _is_one_off(_skeleton(name), _skeleton(other))


def _shown(domain: str) -> str:
    """As a mail program shows it: punycode decoded, width and case folded."""
    return unicodedata.normalize("NFKC", ".".join(_label(label) for label in domain.split("."))).casefold()


def _label(label: str) -> str:
    if not label.startswith("xn--"):
        return label
    try:
        return label[4:].encode("ascii", "strict").decode("punycode")
    except UnicodeError:
        return label


def _name(domain: str) -> str:
    """The name before the public ending: kept simple, since only names that somebody chose are compared."""
    labels = domain.split(".")
    if len(labels) >= 3 and len(labels[-2]) <= 3:  # co.uk, com.au
        return labels[-3]
    return labels[-2] if len(labels) >= 2 else labels[0]


def _skeleton(name: str) -> str:
    """What the eye sees at a glance."""
    bare = "".join(sign for sign in unicodedata.normalize("NFKD", name) if not unicodedata.combining(sign))
    seen = bare.translate(_SAME_LOOK)
    for pair, one in _PAIRS:
        seen = seen.replace(pair, one)
    return seen.replace("i", "l")


def _is_one_off(one: str, other: str) -> bool:
    """One letter put in, left out, changed, or swapped with its neighbour."""
    if len(one) > len(other):
        one, other = other, one
    if len(other) - len(one) > 1:
        return False
    start = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), len(one))
    if len(one) < len(other):
        return one[start:] == other[start + 1 :]
    rest = one[start + 1 :] == other[start + 1 :]
    return rest or (one[start : start + 2] == other[start : start + 2][::-1] and one[start + 2 :] == other[start + 2 :])
