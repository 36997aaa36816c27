"""Which organizations a look back is about, and what the text calls them."""

from collections.abc import Collection
from datetime import date

from django.db.models.functions import Length

from baolei.kernel.tree import STEP, below
from baolei.organizations.kinds import Kind
from baolei.organizations.models import Organization, Place
from baolei.portal.models import EditionPlace

Level = EditionPlace.Level
DEPTH = {Level.PROVINCE: 0, Level.PREFECTURE: 1, Level.COUNTY: 2}
"""How deep a level lies; what a figure's `public` names is compared with it."""

_WORDS = {"省": "全省", "市": "全市", "州": "全州", "盟": "全盟", "县": "全县", "区": "全区", "旗": "全旗"}
_WORDS |= {"镇": "全镇", "乡": "全乡", "道": "全街道"}
_FALLBACK = {Level.PROVINCE: "全省", Level.PREFECTURE: "全市", Level.COUNTY: "全县", None: "本地"}


def area_of(organization: Organization) -> str:
    """The area a committee leads: 吉林省 for 中共吉林省委员会."""
    return organization.name.removeprefix("中共").removesuffix("委员会")


def is_township(organization: Organization) -> bool:
    """True for the committee of a township or street: it has a draft of its own, nothing public (G-05)."""
    return len(organization.region_code) == 9


def scope_word(area: str, level: str | None) -> str:
    """The word for the whole area: 全省, 全州, 全市, 全县 …"""
    return _WORDS.get(area[-1:], _FALLBACK[level])


def is_public(public: str, level: str) -> bool:
    """True when a figure that is public down to `public` may be told of a place of this level."""
    return public in DEPTH and DEPTH[level] <= DEPTH[public]


def keys_on(day: date, organizations: Collection[int]) -> dict[int, str]:
    """Organization -> the key that it had on that day; those that were not open are left out."""
    places = Place.objects.on(day).filter(organization_id__in=organizations)
    return dict(places.values_list("organization_id", "key"))


def named_below(key: str, day: date) -> list[tuple[str, Organization]]:
    """The local committees of `key` and below on that day, with the keys that they had, in division order."""
    places = (
        Place.objects.on(day)
        .alias(depth=Length("key"))
        .filter(below(key), organization__kind=Kind.LOCAL_COMMITTEE, depth__lte=len(key) + 2 * STEP)
        .select_related("organization")
        .order_by("key")
    )
    return [(place.key, place.organization) for place in places]
