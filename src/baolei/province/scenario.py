"""The story of the made-up province in numbers: targets by year, shares of domains, profiles of sectors."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache

from baolei.province import divisions

FIRST_YEAR = 2012
EARLIEST = date(2021, 12, 31)  # earlier days would cut moves of the scenario
START = date(2011, 12, 31).toordinal()

# Year ends. The article's day is 2016-12-31: 1.63 million members, 94 thousand organizations.
MEMBERS = {
    2011: 1_575_300, 2012: 1_590_400, 2013: 1_602_200, 2014: 1_613_100, 2015: 1_622_300,
    2016: 1_630_412, 2017: 1_638_200, 2018: 1_645_100, 2019: 1_650_600, 2020: 1_656_300,
    2021: 1_664_800, 2022: 1_671_500, 2023: 1_677_200, 2024: 1_682_600, 2025: 1_687_500,
    2026: 1_692_300,
}  # fmt: skip
ORGANIZATIONS = {
    2011: 89_080, 2012: 90_060, 2013: 91_120, 2014: 92_150, 2015: 93_110, 2016: 94_038,
    2017: 94_610, 2018: 95_020, 2019: 95_350, 2020: 95_610, 2021: 95_930, 2022: 96_210,
    2023: 96_470, 2024: 96_700, 2025: 96_910, 2026: 97_120,
}  # fmt: skip

# Graduates of universities go on counting for the province's own domain wherever they move,
# so that its target grows while its branches keep their size.
PROVINCE_MEMBERS = (104_000, 3_400)
PROVINCE_ORGANIZATIONS = 6_200
PREFECTURE_ORGANIZATIONS = {
    "220100": 3_100, "220200": 1_900, "220300": 1_000, "220400": 750, "220500": 950,
    "220600": 800, "220700": 900, "220800": 850, "222400": 1_100,
}  # fmt: skip
POPULOUS = {"220122", "220182", "220184"}  # more people than their villages tell
URBAN = ("2201", "2202")

INVENTED_TOWN = "柳荫镇"
# Counties with the invented township; the value names the neighbour it belonged to before, if any.
INVENTED_IN = {
    "222404": "", "220184": "", "220322": "", "220882": "220821", "220581": "", "222424": "222402",
}  # fmt: skip
INVENTED_MOVED_ON = date(2018, 7, 1).toordinal()
GONGZHULING_MOVED_ON = date(2020, 6, 19).toordinal()
GONGZHULING_BEFORE = "220300"

# Yearly rates, of the members at the year's beginning.
DEATHS = 0.0087
LEAVING_PROVINCE = 0.0022
DISPOSALS = 0.0007
MOVES_INSIDE = 0.011
MOVES_ACROSS = 0.004
ARRIVALS = 0.0012
CLOSINGS = 0.0062  # of branches


@dataclass(frozen=True, slots=True)
class Sector:
    """What kind of people a branch holds.

    `ages`: weights of the ages 20-35, 36-45, 46-55, 56-65, 66-85 at the start;
    `join`: how readily it admits, against its size; `schooling`: row of the education tables.
    """

    code: str
    ages: tuple[int, int, int, int, int]
    join: float
    schooling: str
    occupations: tuple[str, ...]
    retires: bool
    real_name: bool  # named after a real place: no branch above 50 there (G-31)


_SPECIALISTS = ("institution_specialist",) * 4 + ("institution_manager",)
_STATE = ("worker",) * 11 + ("enterprise_specialist",) * 5 + ("enterprise_manager",) * 4
_PRIVATE = ("private_worker",) * 11 + ("private_specialist",) * 5 + ("private_manager",) * 4
_VILLAGE = ("farmer",) * 17 + ("private_worker", "private_manager", "other")
_COMMUNITY = ("private_worker",) * 8 + ("worker",) * 6 + ("other",) * 4 + ("private_manager",) * 2
_SOCIAL = ("private_specialist",) * 3 + ("private_worker", "private_manager")

SECTORS = (
    Sector("village", (14, 21, 24, 23, 16), 0.62, "rural", _VILLAGE, False, True),
    Sector("community", (13, 13, 19, 28, 27), 0.55, "urban", _COMMUNITY, True, True),
    Sector("organ", (24, 30, 26, 10, 7), 1.0, "learned", ("organ_staff",), True, True),
    Sector("school", (26, 30, 24, 10, 6), 0.9, "learned", _SPECIALISTS, True, False),
    Sector("health", (29, 29, 22, 10, 6), 1.2, "learned", _SPECIALISTS, True, False),
    Sector("soe", (22, 28, 27, 13, 7), 1.0, "urban", _STATE, True, False),
    Sector("private", (38, 29, 18, 7, 2), 1.6, "urban", _PRIVATE, True, False),
    Sector("social", (36, 28, 20, 10, 2), 1.6, "learned", _SOCIAL, True, False),
    Sector("staff", (34, 31, 22, 8, 5), 1.0, "learned", _SPECIALISTS, True, False),
    Sector("student", (1, 0, 0, 0, 0), 1.0, "student", ("student",), False, False),
)
SECTOR = {sector.code: index for index, sector in enumerate(SECTORS)}


def yearly(table: dict[int, int], year: int) -> int:
    """Value of a table at the end of a year; after its last year it goes on as in that year."""
    last = max(table)
    if year <= last:
        return table[year]
    return table[last] + (year - last) * (table[last] - table[last - 1])


def at(value: Callable[[int], int], year: int, day: date) -> int:
    """Target at the end of `year` or, in the year of `day`, on that day (`value` gives year ends)."""
    if year < day.year:
        return value(year)
    part = (day - date(year - 1, 12, 31)).days / (date(year, 12, 31) - date(year - 1, 12, 31)).days
    return round(value(year - 1) + (value(year) - value(year - 1)) * part)


def _weight(domain: divisions.Domain) -> float:
    weight = (60 if domain.zone else 120) + 4.2 * domain.villages
    if domain.code in POPULOUS:
        weight *= 1.35
    elif domain.code.startswith(URBAN) and domain.name.endswith("区"):
        weight *= 1.3
    return weight


@cache
def _shares() -> dict[str, tuple[float, float]]:
    """Size of each domain, in grassroots organizations at the end of 2016."""
    counties = yearly(ORGANIZATIONS, 2016) - PROVINCE_ORGANIZATIONS - sum(PREFECTURE_ORGANIZATIONS.values())
    total = sum(_weight(d) for d in divisions.domains() if d.level == "county")
    sizes = {}
    for domain in divisions.domains():
        if domain.level == "county":
            sizes[domain.code] = _weight(domain) / total * counties
        elif domain.level == "prefecture":
            sizes[domain.code] = PREFECTURE_ORGANIZATIONS[domain.code]
        else:
            sizes[domain.code] = PROVINCE_ORGANIZATIONS
    return sizes


def _part(total: int, code: str, without: tuple[str, ...] = ()) -> int:
    sizes = {key: size for key, size in _shares().items() if key not in without}
    whole, before = sum(sizes.values()), 0.0
    for key, size in sizes.items():
        if key == code:
            return round(total * (before + size) / whole) - round(total * before / whole)
        before += size
    raise KeyError(code)


def organizations_at(code: str, year: int) -> int:
    """Grassroots organizations of a domain at the end of a year; over all domains they add up exactly."""
    return _part(yearly(ORGANIZATIONS, year), code)


def members_at(code: str, year: int) -> int:
    """Members who entered the register in a domain and stand at the end of a year."""
    base, growth = PROVINCE_MEMBERS
    own = base + growth * (year - 2011)
    if code == divisions.PROVINCE:
        return own
    return _part(yearly(MEMBERS, year) - own, code, (divisions.PROVINCE,))
