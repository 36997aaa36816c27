"""Who stands in which branch, day by day: the members of one domain from 2011-12-31 on.

Everybody who enters the register in a domain is simulated there to the end, wherever he or she moves,
so that domains need nothing of each other but the list of branches that can receive.
"""

import random
from datetime import date

from baolei.province import scenario
from baolei.province.organizations import NEVER, Branch, Plan, day
from baolei.province.scenario import SECTOR, SECTORS, START

DECEASED, TRANSFERRED, EXPELLED, REMOVED, ADVISED, CANCELLED, SUSPENDED = range(1, 8)
STANDINGS = ",deceased,transferred_out,expelled,removed,advised_out,probation_cancelled,suspended".split(",")

ADULT = 6_760  # days: eighteen and a half years
LEAST = 5  # nobody leaves a smaller branch
MOST = 48  # nobody enters a larger branch that bears a real place's name
STUDENT = SECTOR["student"]
_BANDS = ((20, 36), (36, 46), (46, 56), (56, 66), (66, 86))


def receivers(plan: Plan) -> list[tuple[str, int, str]]:
    """Branches that members of other domains may move to: (code, sector, unit); they stay open to the end."""
    return [
        (branch.organization.code, branch.sector, branch.unit)
        for branch in plan.branches
        if branch.organization.closed == NEVER
        and branch.organization.opened <= START
        and not branch.fixed
        and branch.sector != STUDENT
        and not SECTORS[branch.sector].real_name
    ]


def allocate(branches: list[Branch], total: int) -> list[int]:
    """Members of each branch, in proportion to its weight, planted sizes kept, summing to `total`."""
    free = total - sum(branch.fixed for branch in branches)
    weights = sum(branch.weight for branch in branches if not branch.fixed)
    sizes = []
    for branch in branches:
        size = branch.fixed or max(LEAST, branch.weight * free // weights)
        sizes.append(min(size, MOST) if SECTORS[branch.sector].real_name and not branch.fixed else size)
    open_ended = [i for i, b in enumerate(branches) if not SECTORS[b.sector].real_name and not b.fixed]
    left, place = total - sum(sizes), 0
    while left:
        index = open_ended[place % len(open_ended)]
        place += 1
        step = 1 if left > 0 else -1
        if sizes[index] + step >= LEAST:
            sizes[index] += step
            left -= step
    return sizes


def _age_table(sector: int) -> list[int]:
    if sector == STUDENT:
        return [days for years in (19, 20, 21, 22) for days in (years * 365 + 280,)]
    table = []
    for (low, high), weight in zip(_BANDS, SECTORS[sector].ages, strict=True):
        steps = weight * 4
        table += [int((low + (high - low) * step / steps) * 365.25) for step in range(steps)]
    return table


class Population:
    """Parallel lists, one entry a person; `at` is a branch's index, or -1 - k for the k-th receiver elsewhere."""

    def __init__(self, plan: Plan, seed: int, today: date, elsewhere: list, own: tuple[int, int]) -> None:
        self.plan, self.today = plan, today
        self.elsewhere, self.own = elsewhere, own
        self.random = random.Random(f"{seed}:{plan.domain.code}:people").random
        self.choices = random.Random(f"{seed}:{plan.domain.code}:choices").choices
        self.at: list[int] = []
        self.since: list[int] = []
        self.joined: list[int] = []
        self.birth: list[int] = []
        self.left: list[int] = []
        self.standing: list[int] = []
        self.earlier: dict[int, list[tuple[str, int, int]]] = {}
        self.present = 0
        self.size = [0] * len(plan.branches)
        self.roster: list[list[int]] = [[] for _ in plan.branches]
        self.graduates: dict[int, list[int]] = {}

    def between(self, first: int, last: int) -> int:
        return first + int(self.random() * (last - first + 1)) if last > first else first

    def add(self, branch: int, birth: int, joined: int, since: int) -> int:
        person = len(self.at)
        self.at.append(branch)
        self.birth.append(birth)
        self.joined.append(joined)
        self.since.append(since)
        self.left.append(0)
        self.standing.append(0)
        self.size[branch] += 1
        self.roster[branch].append(person)
        self.present += 1
        return person

    def move(self, person: int, target: int, on: int) -> None:
        """From the present branch to another (or a receiver elsewhere) on a day."""
        here = self.at[person]
        code = self.plan.branches[here].organization.code
        self.earlier.setdefault(person, []).append((code, self.since[person], on))
        self.size[here] -= 1
        self.at[person], self.since[person] = target, on
        if target >= 0:
            self.size[target] += 1
            self.roster[target].append(person)

    def leave(self, person: int, standing: int, on: int) -> None:
        self.left[person], self.standing[person] = on, standing
        self.present -= 1
        if self.at[person] >= 0:
            self.size[self.at[person]] -= 1

    def begin(self, total: int) -> None:
        """Everybody on 2011-12-31."""
        draw, add, between = self.random, self.add, self.between
        tables = [_age_table(index) for index in range(len(SECTORS))]
        opened = [branch for branch in self.plan.branches if branch.organization.opened <= START]
        for branch, size in zip(opened, allocate(opened, total), strict=True):
            ages, founded = tables[branch.sector], branch.organization.opened
            for _ in range(size):
                age = ages[int(draw() * len(ages))] + int(draw() * 365)
                birth = START - age
                chance = draw()
                joined = birth + ADULT + int(chance * chance * min(age - ADULT, 9_500))
                if branch.fault == "late":
                    joined = between(day(2009, 6, 1), day(2010, 11, 30))
                    birth = joined - between(7_500, 13_000)
                since = joined if joined > founded else founded
                if draw() < 0.4:
                    since = between(since, START)
                person = add(branch.index, birth, joined, since)
                if branch.sector == STUDENT:
                    year = scenario.FIRST_YEAR + int(draw() * 3)
                    self.graduates.setdefault(year, []).append(person)
