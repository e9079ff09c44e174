"""Pictures of pages, at the width of a phone and of a desk, for somebody who wants to see them."""

import os
from pathlib import Path

from playwright.async_api import Page

FOLDER = os.environ.get("KUUKAUSI_PICTURES")


async def picture(page: Page, name: str) -> None:
    """Keep how the page looks, where `KUUKAUSI_PICTURES` names a folder."""
    if FOLDER:
        for width in (390, 1280):
            await page.set_viewport_size({"width": width, "height": 900})
            await page.screenshot(path=Path(FOLDER) / f"{name}-{width}.png", full_page=True)
