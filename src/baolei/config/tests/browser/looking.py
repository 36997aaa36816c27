"""What every page must be: readable for all, no wider than the screen, marked as made up. And walking by keyboard."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from baolei.config.tests.browser.conftest import DESK, PHONE

_axe = Axe()

_TOO_WIDE = """width => [...document.querySelectorAll("body *")]
    .filter(e => e.getBoundingClientRect().right > width + 1 && e.checkVisibility())
    .slice(0, 5).map(e => e.tagName + "." + e.className)"""


def faults(page: Page) -> list[str]:
    """What is wrong with the page on a desk and on a narrow phone; empty when nothing is."""
    found = []
    for width in (DESK, PHONE):
        page.set_viewport_size({"width": width, "height": 900})
        for fault in _axe.run(page).response["violations"]:
            where = [" ".join(map(str, node["target"])) for node in fault["nodes"][:3]]
            found.append(f"{page.url} at {width}: {fault['id']}: {fault['help']}: {where}")
        needed = page.evaluate("document.documentElement.scrollWidth")
        if needed > width:
            found.append(
                f"{page.url} at {width}: needs {needed}, because of {page.evaluate(_TOO_WIDE, width)}"
            )
        if not page.get_by_text("演示数据").first.is_visible():
            found.append(f"{page.url} at {width}: does not say 演示数据")
    page.set_viewport_size({"width": DESK, "height": 900})
    return found


def expect_sound(page: Page) -> None:
    """Fails with everything that is wrong with the page."""
    found = faults(page)
    assert not found, "\n".join(found)


def tab_to(page: Page, wanted: Locator, limit: int = 80) -> None:
    """Press Tab until the element has the focus, as somebody without a mouse does."""
    for _ in range(limit):
        page.keyboard.press("Tab")
        if wanted.evaluate("e => e === document.activeElement"):
            return expect(wanted).to_be_visible()
    raise AssertionError(f"{limit} times Tab do not lead to {wanted}")
