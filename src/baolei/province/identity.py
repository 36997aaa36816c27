"""Who the people are: names, identity numbers, phones, schooling, work; rows of members.csv."""

import random
from datetime import date
from functools import cache

from baolei.province import divisions, names, people, scenario
from baolei.province.people import Population
from baolei.province.records import Person

_BASE = date(1900, 1, 1).toordinal()
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK = "10X98765432"
_DOMAIN_SLOTS = 20_000
PHONES = 10_000_000

# Women among those born before 1950, 1970, 1985, 1998 and later, in percent.
_WOMEN = (15, 20, 27, 38, 44)
_WOMEN_BY_SECTOR = {"village": 0.80, "health": 1.45, "school": 1.40, "community": 1.15, "soe": 0.85}

_SCHOOLING = {
    "rural": ("81 81 71 71 71 61", "71 71 71 81 61 71 41", "71 71 61 61 41 31 31", "61 61 41 31 31 21", "31 31 21 21 61 41"),
    "urban": ("71 71 81 61 41", "71 61 61 41 31 31", "61 41 31 31 31 21 21", "31 31 21 21 21 61 14", "21 21 21 31 31 14"),
    "learned": ("61 41 31 31 71", "31 31 21 21 41 61", "21 21 21 31 14 31", "21 21 21 14 31 14", "21 21 21 14 14 31"),
    "student": ("21", "21", "14 11", "21 14 14 11", "31 21 21 21 14"),
}  # fmt: skip

# Ethnicities by domain in percent: Korean (10), Manchu (11), Mongol (02); the others are Han (01).
_YANBIAN = {
    "222401": 52,
    "222402": 50,
    "222404": 36,
    "222405": 58,
    "222406": 47,
    "222403": 6,
    "222424": 27,
    "222426": 19,
}
_MANCHU = {"220323": 38, "220582": 9}
_MONGOL = {"220721": 14}


def _partial(text: str, start: int) -> int:
    return sum(int(digit) * _WEIGHTS[start + place] for place, digit in enumerate(text))


_SEQUENCES = tuple((f"{n:03d}", _partial(f"{n:03d}", 14)) for n in range(1000))


@cache
def _birth(ordinal: int) -> tuple[str, int]:
    """A day as eight digits, and what they add to the check sum; kept for all domains of a process."""
    text = date.fromordinal(ordinal).isoformat().replace("-", "")
    return text, _partial(text, 6)


class Registrar:
    """Gives out identity numbers that no other domain can give out.

    The sequence numbers 790 to 999 of a county's code are its own domain's; of the rest, domain d
    uses d*10 to d*10+9 of every code.
    """

    def __init__(self, domain: divisions.Domain, chance: random.Random) -> None:
        codes = divisions.county_codes()
        self._draw = chance.random
        self._codes = tuple((code, _partial(code, 0)) for code in codes)
        self._own = codes.index(domain.code) if domain.code in codes else -1
        near = domain.parent[:4] if domain.zone else domain.code[:4] if domain.level == "prefecture" else ""
        self._near = tuple(i for i, code in enumerate(codes) if near and code.startswith(near))
        self._decade = domain.index * 10
        self._used: dict[int, int] = {}

    def number(self, birth: int, female: int) -> str:
        """The next free number of somebody born on a day."""
        draw = self._draw
        while True:
            if self._own >= 0 and draw() < 0.88:
                region = self._own
            elif self._near and draw() < 0.8:
                region = self._near[int(draw() * len(self._near))]
            else:
                region = int(draw() * len(self._codes))
            key = (region << 21 | birth) << 1 | female
            used = self._used.get(key, 0)
            if used < (105 if region == self._own else 5):
                break
        self._used[key] = used + 1
        if region == self._own:
            sequence = 790 + (birth * 7 + used) % 105 * 2 + 1 - female
        else:
            sequence = self._decade + (birth + used) % 5 * 2 + 1 - female
        code, first = self._codes[region]
        text, second = _birth(birth)
        tail, third = _SEQUENCES[sequence]
        return code + text + tail + _CHECK[(first + second + third) % 11]


def _ethnicities(domain: divisions.Domain) -> tuple[str, ...]:
    korean = 30 if domain.code == divisions.YANBIAN else _YANBIAN.get(domain.code, 2)
    manchu, mongol = _MANCHU.get(domain.code, 6), _MONGOL.get(domain.code, 1)
    table = ["10"] * korean + ["11"] * manchu + ["02"] * mongol + ["03"]
    return tuple(table + ["01"] * (100 - len(table)))


