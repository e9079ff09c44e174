"""axe-core in a page: which rules of WCAG 2.2 AA it breaks, at every width and in light and dark."""

import json
from collections.abc import Iterable
from importlib.resources import files
from typing import Any, Final

from playwright.async_api import Page

AXE: Final = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
TAGS: Final = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
PHONE, DESK = 390, 1280
Look = tuple[int, str]
EVERY: Final[tuple[Look, ...]] = ((PHONE, "light"), (PHONE, "dark"), (DESK, "dark"), (DESK, "light"))
LOOKS: Final[dict[str, tuple[Look, ...]]] = {"fi": EVERY, "sv": ((PHONE, "dark"),), "en": ((DESK, "light"),)}
"""The second and third language have the same markup in the same colours, with other words."""
_ALL_RULES: Final = {"type": "tag", "values": TAGS}
_COLOURS: Final = {"type": "rule", "values": ("color-contrast",)}


async def violations(page: Page, name: str, looks: Iterable[Look] = EVERY) -> list[str]:
    """Every broken rule with the elements that break it; an empty list is what is wanted.

    All rules run at each width; in its other scheme only colours can differ, so only they are judged again.
    """
    found: list[str] = []
    widths: set[int] = set()
    await page.evaluate(AXE)
    for width, scheme in looks:
        await page.set_viewport_size({"width": width, "height": 900})
        await page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        only = _COLOURS if width in widths else _ALL_RULES
        widths.add(width)
        options = json.dumps({"runOnly": only, "resultTypes": ["violations"]})
        result: dict[str, Any] = await page.evaluate(f"axe.run(document, {options})")
        found += [
            f"{name} {width} {scheme}: {broken['id']} {node['target']} {node.get('failureSummary', '')}"
            for broken in result["violations"]
            for node in broken["nodes"]
        ]
    return found


async def scrolls_sideways(page: Page, width: int = 320) -> str | None:
    """What reaches beyond a narrow window (WCAG 1.4.10); None where nothing does."""
    await page.set_viewport_size({"width": width, "height": 640})
    wide: list[str] = await page.evaluate(
        """() => document.documentElement.scrollWidth <= document.documentElement.clientWidth ? []
        : [...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > innerWidth + 1)
          .map(e => e.tagName + '.' + e.className).slice(-3)"""
    )
    return f"{page.url.split('/', 3)[3][:40]}: {wide}" if wide else None
