"""Finnish organisations: the Y-tunnus (Business ID) and its check digit."""

import re
from typing import Final

_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2)
_FORM: Final = re.compile(r"^(?:FI)?(\d{6,7})-?(\d)$")


def business_id(text: str) -> str | None:
    """The Y-tunnus as it is written (1234567-1); None where it has another form or its check digit is wrong.

    A VAT number (FI12345671) and the old form with six digits are understood.
    """
    match = _FORM.match("".join(text.upper().split()))
    if match is None or not match[1].isascii() or not match[2].isascii():
        return None
    digits = match[1].zfill(7)
    rest = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, digits, strict=True)) % 11
    if rest == 1 or int(match[2]) != (11 - rest) % 11:
        return None
    return f"{digits}-{match[2]}"