def _phone_base(domain: divisions.Domain) -> int:
    """First of the domain's own phone slots; a domain never has as many people as slots."""
    base = 0
    for other in divisions.domains():
        if other.code == domain.code:
            break
        base += 3 * scenario.members_at(other.code, 2011) + _DOMAIN_SLOTS
    return base


@cache
def _calendar(last: int) -> tuple[list[str], list[int]]:
    """For each day from 1900 on: as text, and the ordinal of the same day a year later."""
    days = [date.fromordinal(ordinal) for ordinal in range(_BASE, last + 1)]
    later = [
        (d.replace(year=d.year + 1) if (d.month, d.day) != (2, 29) else date(d.year + 1, 2, 28)).toordinal()
        for d in days
    ]
    return [d.isoformat() for d in days], later


class Writer:
    """Rows of members.csv and memberships.csv of one population."""

    def __init__(self, population: Population, seed: int) -> None:
        self.population = population
        domain = population.plan.domain
        self.chance = random.Random(f"{seed}:{domain.code}:identity")
        self.registrar = Registrar(domain, self.chance)
        self.ethnicities = _ethnicities(domain)
        self.phone = _phone_base(domain)
        self.iso, self.later = _calendar(population.today.toordinal() + 800)
        self.schooling = [
            [row.split() for row in _SCHOOLING[sector.schooling]] for sector in scenario.SECTORS
        ]
        self.women = [
            [percent / 100 * _WOMEN_BY_SECTOR.get(sector.code, 1.0) for percent in _WOMEN]
            for sector in scenario.SECTORS
        ]

    def rows(self) -> tuple[list[str], list[str]]:
        """All lines (with their ends) of both files."""
        population, draw, iso = self.population, self.chance.random, self.iso
        branches, elsewhere, number = population.plan.branches, population.elsewhere, self.registrar.number
        today, sectors = population.today.toordinal(), scenario.SECTORS
        self.people: list[Person] = []
        surnames = {korean: names.surnames(korean) for korean in (False, True)}
        given = {korean: names.given_names(korean) for korean in (False, True)}
        here = [(b.organization.code, b.sector, b.unit) for b in branches]
        members, spells, planted = [], [], {}
        for person, at in enumerate(population.at):
            code, sector, unit = here[at] if at >= 0 else elsewhere[-1 - at]
            birth, joined, left = population.birth[person], population.joined[person], population.left[person]
            born = iso[birth - _BASE]
            decade = names.decade(int(born[:4]))
            female = 1 if draw() < self.women[sector][decade] else 0
            ethnicity = self.ethnicities[int(draw() * 100)]
            korean = ethnicity == "10"
            name = (
                surnames[korean][int(draw() * names.POOL)]
                + given[korean][2 * decade + female][int(draw() * names.POOL)]
            )
            fault = branches[at].fault if at >= 0 else ""
            if fault == "namesakes":
                pair = planted.setdefault(at, [])
                name = pair[-1] if len(pair) % 2 and len(pair) < 6 else name
                pair.append(name)
            levels = self.schooling[sector][decade]
            end = left or today
            age = end - birth
            if sectors[sector].retires and (age > 21_915 or (female and age > 20_090 and draw() < 0.8)):
                occupation, unit = "retired", ""
            else:
                options = sectors[sector].occupations
                occupation = options[int(draw() * len(options))]
            converted = self.later[joined - _BASE]
            if fault == "late":
                converted = self.later[converted - _BASE]
            standing = people.STANDINGS[population.standing[person]] or (
                "formal" if converted <= end else "probationary"
            )
            identity = number(birth, female)
            slot = (self.phone + person) * 7_654_321 % PHONES
            members.append(
                f"{identity},{name},{2 if female else 1},{born},{ethnicity},{levels[int(draw() * len(levels))]},"
                f"{occupation},{standing},{iso[joined - _BASE]},{iso[converted - _BASE] if converted <= end else ''},"
                f"{unit},{'1980' if slot < 5_000_000 else '1990'}{slot:07d},{code},"
                f"{iso[population.since[person] - _BASE]},{iso[left - _BASE] if left else ''}\n"
            )
            earlier = population.earlier.get(person, ())
            for branch, start, until in earlier:
                spells.append(f"{identity},{branch},{iso[start - _BASE]},{iso[until - _BASE]}\n")
            self.people.append(
                Person(
                    identity,
                    birth,
                    sectors[sector].code,
                    occupation,
                    here[at][2] if at >= 0 else elsewhere[-1 - at][2],
                    joined,
                    left,
                    (*earlier, (code, population.since[person], left)),
                )
            )
        return members, spells
