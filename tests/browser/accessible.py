"""What a page must be for people who see little, see nothing, or use a keyboard: axe-core's rules, and two of ours."""

from __future__ import annotations

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page

SERIOUS = {"serious", "critical"}
FOUND = {"resultTypes": ["violations"]}

FAINT_DRAWING = """() => {
  const channel = (value) => (value /= 255) <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  const light = ([red, green, blue]) => 0.2126 * channel(red) + 0.7152 * channel(green) + 0.0722 * channel(blue);
  const parts = (color) => color.match(/[0-9.]+/g).map(Number);
  const ground = (node) => {
    const own = node ? parts(getComputedStyle(node).backgroundColor) : [255, 255, 255];
    return (own[3] ?? 1) === 1 ? own : ground(node.parentElement);
  };
  const faint = [...document.querySelectorAll('svg text')].filter((node) => {
    const inks = [parts(getComputedStyle(node).fill), ground(node.closest('svg').parentElement)].map(light);
    return (Math.max(...inks) + 0.05) / (Math.min(...inks) + 0.05) < 4.5;
  });
  return [...new Set(faint.map((node) => node.textContent))];
}"""
"""Words in drawings, at which axe does not look, with a contrast below 4.5 as WCAG counts it."""


async def is_accessible(page: Page) -> None:
    """Look at the page in light and in dark; it fits its width."""
    for scheme in ("light", "dark"):
        await page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        found = (await Axe().run(page, options=FOUND)).response["violations"]
        nodes = [(one["id"], node) for one in found if one["impact"] in SERIOUS for node in one["nodes"]]
        serious = [f"{rule}: {node['html'][:200]}: {node['failureSummary']}" for rule, node in nodes]
        assert not serious, "\n".join([page.url, scheme, *serious])
        assert await page.evaluate(FAINT_DRAWING) == [], (page.url, scheme)
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url
