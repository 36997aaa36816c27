"""How the organizations of a domain live from 2012 on: they open, merge and change their parent."""

from datetime import date
from functools import partial

from baolei.province import divisions, scenario, structure, titles
from baolei.province.divisions import Domain
from baolei.province.organizations import NEVER, Branch, Organization, Plan, day

_STUDENT = scenario.SECTOR["student"]


class Life:
    """The years of one domain's organizations."""

    def __init__(self, plan: Plan, committees: dict[str, Organization]) -> None:
        self.plan = plan
        self.committees = committees
        self._by_parent: dict[str, list[Branch]] = {}
        self._indexed = 0

    def index(self) -> None:
        """Take the branches founded since the last call into the list by parent."""
        for branch in self.plan.branches[self._indexed :]:
            self._by_parent.setdefault(branch.parent.code, []).append(branch)
        self._indexed = len(self.plan.branches)

    def _beside(self, branch: Branch) -> list[Branch]:
        """Open branches under the same parent that may take part in a merger."""
        return [
            other
            for other in self._by_parent[branch.parent.code]
            if other is not branch
            and other.organization.closed == NEVER
            and not other.fixed
            and not other.alone
        ]

    def merge(self, year: int, last: int, wanted: int) -> None:
        """Close branches in the first half of the year; the members go to a branch beside."""
        plan, tries = self.plan, wanted * 40 + 200
        latest = min(last, day(year, 6, 30))
        settled = day(year - 1, 7, 1)
        taken: set[int] = set()
        while wanted > 0 and tries > 0:
            tries -= 1
            branch = plan.chance.choice(plan.branches)
            organization = branch.organization
            if branch.alone or branch.fixed or organization.closed < NEVER or branch.index in taken:
                continue
            if organization.opened >= settled or branch.sector == _STUDENT:
                continue
            beside = self._beside(branch)
            fitting = [
                other
                for other in beside
                if other.index not in taken
                and other.organization.opened < settled
                and other.weight + branch.weight <= 40
            ]
            if len(beside) < 2 or not fitting:
                continue
            successor = plan.chance.choice(fitting)
            organization.closed = plan.between(day(year, 1, 5), latest)
            organization.successor = successor.organization.code
            branch.successor = successor.index
            successor.weight += branch.weight // 2
            taken |= {branch.index, successor.index}
            plan.count -= 1
            wanted -= 1

    def _sources(self, opened: int, among: list[Branch]) -> tuple[int, ...]:
        """Branches whose members found the new one: open before this year and through it."""
        year = date.fromordinal(opened).year
        fitting = [
            branch
            for branch in among
            if branch.organization.opened < day(year, 1, 1)
            and branch.organization.closed == NEVER
            and not branch.fixed
            and branch.sector != _STUDENT
        ]
        return tuple(branch.index for branch in self.plan.chance.sample(fitting, min(4, len(fitting))))

    def open(self, opened: int) -> None:
        """One new branch: of a firm, of several firms, of a project, or split off another branch."""
        plan, chance = self.plan, self.plan.chance.random()
        around = [plan.chance.choice(plan.branches) for _ in range(12)]
        sources = self._sources(opened, around)
        if chance < 0.42:
            sector = "private" if chance < 0.36 else "social"
            plan.enter(self.committees[sector], sector, "branch", opened, opened)
            plan.branches[-1].sources = sources
        elif chance < 0.55:
            structure.joint(plan, self.committees["private"], opened, sources)
        elif chance < 0.61:
            name = plan.names.project()
            under = self.committees["soe"]
            body = plan.place + name
            plan.branch(under, "soe", body, name, opened, plan.size(), kind="project_branch", sources=sources)
        else:
            self._split(opened, around, sources)
        new = plan.branches[-1]
        new.weight = min(new.weight, 30)
        self.index()

    def _split(self, opened: int, around: list[Branch], sources: tuple[int, ...]) -> None:
        plan = self.plan
        while True:
            first = plan.chance.choice(plan.branches)
            if first.parent.kind in ("general_branch", "basic_committee", "village_committee"):
                if first.sector != _STUDENT and not first.alone:
                    break
        parent = first.parent
        siblings = self._sources(opened, self._by_parent[parent.code])
        parts = 1 + sum(child.kind == "branch" for child in parent.children)
        sector, ordinal = scenario.SECTORS[first.sector].code, f"第{titles.number(parts)}"
        plan.branch(
            parent,
            sector,
            parent.body + ordinal,
            parent.label + ordinal,
            opened,
            plan.between(10, 18),
            unit=first.unit,
            sources=siblings or sources,
        )

    def year(self, year: int, last: int, target: int, part: float) -> None:
        """One year: mergers, then as many openings as the target asks for."""
        first = day(year, 1, 1)
        wanted = round(len(self.plan.branches) * scenario.CLOSINGS * part)
        self.merge(year, last, max(wanted, self.plan.count - target))
        if self.plan.count > target:
            raise ValueError(f"{self.plan.domain.code} {year}: {self.plan.count} > {target}")
        while self.plan.count < target:
            self.open(self.plan.between(first, last))


def _moves(plan: Plan, committees: dict[str, Organization], scale: set[str]) -> None:
    """Earlier places: a county, an invented township and a few firms' branches had another parent."""
    domain, top = plan.domain, plan.organizations[0]
    if domain.code == divisions.GONGZHULING and scenario.GONGZHULING_BEFORE in scale:
        before = divisions.top_code(scenario.GONGZHULING_BEFORE)
        plan.places.append((top.code, before, top.opened, scenario.GONGZHULING_MOVED_ON - 1))
    neighbour = scenario.INVENTED_IN.get(domain.code)
    if neighbour and neighbour in scale:
        for town in top.children:
            if town.body.endswith(scenario.INVENTED_TOWN):
                before = divisions.top_code(neighbour)
                plan.places.append((town.code, before, town.opened, scenario.INVENTED_MOVED_ON - 1))
    old, new = committees["organ"], committees["private"]
    firms = [
        child
        for child in new.children
        if child.kind == "branch" and child.closed == NEVER and old.opened <= child.opened < day(2012, 1, 1)
    ]
    for firm in plan.chance.sample(firms, min(3, len(firms))):
        moved = plan.between(day(2013, 3, 1), day(2021, 12, 1))
        plan.places.append((firm.code, old.code, firm.opened, moved - 1))


def lived(domain: Domain, seed: int, today: date, scale: set[str]) -> Plan:
    """The domain's organizations from the beginning until `today`; `scale` = codes of all domains written."""
    plan, committees = structure.build(domain, seed)
    life = Life(plan, committees)
    life.index()
    for year in range(scenario.FIRST_YEAR, today.year + 1):
        last = min(day(year, 12, 31), today.toordinal())
        target = scenario.at(partial(scenario.organizations_at, domain.code), year, today)
        life.year(year, last, target, (last - day(year, 1, 1) + 1) / 365)
    _moves(plan, committees, scale)
    plan.places.sort()
    return plan
