"""What the walks over all addresses share: the addresses, rows on both sides of a border, and reading answers."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from io import BytesIO
from itertools import product
from xml.etree import ElementTree
from zipfile import ZipFile

from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from baolei.accounts.actions import make_token
from baolei.accounts.models import Grant, Token, User
from baolei.accounts.queries import actor_of
from baolei.accounts.tests.factories import GrantFactory, UserFactory
from baolei.config.tests.any_row import any_row, record_lists
from baolei.development.actions import apply
from baolei.development.models import Applicant, Notice
from baolei.disposals.actions import open_disposal
from baolei.disposals.models import Disposal
from baolei.kernel import audit
from baolei.kernel.access import NOBODY, roles
from baolei.kernel.models import Batch, BatchRow, ExportRequest, Upload
from baolei.kernel.spells import days
from baolei.members.actions import make_card
from baolei.members.models import Card
from baolei.members.tests.factories import MemberFactory, make_id_number
from baolei.members.tests.world import NO_PASSWORD, World, make_person, make_world
from baolei.organizations.models import Organization
from baolei.organizations.tests.factories import make_branch, make_unit
from baolei.portal.complaints.actions import pass_on
from baolei.portal.complaints.subjects import Subject
from baolei.portal.models import Complaint, Edition
from baolei.portal.tests.factories import SYSTEM, file_complaint, make_edition
from baolei.reviews.actions import close_round, open_round
from baolei.reviews.models import Closing, ClosingLine, Finding, Goal, Proposal, Round
from baolei.reviews.tests.factories import make_reported
from baolei.transfers.actions import ask, release
from baolei.transfers.finder import find_hints
from baolei.transfers.jobs import FINDER
from baolei.transfers.models import Floating, Hint, PocketCase, ReportIn, Transfer
from baolei.transfers.pocket_actions import open_case
from baolei.transfers.report_actions import report_in

PAST = "2016-12-31"
PERSONS = ("邹西平", "邹离西", "邹众西", "邹途西", "邹示西")
CONTENTS = ("西岭旧支部", "西岭厂", "西岭社区")
WATCHED = "西岭县干事"
"""The officer whose export only the west's data protection officer reads of."""

COMPLAINTS = ("portal:complaint", "portal:complaint_history", "portal:answer", "portal:pass_on")
STEPS = {
    "transfers:case_step": "contact",
    "transfers:hint_step": "confirm",
    "development:step": "stop",
    "disposals:step": "talk",
    "reviews:step": "excuse",
    "reviews:put": "honour",
    "reviews:proposal": "plan",
    "transfers:report_step": "close",
    "transfers:floating_step": "contact",
}
HINTS = ("transfers:hint", "transfers:hint_step")
CHANGES = tuple(f"organizations:{noun}" for noun in ("found", "rename", "move", "merge", "split", "close"))
"""Of the west they are asked about the one open branch where nothing waits."""
EMPTY_BRANCH = "西岭空支部"
FILTERED = ("organizations", "members", "accounts", "figures")
QUERIES = (
    "",
    "?in={west}",
    f"?on={PAST}",
    f"?in={{west}}&on={PAST}",
    "?organization={west}",
    "?q=西岭",
    "?standing=",
    "?state=closed",
    "?since=2012-01-01",
)
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

AGREED = {
    "state": "agreed",
    "decided_id": 0,
    "decided_name": "复核人",
    "decided_at": timezone.now(),
    "until": timezone.now() + timedelta(days=7),
}
"""A second person, who is none of the officers, has agreed."""


def routes(resolver=None, prefix="", name=""):
    """(full name, route, pattern) of every address of the product."""
    for part in (resolver or get_resolver()).url_patterns:
        route = prefix + str(part.pattern)
        if isinstance(part, URLPattern):
            yield f"{name}{part.name}", route, part
        elif isinstance(part, URLResolver):
            yield from routes(part, route, f"{name}{part.namespace}:" if part.namespace else name)


