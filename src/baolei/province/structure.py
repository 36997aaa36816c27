"""What stands in a domain at the start: townships, villages, work committees, units."""

from baolei.province import divisions, scenario, titles
from baolei.province.divisions import Domain, Town, Village
from baolei.province.organizations import Organization, Plan, day

_BEFORE = day(2010, 12, 31)
_PORTS = ("珲春公路口岸", "珲春铁路口岸", "圈河口岸", "沙坨子口岸")
_INVENTED_VILLAGES = (
    ("柳溪村", "few", 2),
    ("柳塘村", "many", 63),
    ("荫泉村", "namesakes", 26),
    ("柳岸村", "late", 24),
    ("柳坪村", "", 0),
)


def committee(plan: Plan) -> Organization:
    """The top of a domain: a local committee, or a development zone's work committee."""
    domain = plan.domain
    above = divisions.top_code(domain.parent) if domain.parent else ""
    founded = day(1949, 10, 1)
    if domain.zone:
        opened = plan.between(day(1993, 1, 1), day(2004, 12, 31))
        top = plan.found(None, "work_committee", plan.place, domain.name, opened, above=above)
        plan.unit(f"{domain.name}管理委员会", "organ", top)
        return top
    short = (
        domain.name.removesuffix("朝鲜族自治州") + "州" if domain.code == divisions.YANBIAN else domain.name
    )
    top = plan.found(None, "local_committee", plan.place, short, founded, region=domain.code, above=above)
    plan.unit(domain.name, domain.level, top, domain.code)
    return top


def skeleton(domain: Domain, seed: int) -> Plan:
    """A domain above the generated ones: its committee alone."""
    plan = Plan(domain, seed)
    committee(plan)
    return plan


def _village(plan: Plan, under: Organization, village: Village, town: str) -> None:
    body, name = plan.place + town + village.name, village.name
    sector = village.kind
    shape, first = plan.chance.random(), plan.between(day(1956, 1, 1), day(1998, 12, 31))
    single, general = (0.56, 0.93) if sector == "village" else (0.26, 0.70)
    if shape < single:
        weight = plan.between(13, 40)
        branch = plan.branch(under, sector, body, name, first, weight, alone=True)
        plan.unit(village.name, village.kind, branch.organization, village.code)
        return
    kind, parts = ("general_branch", (2, 3)) if shape < general else ("village_committee", (3, 5))
    top = plan.found(under, kind, body, name, first)
    plan.unit(village.name, village.kind, top, village.code)
    plan.split(top, sector, plan.between(*parts), top.opened, day(2008, 12, 31), (14, 32))


def _town(plan: Plan, top: Organization, town: Town) -> None:
    kind = "township_committee" if town.kind == "township" else "work_committee"
    opened = plan.between(day(1956, 1, 1), day(1984, 12, 31))
    own = plan.found(top, kind, plan.place + town.name, town.name, opened, region=town.code)
    plan.unit(town.name, town.kind, own, town.code)
    plan.branch(
        own,
        "organ",
        plan.place + town.name + "机关",
        town.name + "机关",
        plan.between(day(1985, 1, 1), _BEFORE),
        plan.between(16, 38),
        unit=plan.unit(f"{town.name}政务办公室", "organ", own),
        alone=True,
    )
    for village in town.villages:
        _village(plan, own, village, town.name)


def _invented_town(plan: Plan, top: Organization) -> None:
    """The invented township whose villages hold the planted faults (G-31)."""
    name, region = scenario.INVENTED_TOWN, plan.domain.code + "199"
    body = plan.place + name
    own = plan.found(top, "township_committee", body, name, day(1984, 5, 4), region=region)
    plan.unit(name, "township", own, region)
    plan.branch(own, "organ", body + "机关", name + "机关", day(1985, 3, 2), 22, alone=True)
    for index, (village, fault, fixed) in enumerate(_INVENTED_VILLAGES):
        opened = plan.between(day(1984, 6, 1), day(1998, 1, 1))
        branch = plan.branch(own, "village", body + village, village, opened, 24, alone=True)
        branch.fixed, branch.fault = fixed, fault
        plan.unit(village, "village", branch.organization, f"{region}{200 + index}")


def _work_committees(plan: Plan, top: Organization) -> dict[str, Organization]:
    word = {"province": "省", "prefecture": "州" if plan.domain.code == divisions.YANBIAN else "市"}
    mine = word.get(plan.domain.level, plan.domain.name[-1])
    found = {}
    for sectors, body, short in (
        (("organ",), "直属机关", f"{mine}直机关"),
        (("school",), "教育", f"{mine}教育"),
        (("health",), "卫生健康", f"{mine}卫健"),
        (("soe",), "国有企业", f"{mine}国企"),
        (("private", "social"), "非公有制经济组织和社会组织", f"{mine}两新"),
    ):
        opened = plan.between(day(1986, 1, 1), day(2003, 12, 31))
        own = plan.found(top, "work_committee", plan.place + body, short, opened)
        own.short = short + "工委"
        for sector in sectors:
            found[sector] = own
    return found


