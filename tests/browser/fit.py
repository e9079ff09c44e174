"""Whether a page still fits its reader: nothing is cut off, overlaps, is too small to hit, or out of sight."""

from typing import Final

from playwright.async_api import Page

ZOOMED: Final = {"width": 320, "height": 256}
"""A window of 1280 by 1024 pixels at 400 % (WCAG 1.4.10)."""
DESK: Final = {"width": 1280, "height": 1024}
MOST_STOPS: Final = 60

_SPACING: Final = """() => { const sheet = new CSSStyleSheet();
  sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }
                     p { margin-bottom: 2em !important }`);
  document.adoptedStyleSheets = [sheet]; }"""
_UNSPACED: Final = "() => { document.adoptedStyleSheets = [] }"
_FITS: Final = """() => {
  const faults = [], shown = e => e.checkVisibility() && !e.closest('.vh, .skip, script, style');
  if (document.documentElement.scrollWidth > innerWidth) faults.push('scrolls sideways');
  for (const e of document.querySelectorAll('body *')) {
    if (!shown(e) || e.matches('input, textarea, select')) continue;
    const clips = getComputedStyle(e).overflow !== 'visible' || e.matches('button, .btn, .badge, summary');
    if (clips && getComputedStyle(e).display !== 'inline'
        && (e.scrollWidth > e.clientWidth + 1 || e.scrollHeight > e.clientHeight + 1))
      faults.push(`cut off: ${e.tagName}.${e.className} ${e.textContent.trim().slice(0, 30)}`);
  }
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), texts = [];
  while (walker.nextNode()) {
    const node = walker.currentNode;
    if (!node.data.trim() || !shown(node.parentElement)) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    for (const box of range.getClientRects()) {
      if (box.left < -1 || box.right > innerWidth + 1) faults.push(`out of the window: ${node.data.slice(0, 30)}`);
      texts.push({node, box});
    }
  }
  for (const [at, a] of texts.entries()) for (const b of texts.slice(at + 1)) {
    const wide = Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left);
    const high = Math.min(a.box.bottom, b.box.bottom) - Math.max(a.box.top, b.box.top);
    if (a.node !== b.node && wide > 2 && high > 4)
      faults.push(`overlap: ${a.node.data.trim().slice(0, 30)} and ${b.node.data.trim().slice(0, 30)}`);
  }
  return faults; }"""
_TARGETS: Final = """() => {
  const targets = [...document.querySelectorAll('a[href], button, input:not([type=hidden]), textarea, select, summary')]
    .filter(e => e.checkVisibility() && !e.closest('.vh, .skip'));
  const isInSentence = e => getComputedStyle(e).display === 'inline'
    && e.parentElement.textContent.trim().length > e.textContent.trim().length;
  const boxes = targets.map(e => [e, e.getBoundingClientRect()]);
  const isSmall = box => box.width < 23.9 || box.height < 23.9;
  const middle = box => [(box.left + box.right) / 2, (box.top + box.bottom) / 2];
  const away = ([x, y], box) => Math.hypot(
    Math.max(box.left - x, 0, x - box.right), Math.max(box.top - y, 0, y - box.bottom));
  return boxes.filter(([e, box]) => isSmall(box) && !isInSentence(e) && boxes.some(([other, near]) => other !== e && (
      away(middle(box), near) < 12
      || isSmall(near) && Math.hypot(middle(box)[0] - middle(near)[0], middle(box)[1] - middle(near)[1]) < 24)))
    .map(([e, box]) => `too small: ${e.tagName} ${e.textContent.trim().slice(0, 30)} ${box.width}x${box.height}`); }"""
_FOCUS: Final = """() => {
  const e = document.activeElement, s = getComputedStyle(e);
  if (e === document.body) return null;
  const at = [...document.querySelectorAll('*')].indexOf(e);
  const seen = [...e.getClientRects()].some(box => {
    const left = Math.max(box.left, 0), right = Math.min(box.right, innerWidth);
    const top = Math.max(box.top, 0), bottom = Math.min(box.bottom, innerHeight);
    if (right <= left || bottom <= top) return false;
    const hit = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
    return hit !== null
      && (e.contains(hit) || hit.contains(e) || [...(e.labels ?? [])].some(label => label.contains(hit)));
  });
  return {at, what: `${e.tagName} ${e.id || e.textContent.trim().slice(0, 30)}`, seen}; }"""


async def misfits(page: Page) -> list[str]:
    """What is wrong at 400 % and with the reader's own spacing (WCAG 1.4.10, 1.4.12, 2.5.8); nothing is wanted."""
    found: list[str] = []
    for size in (ZOOMED, DESK):
        await page.set_viewport_size(size)  # type: ignore[arg-type]
        for said in (await page.evaluate(_FITS), await page.evaluate(_TARGETS)):
            found += [f"{size['width']} px: {fault}" for fault in said]
        await page.evaluate(_SPACING)
        found += [f"{size['width']} px, spaced: {fault}" for fault in await page.evaluate(_FITS)]
        await page.evaluate(_UNSPACED)
    return found


async def hidden_stops(page: Page) -> list[str]:
    """Where the focus goes by Tab without being seen, in a small window (WCAG 2.4.11)."""
    await page.set_viewport_size(ZOOMED)  # type: ignore[arg-type]
    hidden: list[str] = []
    seen: set[int] = set()
    for _ in range(MOST_STOPS):
        await page.keyboard.press("Tab")
        stop = await page.evaluate(_FOCUS)
        if stop is None or stop["at"] in seen:
            break
        seen.add(stop["at"])
        if not stop["seen"]:
            hidden.append(f"focus out of sight: {stop['what']}")
    return hidden