def make_border() -> World:
    """East and west, and of the west what must not appear anywhere for an officer of the east.

    Further officers: a data protection officer on each side, the secretary of the west's branch, and one with every
    role in the east ("intruder") and in the whole province ("owner").
    """
    made = make_world()
    make_person(made.west_branch, "邹离西", standing="deceased", left_on=date(2020, 1, 1))
    for _ in range(12):
        MemberFactory(branch=made.west_branch, name="邹众西")
    make_branch(made.west, name="西岭旧支部", closed_on=date(2020, 1, 1))
    make_unit(made.west_branch, name="西岭厂")
    make_unit(make_branch(made.west, name=EMPTY_BRANCH), name="西岭站")
    for name, place, held in (
        ("east_watcher", made.east, ("data_protection_officer",)),
        ("west_watcher", made.west, ("data_protection_officer",)),
        ("west_secretary", made.west_branch, ("branch_secretary",)),
        ("intruder", made.east, roles()),
        ("owner", made.root, roles()),
    ):
        made.officers[name] = UserFactory(name=name, password=NO_PASSWORD)
        for role in held:
            GrantFactory(user=made.officers[name], organization=place, role=role)
    made.officers["west"].name = WATCHED
    made.officers["west"].save(update_fields=["name"])
    audit.record("kernel.sheet.export", actor=actor_of(made.officers["west"]), detail={"rows": 1})
    _make_complaints(made, make_edition(made.west))
    for name, problem in (("west", "西岭厂"), ("east", "东山厂")):
        officer = made.officers[name]
        batch = Batch.objects.create(
            actor_name=officer.name, source="名册.xlsx", state=Batch.State.DONE, finished_at=timezone.now()
        )
        BatchRow.objects.create(batch=batch, model="organizations.Unit", row_id=0)
        for state, brought in ((Upload.State.CHECKED, None), (Upload.State.TAKEN, batch)):
            Upload.objects.create(
                name="名册.xlsx",
                sheet="units",
                state=state,
                batch=brought,
                actor_id=officer.pk,
                actor_name=officer.name,
                counts={"new": 1},
                problems=[{"row": 2, "column": "name", "value": problem, "message": "试", "advice": "试"}],
                total_problems=1,
            )
        for number, decided in enumerate(({}, AGREED)):
            asked = ExportRequest.objects.create(
                page="members:export",
                title=f"{problem}名单{number}",
                purpose="走查",
                form="csv",
                rows=1,
                key=made.west.key if name == "west" else made.east.key,
                actor_id=officer.pk,
                actor_name=officer.name,
            )
            ExportRequest.objects.filter(pk=asked.pk).update(**decided)
    token = {"name": "试", "purpose": "走查", "last_day": timezone.localdate()}
    make_token(made.officers["west"], actor=actor_of(made.officers["west"]), **token)
    _make_records(made)
    make_card(made.theirs, actor=actor_of(made.officers["west"]))
    _make_custody(made)
    _make_development(made)
    _make_round(made)
    _make_disposal(made)
    return made


def _make_development(world: World) -> None:
    """Somebody of each side who applied; the notice about another of the west is over."""
    entered = {"ethnicity": "01", "education": "21", "occupation": "farmer", "on": date(2016, 1, 1)}
    for branch, side, name in ((world.west_branch, "west", "邹途西"), (world.east_branch, "east", "申途东")):
        number = make_id_number(birth_date=date(1990, 1, 1))
        apply(branch, actor=actor_of(world.officers[side]), name=name, id_number=number, **entered)
    Notice.rows.create(
        applicant=Applicant.rows.filter(branch=world.west_branch, stage="left").first(),
        branch=world.west_branch,
        kind=Notice.Kind.TARGET,
        since=date(2016, 1, 4),
        until=date(2016, 1, 8),
        contact="走查",
    )


def _make_custody(world: World) -> None:
    """Somebody of the west on the way to another province, and somebody of whom there is a hint."""
    member = MemberFactory(branch=world.west_branch, name="邹途西")
    west = actor_of(world.officers["west"])
    late = {"asked_on": date(2016, 1, 1), "due_on": date(2016, 2, 1)}
    transfer = release(ask(member, actor=west, outside="310000"), actor=west, letter="走查")
    Transfer.rows.filter(pk=transfer.pk).update(**late)
    transfer.refresh_from_db()
    open_case(transfer, actor=west)
    report_in(
        world.west_branch,
        actor=NOBODY,
        name="邹途西",
        phone="13900002222",
        outside="",
        letter="",
        slip="ABCD-EFGH-JKMN",
    )
    hinted = MemberFactory(branch=world.west_branch, name="邹示西")
    left = {"member": hinted, "sender": world.west_branch, "kind": "leaving", "outside": "310000"}
    left |= {"asked_on": date(2015, 1, 1), "state": "released", "via_platform": False}
    Transfer.rows.create(ref="走查一", **left)
    given = {"destination": "other_province", "during": days(date(2015, 1, 1), None)}
    Floating.rows.create(ref="走查二", member=hinted, organization=world.west_branch, **given)
    find_hints(None, actor=FINDER)


