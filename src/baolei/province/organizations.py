"""The tree of one domain: organizations, places, units and the branches that will hold members."""

import random
from dataclasses import dataclass, field
from datetime import date

from baolei.kernel.demo import MARK
from baolei.province import divisions, scenario, titles
from baolei.province.divisions import Domain

COUNTED = frozenset(
    "township_committee village_committee basic_committee general_branch branch joint_branch project_branch".split()
)
HOLDERS = frozenset(("branch", "joint_branch", "project_branch"))
NEVER = 4_000_000  # an ordinal after every day of the scenario


def day(year: int, month: int, number: int) -> int:
    return date(year, month, number).toordinal()


@dataclass(slots=True, eq=False)
class Organization:
    """A row of organizations.csv; days are ordinals, `closed` is NEVER while it is open."""

    code: str
    name: str
    short: str
    kind: str
    parent: str
    opened: int
    body: str
    label: str
    closed: int = NEVER
    region: str = ""
    successor: str = ""
    children: list["Organization"] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class Branch:
    """A branch as the simulation of people sees it."""

    organization: Organization
    weight: int
    sector: int
    unit: str
    index: int
    parent: Organization
    successor: int = -1
    sources: tuple[int, ...] = ()  # branches that founding members come from
    fixed: int = 0  # planted size: nobody comes or goes
    fault: str = ""
    alone: bool = True  # the unit's only organization: never merged away


class Plan:
    """One domain's organizations in the order of their founding; `count` = grassroots ones open so far."""

    def __init__(self, domain: Domain, seed: int) -> None:
        self.domain = domain
        self.chance = random.Random(f"{seed}:{domain.code}:organizations")
        self.place = divisions.title(domain)
        self.names = titles.Inventor(self.chance, self.place)
        self.organizations: list[Organization] = []
        self.branches: list[Branch] = []
        self.places: list[tuple[str, str, int, int]] = []
        self.units: list[tuple[str, str, str, str, str, int]] = []
        self.count = 0
        self._serial = 0
        self._units = 0

    def between(self, first: int, last: int) -> int:
        """A random day from first to last (first, if last is earlier)."""
        return first + int(self.chance.random() * (last - first + 1)) if last > first else first

    def found(
        self,
        parent: Organization | None,
        kind: str,
        body: str,
        short: str,
        opened: int,
        *,
        region: str = "",
        above: str = "",
    ) -> Organization:
        """Add an organization; it never opens before its parent."""
        self._serial += 1
        if parent is not None and opened < parent.opened:
            opened = parent.opened
        name, short_name = titles.organization(kind, body, short)
        organization = Organization(
            f"{MARK}{self.domain.code}{self._serial:06d}",
            name,
            short_name,
            kind,
            parent.code if parent else above,
            opened,
            body,
            short,
            region=region,
        )
        self.organizations.append(organization)
        if parent is not None:
            parent.children.append(organization)
        self.count += kind in COUNTED
        return organization

    def unit(self, name: str, kind: str, organization: Organization, region: str = "") -> str:
        """Add a unit overseen by an organization from its opening; gives the unit's code."""
        self._units += 1
        code = region or f"{self.domain.code}9{self._units:05d}"
        self.units.append((code, name, kind, region, organization.code, organization.opened))
        return code

    def branch(
        self,
        parent: Organization,
        sector: str,
        body: str,
        short: str,
        opened: int,
        weight: int,
        *,
        kind: str = "branch",
        unit: str = "",
        alone: bool = False,
        sources: tuple[int, ...] = (),
    ) -> Branch:
        """Add a branch (also a joint or project branch) that holds members."""
        organization = self.found(parent, kind, body, short, opened)
        branch = Branch(
            organization,
            weight,
            scenario.SECTOR[sector],
            unit,
            len(self.branches),
            parent,
            sources=sources,
            alone=alone,
        )
        self.branches.append(branch)
        return branch

    def size(self) -> int:
        """Size of a branch in a unit: skewed, 5 to 95."""
        return max(5, min(95, int(self.chance.lognormvariate(2.93, 0.55))))

    def split(
        self, parent: Organization, sector: str, parts: int, first: int, last: int, sizes=None, unit=""
    ) -> list[Branch]:
        """Numbered branches below a committee or general branch."""
        base, label = parent.body, parent.label
        start = sum(child.kind == "branch" for child in parent.children)
        found = []
        for index in range(start + 1, start + parts + 1):
            ordinal = f"第{titles.number(index)}"
            weight = self.between(*sizes) if sizes else self.size()
            opened = self.between(first, last)
            found.append(
                self.branch(parent, sector, base + ordinal, label + ordinal, opened, weight, unit=unit)
            )
        return found

    def enter(
        self, under: Organization, sector: str, shape: str, first: int, last: int, parts: int = 0
    ) -> None:
        """A unit of invented name with its organizations: `branch`, `general_branch` or `basic_committee`."""
        name, kind = self.names.unit(sector)
        short = name.removeprefix(self.place).removesuffix("有限公司")
        opened = self.between(first, last)
        if shape == "branch":
            branch = self.branch(under, sector, name, short, opened, self.size(), alone=True)
            branch.unit = self.unit(name, kind, branch.organization)
            return
        top = self.found(under, shape, name, short, opened)
        code = self.unit(name, kind, top)
        later = (min(top.opened, last), last)
        if shape == "general_branch" or parts <= 9:
            self.split(top, sector, parts, *later, unit=code)
            return
        groups, rest = divmod(parts, 4)
        for index in range(1, groups + 1):
            ordinal = f"第{titles.number(index)}"
            general = self.found(top, "general_branch", name + ordinal, short + ordinal, self.between(*later))
            general.body, general.label = f"{name}{ordinal}总支部", f"{short}{ordinal}总支"
            self.split(general, sector, 3, *later, unit=code)
        if rest:
            self.split(top, sector, rest, *later, unit=code)

    def ordered(self) -> list[Organization]:
        """Parents before children, siblings in the order of their founding."""
        out: list[Organization] = []
        stack = [self.organizations[0]]
        while stack:
            organization = stack.pop()
            out.append(organization)
            stack.extend(reversed(organization.children))
        return out
