"""Whether a controller's own colour can be seen (WCAG 2.2, 1.4.11: 3 to 1 beside what it lies next to)."""

from typing import Final

LIGHT: Final = ("#FFFFFF", "#15201D")
"""Ground of the top bar and safe colour of the text, as in kuukausi.css."""
DARK: Final = ("#161E1C", "#E5EBE8")
ENOUGH: Final = 3.0


def visible(colour: str, ground: str, safe: str) -> str:
    """The colour itself where it stands out from the ground, else the safe one."""
    return colour if contrast(colour, ground) >= ENOUGH else safe


def contrast(one: str, other: str) -> float:
    """Between 1 and 21, as WCAG 2 computes it."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(int(colour[place : place + 2], 16) / 255) for place in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4