def _make_disposal(world: World) -> None:
    """The west's branch has proposed something about one of its members."""
    member = MemberFactory(branch=world.west_branch, name="邹途西")
    secretary = actor_of(world.officers["west_secretary"])
    open_disposal(member, actor=secretary, ground="30", kind="rectify")


def _make_round(world: World) -> None:
    """The west's branch has begun this year's appraisal, and an earlier one is closed: one is excellent, one is not."""
    secretary = actor_of(world.officers["west_secretary"])
    Goal.rows.create(member=world.theirs, organization=world.west_branch, year=2016, words="走查")
    round = open_round(world.west_branch, actor=secretary, year=timezone.localdate().year)
    earlier = make_reported(world.west_branch, graded=2, year=2015)
    Finding.rows.filter(round=earlier, grade="qualified").update(grade="basic")
    close_round(earlier, actor=SYSTEM)
    closing = Closing.objects.create(actor_id=world.officers["west"].pk, act="close")
    refused = {"outcome": "refused", "why": "走查", "settled_at": timezone.now()}
    ClosingLine.objects.create(closing=closing, round=round, **refused)


def _make_complaints(world: World, edition: Edition) -> None:
    """About the west's edition, one held by the west itself, one handed to the east."""
    file_complaint(Subject(edition=edition), text="西岭厂")
    handed = file_complaint(Subject(edition=edition), text="试")
    pass_on(handed, actor=SYSTEM, to=world.east)


def _make_records(world: World) -> None:
    """A record of every kind on both sides; the west's are those of the unit and the member of the west."""
    for branch, member, name in (
        (world.west_branch, world.theirs, "西岭社区"),
        (world.ours.branch, world.ours, "东山社区"),
    ):
        for noun, page in record_lists().items():
            unit = make_unit(branch, name=name)
            any_row(noun, page.queryset().model, branch, member=member, unit=unit)