def _universities(plan: Plan, under: Organization) -> None:
    for index in range(36):
        name = plan.names.university(index)
        opened = plan.between(day(1950, 1, 1), day(1999, 12, 31))
        top = plan.found(under, "basic_committee", name, name, opened)
        unit = plan.unit(name, "university", top)
        first = plan.between(0, 4)
        for college in titles.COLLEGES[first : first + 12]:
            general = plan.found(
                top, "general_branch", name + college, college, plan.between(top.opened, _BEFORE)
            )
            for sector, word in (("staff", "教工"), ("student", "学生第一"), ("student", "学生第二")):
                opened = plan.between(general.opened, _BEFORE)
                weight = plan.between(12, 26)
                body = name + college + word
                plan.branch(general, sector, body, college + word, opened, weight, unit=unit)


def _bystanders(plan: Plan, top: Organization, committees: dict[str, Organization]) -> None:
    """Party groups, temporary and floating members' organizations, cells: no members of their own."""
    place, organ = plan.place, committees["organ"]
    for name in ("经济运行局", "民生保障局", "城乡建设服务局"):
        plan.found(top, "party_group", f"{place}{name}", name, day(1998, 4, 6))
    for index in (1, 2):
        word = f"第{titles.number(index)}驻村工作队"
        plan.found(
            organ, "temporary_branch", place + word, word, plan.between(day(2015, 6, 1), day(2016, 6, 1))
        )
    plan.found(top, "floating_org", f"{place}驻外", f"{plan.domain.name}驻外", day(2013, 9, 3))
    for branch in [branch for branch in plan.branches if branch.alone and not branch.fixed][:2]:
        body, label = branch.organization.body, branch.organization.label
        for word in ("第一", "第二"):
            plan.found(branch.organization, "party_cell", body + word, label + word, day(2009, 3, 4))


def _ports(plan: Plan, top: Organization) -> None:
    for port in _PORTS:
        own = plan.found(top, "functional_org", port + "国门", port, day(2013, 7, 1))
        unit = plan.unit(port, "port", own)
        opened = plan.between(day(1995, 1, 1), _BEFORE)
        body = f"{plan.place}{port}管理处"
        plan.branch(top, "organ", body, f"{port}管理处", opened, plan.between(9, 20), unit=unit, alone=True)


def joint(plan: Plan, under: Organization, opened: int, sources: tuple[int, ...] = ()) -> None:
    """A joint branch of small firms of one neighbourhood; it has no unit of its own."""
    name = plan.names.neighbourhood()
    plan.branch(
        under, "private", plan.place + name, name, opened, plan.size(), kind="joint_branch", sources=sources
    )


_FILL = {
    "county": (("organ", 48), ("school", 13), ("health", 6), ("soe", 10), ("private", 20), ("social", 3)),
    "prefecture": (
        ("organ", 56),
        ("school", 8),
        ("health", 7),
        ("soe", 18),
        ("private", 9),
        ("social", 2),
    ),
    "province": (("organ", 52), ("health", 6), ("soe", 36), ("private", 3), ("social", 3)),
}


def _fill(plan: Plan, committees: dict[str, Organization], target: int) -> None:
    """Units until the domain holds exactly `target` grassroots organizations."""
    sectors, weights = zip(*_FILL[plan.domain.level], strict=True)
    if plan.count > target:
        raise ValueError(f"{plan.domain.code}: {plan.count} > {target}")
    first = day(1978, 12, 1)
    while (left := target - plan.count) > 0:
        sector = plan.chance.choices(sectors, weights)[0]
        under, shape = committees[sector], plan.chance.random()
        if sector == "private" and shape < 0.14:
            joint(plan, under, plan.between(first, _BEFORE))
        elif left < 12 or shape < 0.42:
            plan.enter(under, sector, "branch", first, _BEFORE)
        elif shape < 0.76 or left < 40:
            plan.enter(under, sector, "general_branch", first, _BEFORE, plan.between(2, 4))
        else:
            plan.enter(under, sector, "basic_committee", first, _BEFORE, plan.between(4, 22))


def build(domain: Domain, seed: int) -> tuple[Plan, dict[str, Organization]]:
    """The domain on 2011-12-31 and its work committees by sector."""
    plan = Plan(domain, seed)
    top = committee(plan)
    for town in domain.towns:
        _town(plan, top, town)
    if domain.code in scenario.INVENTED_IN:
        _invented_town(plan, top)
    committees = _work_committees(plan, top)
    if domain.level == "province":
        _universities(plan, committees["school"])
    if domain.code == divisions.HUNCHUN:
        _ports(plan, top)
    _fill(plan, committees, scenario.organizations_at(domain.code, scenario.FIRST_YEAR - 1))
    _bystanders(plan, top, committees)
    return plan, committees
