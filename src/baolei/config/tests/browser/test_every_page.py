"""Every page that a stranger, an officer and a member can walk to: axe, a narrow screen, a silent console."""

from urllib.parse import urlsplit

import pytest
from django.urls import Resolver404, resolve
from playwright.sync_api import Page

from baolei.config.tests.browser.looking import faults

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

FILES = ("figures:xlsx", "figures:json", "uploads:template", "uploads:marked")
LINKS = "all => all.map(a => new URL(a.getAttribute('href'), location.href).href)"
OTHER_STARTS = {
    # Addresses that no link of the walk shows: answers to what went wrong.
    "": ("/nowhere/", "/lookback/?q=外省", "/search/?q=外省", "/_ui/", "/_ui/public/"),
    "province_officer": (
        "/figures/members.total/?on=2100-01-01",
        "/figures/members.structure.women/?on=2016-12-31",
        "/organizations/?q=没有",
        "/members/?sex=2",
        "/editions/preview/?in=220000&from=2012&to=2016",
    ),
}


def kind_of(address: str) -> tuple[str, bool]:
    """Pages of one kind differ in their rows only: the view and, for figures, whether it is a share."""
    try:
        found = resolve(urlsplit(address).path)
    except Resolver404:
        return "", False
    return found.view_name, "structure" in str(found.kwargs.get("code", ""))


def walk(page: Page, *starts: str) -> tuple[list[str], set[str]]:
    """Look at the addresses given and at one page of each kind that links lead to: the faults, the views seen."""
    found, ahead = [], list(starts)
    seen = {kind_of(address) for address in starts}
    for address in ahead:  # grows on the way
        answer = page.goto(address)
        if answer.status >= 500:
            found.append(f"{address} answers {answer.status}")
            continue
        found += faults(page)
        here = f"{urlsplit(page.url).scheme}://{urlsplit(page.url).netloc}/"
        for link in page.eval_on_selector_all("a[href]", LINKS):
            kind = kind_of(link)
            if link.startswith(here) and kind not in seen and kind[0] not in FILES:
                seen.add(kind)
                ahead.append(link.partition("#")[0])
    return found, {name for name, _share in seen}


@pytest.mark.parametrize(
    ("user", "at_least"),
    [
        (
            "",
            {
                *("portal:home", "portal:lookback", "portal:article", "portal:figure", "accounts:sign_in"),
                *("portal:complain", "portal:slip", "portal:corrections", "portal:search", "portal:glossary"),
            },
        ),
        (
            "province_officer",
            {
                "organizations:tree",
                "organizations:list",
                "organizations:detail",
                "organizations:history",
                "organizations:changes",
                "organizations:found",
                "organizations:rename",
                "organizations:export",
                "members:list",
                "members:detail",
                "members:reveal",
                "members:export",
                "figures:overview",
                "figures:figure",
                "figures:rows",
                "portal:editions",
                "portal:edition",
                "portal:preview",
                "portal:release",
                "portal:withdraw",
                "portal:complaint_list",
                "accounts:account_list",
                "accounts:account",
                "accounts:open_account",
                "accounts:my_account",
                "accounts:change_password",
            },
        ),
        ("data_protection_officer", {"accounts:events"}),
        ("member", {"members:my_file", "accounts:my_account"}),
    ],
)
def test_every_page_is_sound(visit, world, user, at_least):
    page = visit(world.users[user] if user else None)
    start = "/console/" if user else "/"
    found, seen = walk(page, start, *OTHER_STARTS.get(user, ()))
    assert not found, "\n".join(found)
    assert not at_least - seen


def test_the_look_would_notice(visit):
    """The look above is not blind: a picture without words and wider than the screen, on a page that hides the mark."""
    page = visit()
    page.goto("/lookback/")
    assert not faults(page)
    page.evaluate(
        """() => {
            document.querySelectorAll(".demo-bar, .demo-mark, .foot").forEach(e => e.remove());
            const picture = document.createElement("img");
            picture.src = "/static/baolei/logo.svg";
            picture.style.maxWidth = "none";
            picture.width = 2000;
            document.querySelector("main").append(picture);
        }"""
    )
    told = "\n".join(faults(page))
    for words in ("image-alt", "needs", "演示数据"):
        assert words in told