def values(world: World, name: str, *, side: str = "") -> dict[str, list]:
    """Values for the variable parts of an address: every row of both sides, or of the west alone."""
    west = side == "west"
    theirs = Grant.rows.filter(organization=world.west)
    # What is taken back has been taken; every other write is about a file that waits.
    taken = {"state": Upload.State.TAKEN} if name == "uploads:recall" else {"state": Upload.State.CHECKED}
    uploads = Upload.objects.filter(**taken if name.startswith("uploads:") else {})
    state = "agreed" if name == "exports:take" else "asked"
    asked = ExportRequest.objects.filter(state=state)
    uids = {
        "organizations": [world.west.uid, world.west_branch.uid] if west else _uids(Organization.rows),
        "members": [world.theirs.uid] if west else [world.ours.uid, world.theirs.uid],
        "accounts": [world.officers["west"].uid] if west else _uids(User.objects),
        "portal": _uids(Edition.rows),
        "exports": _uids(asked.filter(**({"actor_id": world.officers["west"].pk} if west else {}))),
        "uploads": _uids(uploads.filter(**({"actor_id": world.officers["west"].pk} if west else {}))),
    }
    uids["transfers"] = uids["members"]
    if name in ("transfers:step", "transfers:letter"):
        uids["transfers"] = _uids(Transfer.rows.filter(run_here=True))
    if name in ("transfers:arrive", "transfers:poster", "transfers:report_in"):
        uids["transfers"] = [world.west_branch.uid]
    if name == "transfers:report_step":
        uids["transfers"] = _uids(ReportIn.rows.filter(closed_on=None))
    if name == "transfers:case_step":
        uids["transfers"] = _uids(PocketCase.rows.exclude(transfer=None))
    if name == "transfers:floating_step":
        uids["transfers"] = _uids(Floating.rows.filter(during__upper_inf=True))
    if name in HINTS:
        uids["transfers"] = _uids(Hint.rows)
    if name in ("development:apply", "development:plan"):
        uids["development"] = [world.west_branch.uid]
    elif name in ("development:notice", "development:notice_sheet"):
        uids["development"] = _uids(Notice.rows)
    else:
        own = {"branch": world.west_branch} if west else {}
        uids["development"] = _uids(Applicant.rows.filter(stage="applicant", **own))
    own = name in ("disposals:open", "disposals:of_member")
    uids["disposals"] = uids["members"] if own else _uids(Disposal.rows)
    if name == "reviews:step":
        uids["reviews"] = _uids(Round.rows.filter(year=timezone.localdate().year))
    if name == "reviews:put":
        uids["reviews"] = _uids(Finding.rows.filter(grade="excellent"))
    if name == "reviews:proposal":
        uids["reviews"] = _uids(Proposal.rows)
    if name == "reviews:closing":
        uids["reviews"] = _uids(Closing.objects)
    if name == "reviews:finding":
        uids["reviews"] = _uids(Finding.rows.filter(member=world.theirs) if west else Finding.rows)
    if name in ("reviews:goal", "reviews:goal_agree"):
        uids["reviews"] = _uids(Goal.rows)
    if name in ("reviews:findings", "reviews:goals", "reviews:open"):
        uids["reviews"] = [world.west_branch.uid] if name == "reviews:open" else uids["members"]
    if name in CHANGES:
        open_ones = Organization.rows.filter(closed_on=None)
        uids["organizations"] = _uids(open_ones.filter(short_name=EMPTY_BRANCH) if west else open_ones)
    complaints = Complaint.rows.filter(**({"holder": world.west} if west else {}))
    if name == "accounts:withdraw_token":
        uids["accounts"] = _uids(Token.objects.filter(**({"user": world.officers["west"]} if west else {})))
    found = record_lists().get(name)
    if name in COMPLAINTS:
        return {"uid": _uids(complaints)}
    return {
        "uid": _records(found, world, west) if found else uids.get(name.partition(":")[0], []),
        "pk": list((theirs if west else Grant.rows).values_list("pk", flat=True)),
        "step": [STEPS.get(name, "withdraw")],
        "slip": [*Applicant.rows.values_list("slip", flat=True)],
        "sheet": ["members", "weak_organizations"],
        "name": ["members", "standards.reading"],
        "code": [*Transfer.rows.exclude(check_code="").values_list("check_code", flat=True)]
        if name == "transfers:check"
        else [*Card.rows.values_list("code", flat=True)]
        if name == "members:card"
        else [world.west.code]
        if name == "organizations:api_row"
        else ["organizations.total", "members.total", "members.structure.women"],
    }


def _records(page, world: World, west: bool) -> list:
    rows = page.queryset().unscoped("walk over every address")
    there = {f"{rows.model.scope.ends[0]}__key__startswith": world.west.key} if west else {}
    return list(rows.filter(**there).values_list("uid", flat=True))


def _uids(manager) -> list:
    return list(manager.values_list("uid", flat=True))


def addresses(world: World, *, side: str = "") -> Iterator[tuple[str, str, bool]]:
    """(name, path, whether it takes filters) of every address, with every row in it."""
    for name, route, _part in routes():
        known = values(world, name, side=side)
        parts = re.findall(r"<(?:\w+:)?(\w+)>", route)
        unknown = {part for part in parts if not known.get(part)}
        assert not unknown, f"{name}: the walk has no value for {unknown}; add one in walking.py"
        for given in product(*(known[part] for part in parts)):
            path = "/" + route
            for value in given:
                path = re.sub(r"<[^>]+>", str(value), path, count=1)
            yield name, path, _takes_filters(name) and not {"uid", "pk"} & set(parts)


def _takes_filters(name: str) -> bool:
    return name.partition(":")[0] in FILTERED or name.endswith("_list")


def asked(world: World) -> Iterator[tuple[str, str]]:
    """(name, address) of everything, and with the west and a past day named where filters are taken."""
    for name, path, filtered in addresses(world):
        for query in QUERIES if filtered else QUERIES[:1]:
            yield name, path + query.format(west=world.west.uid)


def text_of(response) -> str:
    """All that an answer says; of a workbook the texts of all its parts, cells and properties."""
    body = b"".join(response.streaming_content) if response.streaming else response.content
    if not response.headers.get("Content-Type", "").startswith(EXCEL):
        return body.decode("utf-8", "replace")
    book = ZipFile(BytesIO(body))
    parts = [book.read(name) for name in book.namelist() if name.endswith(".xml")]
    return "\n".join(text for part in parts for text in ElementTree.fromstring(part).itertext())
