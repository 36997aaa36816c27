"""What happens to the members of a domain, year by year: they join, move, leave and die."""

from functools import partial
from itertools import accumulate

from baolei.province import scenario
from baolei.province.organizations import Branch, day
from baolei.province.people import (
    ADULT,
    ADVISED,
    CANCELLED,
    DECEASED,
    EXPELLED,
    LEAST,
    MOST,
    REMOVED,
    STUDENT,
    SUSPENDED,
    TRANSFERRED,
    Population,
)
from baolei.province.scenario import SECTORS


def live(people: Population) -> None:
    """From 2011-12-31 until the population's today; targets of every year end are met exactly."""
    people.begin(scenario.members_at(people.plan.domain.code, scenario.FIRST_YEAR - 1))
    for year in range(scenario.FIRST_YEAR, people.today.year + 1):
        Year(people, year).run()


class Year:
    """One year of a population: nobody has more than one event in a year beside joining."""

    def __init__(self, people: Population, year: int) -> None:
        self.people, self.year = people, year
        self.first = day(year, 1, 1)
        self.last = min(day(year, 12, 31), people.today.toordinal())
        self.known = len(people.at)
        self.branches = people.plan.branches
        self.part = (self.last - self.first + 1) / 365

    def run(self) -> None:
        people, standing = self.people, self.people.present
        self.close_and_open()
        self.targets()
        replaced = self.graduate()
        self.leave(standing)
        self.change_branch(standing)
        target = scenario.at(partial(scenario.members_at, people.plan.domain.code), self.year, people.today)
        arriving = round(standing * scenario.ARRIVALS * self.part)
        missing = target - people.present
        while missing < 0:
            people.leave(self.pick(), TRANSFERRED, people.between(self.first, self.last))
            missing += 1
        self.arrive(min(arriving, missing))
        self.join(target - people.present, replaced)

    def close_and_open(self) -> None:
        people, first, last = self.people, self.first, self.last
        for branch in self.branches:
            organization = branch.organization
            if first <= organization.closed <= last:
                for person in people.roster[branch.index]:
                    if people.at[person] == branch.index and not people.left[person]:
                        target = branch.successor
                        people.move(person, self.room() if self.full(target) else target, organization.closed)
        for branch in self.branches:
            if first <= branch.organization.opened <= last:
                self.staff(branch)

    def room(self) -> int:
        """A branch that takes those for whom a successor has no room."""
        while True:
            branch = self.branches[int(self.people.random() * len(self.branches))]
            organization = branch.organization
            if organization.opened < self.first and organization.closed > self.last and not branch.fixed:
                if branch.sector != STUDENT and not self.full(branch.index):
                    return branch.index

    def staff(self, branch: Branch) -> None:
        """A new branch begins with members of the branches that it comes from."""
        people, opened = self.people, branch.organization.opened
        wanted = max(5, branch.weight * 2 // 3)
        share = wanted // max(1, len(branch.sources)) + 1
        for source in branch.sources:
            most = min(share, wanted, people.size[source] - 9)
            for person in people.roster[source]:
                if most <= 0:
                    break
                if (
                    people.at[person] == source
                    and not people.left[person]
                    and people.since[person] < self.first
                ):
                    if people.random() < 0.5:
                        people.move(person, branch.index, opened)
                        most, wanted = most - 1, wanted - 1
        while people.size[branch.index] < LEAST:
            person = self.pick()
            if people.at[person] >= 0:
                people.move(person, branch.index, opened)

    def targets(self) -> None:
        """Branches that can receive this year, with their weights for admissions and for moves."""
        able = [
            branch
            for branch in self.branches
            if branch.organization.opened <= self.last
            and branch.organization.closed > self.last
            and not branch.fixed
        ]
        grown = [branch for branch in able if branch.sector != STUDENT]
        self.students = [branch.index for branch in able if branch.sector == STUDENT]
        self.able = [branch.index for branch in grown]
        self.joining = list(accumulate(branch.weight * SECTORS[branch.sector].join for branch in grown))
        self.moving = list(accumulate(branch.weight for branch in grown))

    def full(self, branch: int) -> bool:
        return self.people.size[branch] >= MOST and SECTORS[self.branches[branch].sector].real_name

    def pick(self) -> int:
        """Somebody known since last year to whom nothing has happened this year."""
        people = self.people
        draw, left, since, at, size = people.random, people.left, people.since, people.at, people.size
        while True:
            person = int(draw() * self.known)
            if left[person] or since[person] >= self.first:
                continue
            branch = at[person]
            if branch < 0 or (size[branch] > LEAST and not self.branches[branch].fixed):
                return person

    def graduate(self) -> int:
        """Students leave their branch in June and July: half of them for a branch of the province."""
        people, moved = self.people, 0
        for person in people.graduates.get(self.year, ()):
            on = people.between(day(self.year, 6, 18), day(self.year, 7, 20))
            if people.left[person] or people.since[person] >= self.first or on > self.last:
                continue
            branch = people.at[person]
            if branch < 0 or self.branches[branch].sector != STUDENT:
                continue
            if people.size[branch] < 9:  # too few would stay, and most of them on probation
                people.graduates.setdefault(self.year + 1, []).append(person)
                continue
            if people.random() < 0.45 or not people.elsewhere:
                people.leave(person, TRANSFERRED, on)
            else:
                people.move(person, self.receiver(), on)
            moved += 1
        return moved

    def receiver(self) -> int:
        """A branch of another domain; the own domain's part of the list is passed over."""
        people = self.people
        start, end = people.own
        index = int(people.random() * (len(people.elsewhere) - end + start))
        return -1 - (index if index < start else index + end - start)

    def leave(self, standing: int) -> None:
        people, first, last = self.people, self.first, self.last
        for _ in range(round(standing * scenario.DEATHS * self.part)):
            while True:
                person = self.pick()
                age = (first - people.birth[person]) / 365.25
                if people.random() < (
                    0.02 if age < 45 else 0.05 if age < 60 else min(1.0, ((age - 42) / 48) ** 2)
                ):
                    break
            people.leave(person, DECEASED, people.between(first, last))
        for _ in range(round(standing * scenario.LEAVING_PROVINCE * self.part)):
            people.leave(self.pick(), TRANSFERRED, people.between(first, last))
        for _ in range(round(standing * scenario.DISPOSALS * self.part)):
            person, on, chance = self.pick(), people.between(first, last), people.random()
            standing_after = (
                REMOVED
                if chance < 0.4
                else EXPELLED
                if chance < 0.75
                else ADVISED
                if chance < 0.9
                else SUSPENDED
            )
            if people.joined[person] + 366 > on:
                standing_after = CANCELLED
            people.leave(person, standing_after, on)

    def change_branch(self, standing: int) -> None:
        people, first, last = self.people, self.first, self.last
        wanted = round(standing * scenario.MOVES_INSIDE * self.part)
        for target in people.choices(self.able, cum_weights=self.moving, k=wanted):
            person = self.pick()
            here = people.at[person]
            if here < 0 or here == target or self.full(target) or self.branches[here].sector == STUDENT:
                continue
            opened = self.branches[target].organization.opened
            people.move(person, target, people.between(max(first, opened), last))
        if not people.elsewhere:
            return
        for _ in range(round(standing * scenario.MOVES_ACROSS * self.part)):
            person = self.pick()
            if people.at[person] >= 0:
                people.move(person, self.receiver(), people.between(first, last))

    def _enter(self, branch: int) -> tuple[int, int]:
        """A branch with room, and the first day on which somebody can enter it this year."""
        while self.full(branch):
            branch = self.able[int(self.people.random() * len(self.able))]
        return branch, max(self.first, self.branches[branch].organization.opened)

    def arrive(self, number: int) -> None:
        """Members who come from other provinces."""
        people = self.people
        for drawn in people.choices(self.able, cum_weights=self.moving, k=number):
            branch, first = self._enter(drawn)
            on = people.between(first, self.last)
            birth = on - people.between(8_600, 14_000)
            people.add(branch, birth, people.between(birth + ADULT, on - 400), on)

    def join(self, number: int, replaced: int) -> None:
        """Admissions; students take the places of those who graduated."""
        people, draw = self.people, self.people.random
        pupils = min(number, replaced) if self.students else 0
        summer = day(self.year, 6, 15)
        for drawn in people.choices(self.able, cum_weights=self.joining, k=number - pupils):
            branch, first = self._enter(drawn)
            on = people.between(first, self.last)
            if on < summer and draw() < 0.4 and summer + 16 <= self.last:
                on = summer + int(draw() * 17)
            chance = draw()
            people.add(branch, on - 6_900 - int(chance**4 * 8_500), on, on)
        for _ in range(pupils):
            some = [self.students[int(draw() * len(self.students))] for _ in range(3)]
            branch = min(some, key=people.size.__getitem__)
            on = people.between(self.first, self.last)
            person = people.add(branch, on - 6_940 - int(draw() * 1_300), on, on)
            people.graduates.setdefault(self.year + 1 + int(draw() * 2.6), []).append(person)
