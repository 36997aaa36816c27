"""Business under way in the made-up province: what the demo's accounts find on their desks."""

import csv
from datetime import date, timedelta
from itertools import count, zip_longest
from pathlib import Path

from django.db.models import Count, F
from django.utils import timezone

from baolei.accounts.models import Grant, User
from baolei.accounts.queries import actor_of
from baolei.development import actions as development
from baolei.development.imports import DAYS, PAPERS
from baolei.disposals import actions as disposals
from baolei.kernel.access import Actor
from baolei.kernel.ballots import keys
from baolei.kernel.ballots.box import cast
from baolei.kernel.identity import check_digit
from baolei.kernel.imports import SHEETS, import_path
from baolei.kernel.secrets import hash_id, open_field
from baolei.kernel.tree import below
from baolei.kernel.votes import Vote
from baolei.members.actions import Enrolment, enrol_member
from baolei.members.codes import COUNTED, Standing
from baolei.members.models import Member
from baolei.members.queries import formal_members
from baolei.organizations.kinds import Kind
from baolei.organizations.models import Organization
from baolei.organizations.queries import approving_committee
from baolei.province import names
from baolei.reviews import actions as reviews
from baolei.reviews import proposal_actions
from baolei.reviews.models import Finding, Proposal, Round
from baolei.reviews.queries import findings, graded_of, has_committee
from baolei.transfers import actions
from baolei.transfers.finder import find_hints
from baolei.transfers.jobs import FINDER
from baolei.transfers.models import Hint, Transfer
from baolei.transfers.pocket_actions import enter_contact, open_case

AGO = (0, 0, 40, 40, 6, 22, 0, 40)
"""Days ago the present holder took over each transfer to the demo's township, and each of as many from it: some
clocks are late, one has used up a third of its time, one two thirds."""
EACH_WAY = len(AGO)


def start_transfers() -> None:
    """Members on the way to and from the demo's township, at every step, some late; all by the county's officer."""
    county, town, branch = (_place_of(name) for name in ("county", "township", "branch"))
    officer = actor_of(User.objects.get(username="county"))
    elsewhere = _members(county).exclude(below(town.key, field="branch_key"))
    coming, going = _one_of_each_branch(elsewhere), _one_of_each_branch(_members(town))
    for number, member in enumerate(coming):
        _carry(number, actions.ask(member, actor=officer, receiver=branch), officer)
    for number, (member, other) in enumerate(zip(going, coming, strict=False)):
        # The last one leaves the province.
        there = {"outside": "310000"} if number == EACH_WAY - 1 else {"receiver": other.branch}
        _carry(number, actions.ask(member, actor=officer, **there), officer)
    _come_back(county, branch, officer)


def _come_back(county: Organization, branch: Organization, officer) -> None:
    """One who went to another province is back with its letter, in the demo's branch."""
    gone = Member.rows.filter(below(county.key, field="branch_key"), standing=Standing.TRANSFERRED_OUT)
    member = gone.exclude(converted_on=None).order_by("branch_key", "pk").first()
    if member is None:
        return
    given = {name: getattr(member, name) for name in _KEPT} | {"standing": Standing.FORMAL}
    today = timezone.localdate()
    actions.arrive(
        branch,
        actor=officer,
        enrolment=Enrolment(
            id_number=open_field(member, "id_number"), name=member.name, since=today, **given
        ),
        outside="310000",
        letter=f"沪组介〔{today.year}〕1号",
        written_on=today - timedelta(days=5),
    )


def _carry(number: int, transfer: Transfer, officer) -> None:
    """As far as its number says: asked for, released, sent back, or late; late and released, a pocket case."""
    if number % 2:
        letter = (
            f"组介〔{transfer.asked_on.year}〕{number}号" if transfer.kind == Transfer.Kind.LEAVING else ""
        )
        transfer = actions.release(transfer, actor=officer, letter=letter)
    if number == EACH_WAY - 2:
        actions.refuse(transfer, actor=officer, refusal=Transfer.Refusal.WRONG_BRANCH)
    elif AGO[number]:
        days = ("asked_on", "turned_on", "warn_on", "due_on")
        ago = timedelta(days=AGO[number])
        Transfer.rows.filter(pk=transfer.pk).update(**{name: F(name) - ago for name in days})
        transfer.refresh_from_db()
        if transfer.has_run_out:
            case = open_case(transfer, actor=officer)
            enter_contact(case, actor=officer, on=case.found_on, way="phone", result="no_answer")


def start_appraisals() -> None:
    """This year's appraisal in the demo's branch, half of its ballots in the box, and in others of its township at
    every step: a branch of about five beside them is half done, too. Some more are reported, one of them with too
    many excellent.
    """
    town, branch = _place_of("township"), _place_of("branch")
    officer, secretary, member = (
        actor_of(User.objects.get(username=username)) for username in ("township", "branch", "member")
    )
    own = reviews.open_round(branch, actor=secretary, year=timezone.localdate().year)
    mine = (
        findings().unscoped("the demo's member writes his own").get(round=own, member=member.reach.person_id)
    )
    reviews.assess(mine, actor=member, words="按时参加组织生活，带头参加村里的义务劳动，学习还不够系统。")
    _poll(own, secretary)
    others = Organization.rows.filter(below(town.key), kind=Kind.BRANCH, closed_on=None).exclude(pk=branch.pk)
    formal = Member.rows.filter(below(town.key, field="branch_key"), standing=Standing.FORMAL)
    sizes = dict(formal.values_list("branch").annotate(number=Count("pk")).order_by())
    found = [one for one in others.order_by("key") if sizes.get(one.pk, 0) >= 5]
    found.sort(key=lambda one: sizes[one.pk])
    each = len(_APPRAISED) + 2
    for number, one in enumerate(found[each : each + REPORTED]):
        _report(one, officer, too_many=number == 0)
    for steps, one in enumerate(found[:each]):
        round = reviews.open_round(one, actor=officer, year=timezone.localdate().year)
        if steps:
            round = _poll(round, officer)
            for act in _APPRAISED[: steps - 1]:
                round = act(round, officer)
        if round.state == Round.State.CLOSED:
            _follow(round, officer)
    keys.sweep()  # there may be no worker yet


def _report(branch: Organization, officer, *, too_many: bool) -> None:
    """Carried on until it waits to be closed by the township."""
    round = _poll(reviews.open_round(branch, actor=officer, year=timezone.localdate().year), officer)
    round = reviews.count_poll(round, actor=officer)
    round = _grade(round, officer, every=2 if too_many else 4)
    if too_many:
        round = reviews.waive_share(round, actor=officer, waiver="防汛救灾表现突出，党委会同意")
    reviews.report(reviews.tell(round, actor=officer), actor=officer)


def _follow(round: Round, officer) -> None:
    """One excellent member is put forward to be honoured; help is planned."""
    first = graded_of(round).filter(grade=Finding.Grade.EXCELLENT).first()
    proposal_actions.propose(first, actor=officer, kind=Proposal.Kind.HONOUR)
    due = {"way": Proposal.Way.TALK, "due_on": timezone.localdate() + timedelta(days=60)}
    for given in Proposal.rows.filter(finding__round=round, kind=Proposal.Kind.HELP):
        proposal_actions.accept(given, actor=officer, **due)


def _poll(round: Round, officer) -> Round:
    """Held, and half of the ballots cast."""
    number, committee = graded_of(round).count(), has_committee(round)
    round = reviews.hold_meeting(round, actor=officer, held_on=timezone.localdate(), present=number)
    numbers = reviews.open_poll(round, actor=officer, issued=number, polls_body=committee)
    for voter, ballot in enumerate(numbers[: number // 2 + 1]):
        cast(ballot, [0 if (voter + line) % 3 == 0 else 1 for line in range(number + committee)])
    return round


def _grade(round: Round, officer, *, every: int = 4) -> Round:
    """Every fourth is excellent, unless told otherwise, and the last but one basically qualified."""
    pks = [*graded_of(round).values_list("pk", flat=True)]
    grades = {
        pk: Finding.Grade.QUALIFIED if at % every else Finding.Grade.EXCELLENT for at, pk in enumerate(pks)
    }
    grades[pks[-2]] = Finding.Grade.BASIC
    return reviews.decide_grades(round, actor=officer, grades=grades)


_APPRAISED = (
    lambda round, officer: reviews.count_poll(round, actor=officer),
    _grade,
    lambda round, officer: reviews.tell(round, actor=officer),
    lambda round, officer: reviews.report(round, actor=officer),
    lambda round, officer: reviews.close_round(round, actor=officer),
)
"""What is done after the ballots are cast, in this order."""


REPORTED = 4
"""Branches more whose appraisal waits to be closed."""
ENTERED = ("entered anew", "sibling", "namesake")
"""Stories of planted cases that go on with an entry at the branch for which the letter was made out."""


def start_hints(truth: Path) -> None:
    """The rest of the planted cases, then what the finder makes of all; by the province's officer, who keeps both."""
    officer = actor_of(User.objects.get(username="province"))
    with open(truth, encoding="utf-8", newline="") as file:
        stories = {row["ref"]: row["story"] for row in csv.DictReader(file) if row["story"] in ENTERED}
    for transfer in Transfer.rows.filter(ref__in=stories).select_related("member", "receiver").order_by("pk"):
        enrolment = _again(transfer.member, stories[transfer.ref], transfer.asked_on + timedelta(days=20))
        enrol_member(transfer.receiver, actor=officer, enrolment=enrolment)
    find_hints(None, actor=FINDER)


def _again(member: Member, story: str, since) -> Enrolment:
    """The same person under a number mistyped; a sibling who shares birthday and telephone; a namesake."""
    return Enrolment(
        id_number=_another_number(open_field(member, "id_number")),
        name=member.name[0] + "同胞" if story == "sibling" else member.name,
        phone="" if story == "namesake" else open_field(member, "phone"),
        since=max(since, member.joined_on),
        **{name: getattr(member, name) for name in _KEPT},
    )


_KEPT = ("sex", "birth_date", "ethnicity", "education", "occupation", "standing", "joined_on", "converted_on")


def _another_number(number: str) -> str:
    """The next free number of that place, birthday and sex."""
    for step in count(2, 2):
        head = f"{number[:14]}{(int(number[14:17]) + step) % 1000:03d}"
        if not Member.rows.filter(id_hash=hash_id(head + check_digit(head))).exists():
            return head + check_digit(head)


def _place_of(username: str) -> Organization:
    return Organization.rows.get(pk=Grant.rows.get(user__username=username).organization_id)


def _members(organization: Organization):
    return Member.rows.filter(
        below(organization.key, field="branch_key"), standing__in=COUNTED, branch__kind=Kind.BRANCH
    )


def _one_of_each_branch(rows) -> list[Member]:
    first = rows.order_by("branch_key", "pk").distinct("branch_key").select_related("branch")
    return list(first[:EACH_WAY])


# Development ----------------------------------------------------------------------------------------------

OFFSETS = {
    2: 10,
    3: 150,
    4: 157,
    5: 151,
    6: 510,
    7: 520,
    8: 540,
    9: 541,
    10: 545,
    11: 550,
    12: 555,
    13: 560,
    14: 563,
    15: 570,
    16: 575,
    17: 585,
    18: 600,
    19: 586,
    20: 590,
    21: 740,
    22: 935,
    23: 955,
    24: 970,
}
"""Step -> days after the application on which it is usual."""
NOTICED = {8: 521, 23: 936}
"""Step -> days after the application on which the public notice before it begins."""
REACHED = (1, 2, 3, 5, 6, 6, 7, 9, 11, 13, 15, 16, 17, 20, 21, 22, 23, 24)
"""The steps at which the demo's applicants stand."""
EDUCATION = ("21", "31", "21", "61")
OCCUPATIONS = ("farmer", "worker", "institution_specialist", "private_specialist")


def start_development() -> None:
    """People of the demo's township on the way to membership, at every stage, some late; a plan for the year."""
    county, town, own = (_place_of(name) for name in ("county", "township", "branch"))
    officer = actor_of(User.objects.get(username="county"))
    today = timezone.localdate()
    for year in (today.year, today.year + 1):
        development.set_plan(town, actor=officer, year=year, quota=len(REACHED))
    branches = [own] + [
        member.branch for member in _one_of_each_branch(_members(town)) if member.branch_id != own.pk
    ]
    branches = [one for one in branches if formal_members(one, today).count() >= 3] or [own]
    for number, last in enumerate(REACHED):
        branch = branches[0] if number % 3 == 0 else branches[number % len(branches)]
        if formal_members(branch, today).count() >= 3:
            _develop(number, branch, last, officer, county.region_code)


def _develop(number: int, branch: Organization, last: int, officer, region: str) -> None:
    # The last step was done a few days ago; of every fifth so long ago that its clock has run out.
    ago = 200 if number % 5 == 4 else 3 + number
    applied = timezone.localdate() - timedelta(days=OFFSETS.get(last, 0) + ago)
    born = date(applied.year - 22 - number % 12, 1 + number % 12, 1 + number)
    head = f"{(region + '222404')[:6]}{born:%Y%m%d}{960 + number}"
    family, given = names.surnames(False), names.given_names(False)[-2]
    applicant = development.apply(
        branch,
        actor=officer,
        name=family[number * 7 % len(family)] + given[number * 11 % len(given)],
        id_number=head + check_digit(head),
        ethnicity="01" if number % 4 else "10",
        education=EDUCATION[number % 4],
        occupation=OCCUPATIONS[number % 4],
        on=applied,
    )
    for step, offset in OFFSETS.items():
        if step > last:
            return
        if step in NOTICED:
            since = applied + timedelta(days=NOTICED[step])
            development.give_notice(
                applicant, actor=officer, since=since, days=5, contact=f"{branch.short_name}办公电话"
            )
            development.settle_notice(applicant, actor=officer, objection="none")
        on = applied + timedelta(days=offset)
        applicant = development.ACTIONS[step](
            applicant, actor=officer, on=on, **_usual(step, applicant, number, on)
        )


BROUGHT = 36
"""People of the county's other townships whom a file brings."""
STANDS = ((17, "probationary"), (8, "development_target"), (3, "activist"), (1, "applicant"))


def bring_applicants(folder: Path) -> None:
    """More people of the county, who have come some way elsewhere, by a file as a clerk brings it."""
    county, town = _place_of("county"), _place_of("township")
    elsewhere = _members(county).exclude(below(town.key, field="branch_key"))
    branches = elsewhere.order_by("branch_key").distinct("branch_key").values_list("branch__code", flat=True)
    path = folder / "applicants.csv"
    with open(path, "w", encoding="utf-8", newline="") as file:
        out = csv.DictWriter(file, [column.name for column in SHEETS["applicants"].columns], restval="")
        out.writeheader()
        for number, branch in enumerate(branches[:BROUGHT]):
            out.writerow(_brought(number, branch, county.region_code))
    outcome = import_path(path, actor=Actor.system("演示"))
    path.unlink()
    if outcome.problems:
        raise RuntimeError(f"the demo's applicants do not go in: {outcome.problems[0]}")


def _brought(number: int, branch: str, region: str) -> dict[str, str]:
    last = (1, 2, 4, 6, 6, 8, 11, 13)[number % 8]
    offsets = {1: 0} | {step: offset for step, offset in OFFSETS.items() if step <= last}
    applied = timezone.localdate() - timedelta(days=max(offsets.values()) + 2 + 3 * number % 25)
    born = date(applied.year - 20 - number % 15, 1 + number % 12, 2 + number % 26)
    head = f"{(region + '222404')[:6]}{born:%Y%m%d}{960 + number}"
    family, given = names.surnames(False), names.given_names(False)[-2]
    made = {
        "id_number": head + check_digit(head),
        "name": family[number * 5 % len(family)] + given[number * 13 % len(given)],
        "ethnicity": "01" if number % 3 else "10",
        "education": EDUCATION[number % 4],
        "occupation": OCCUPATIONS[number % 4],
        "branch": branch,
        "stage": next(stage for first, stage in STANDS if last >= first),
    }
    for step, offset in offsets.items():
        made[DAYS[step][0]] = (applied + timedelta(days=offset)).isoformat()
        if step in PAPERS:
            made[PAPERS[step][0]] = f"组字〔{applied.year + 1}〕{number + 40}号"
    if last >= 3:
        made["activist_by"] = "by_league" if number % 2 else "by_members"
    return made | ({"training_hours": "24"} if last >= 11 else {})


def _usual(step: int, applicant, number: int, on: date) -> dict:
    """What a step says in a usual case."""
    formal = [*formal_members(applicant.branch, on).values_list("pk", flat=True)]
    everybody = Vote(expected=len(formal), present=len(formal), yes=len(formal), no=0, abstain=0)
    committee = Vote(expected=9, present=8, yes=8, no=0, abstain=0)
    paper = f"组字〔{on.year}〕{number + 1}号"
    return {
        3: {"result": "by_league" if number % 2 else "by_members"},
        5: {"people": tuple(formal[:2])},
        6: {"result": "continue"},
        9: {"people": tuple(formal[:2])},
        10: {"result": "passed", "document": paper},
        11: {"amount": 24},
        13: {"result": "passed", "document": paper},
        14: {"document": f"{on.year}{number + 1:04d}"},
        15: {"vote": everybody},
        17: {"document": paper, "vote": committee},
        21: {"result": "continue"},
        23: {"result": "convert", "vote": everybody},
        24: {"document": paper, "vote": committee},
    }.get(step, {})


# Disposals -------------------------------------------------------------------------------------------------

DISPOSED = (
    # kind, ground, lapse, how far, how many days ago it was proposed
    ("rectify", "30", "", 1, 5),
    ("rectify", "30", "", 3, 20),
    ("remove", "31.1", "", 2, 50),
    ("rectify", "30", "", 4, 30),
    ("remind", "28", "", 1, 12),
    ("self_lapsed", "31.6", "life", 4, 75),
    ("rectify", "30", "", 6, 90),
    ("criticise", "29", "", 1, 40),
    ("advise_out", "31.2", "", 6, 60),
    ("rectify", "30", "", 6, 400),
    ("self_lapsed", "31.6", "dues", 7, 70),
    ("rectify", "30", "", 6, 370),
    ("remove", "31.4", "", 8, 120),
    ("criticise", "29", "", 1, 3),
    ("self_lapsed", "31.6", "work", 5, 45),
    ("remind", "28", "", 1, 25),
    ("rectify", "30", "", 9, 200),
    ("advise_out", "31.3", "", 9, 150),
    ("rectify", "30", "", 6, 210),
    ("self_lapsed", "31.6", "life", 9, 160),
    ("remove", "31.2", "", 5, 35),
    ("rectify", "30", "", 2, 8),
    ("remind", "28", "", 1, 2),
    ("rectify", "30", "", 4, 65),
)
"""How far: proposed 1, talked 2, voted 3, reported 4, approved 5, told 6, appealed 7, the appeal decided 8, over 9."""
APART = 5
"""Days between two steps of the demo's disposals."""


def start_disposals() -> None:
    """Disposals in the demo's township at every stage, some late; one about the demo's member, who may appeal."""
    town, own = _place_of("township"), _place_of("branch")
    officer, above, mine = (
        actor_of(User.objects.get(username=username)) for username in ("township", "county", "member")
    )
    today = timezone.localdate()
    members = Member.rows.filter(below(town.key, field="branch_key"), standing=Standing.FORMAL)
    for busy in (Transfer.rows.filter(state__in=Transfer.OPEN), Hint.rows):
        members = members.exclude(pk__in=busy.values("member"))
    members = members.exclude(pk__in=User.objects.filter(member_id__isnull=False).values("member_id"))
    others = Organization.rows.filter(below(town.key), kind=Kind.BRANCH, closed_on=None).exclude(pk=own.pk)
    branches = [
        one
        for one in others.order_by("key")
        if approving_committee(one) == town and formal_members(one, today).count() >= 3
    ]
    pools = (members.filter(branch=one).order_by("-joined_on", "-pk") for one in [own, *branches][:8])
    people = (member for row in zip_longest(*pools) for member in row if member is not None)
    for (kind, ground, lapse, far, ago), member in zip(DISPOSED, people, strict=False):
        _dispose(member, (kind, ground, lapse), far, today - timedelta(days=ago), officer, above)
    member = Member.rows.get(pk=mine.reach.person_id)
    _dispose(member, ("rectify", "30", ""), 6, today - timedelta(days=30), officer, above)


def _dispose(member: Member, what: tuple[str, str, str], far: int, first: date, officer, above) -> None:
    kind, ground, lapse = what
    disposal = disposals.open_disposal(member, actor=officer, kind=kind, ground=ground, lapse=lapse, on=first)
    formal = formal_members(disposal.branch, first + timedelta(days=2 * APART)).count()
    paper = f"镇组〔{first.year}〕{disposal.pk}号"
    until = {"until": first + timedelta(days=20 + 180)} if kind == "rectify" else {}
    vote = Vote(expected=formal, present=formal, yes=formal, no=0, abstain=0)
    steps = (
        lambda on: disposals.talk(disposal, actor=officer, on=on),
        lambda on: disposals.meet(disposal, actor=officer, on=on, vote=vote),
        lambda on: disposals.report(disposal, actor=officer, on=on),
        lambda on: disposals.approve(
            disposal, actor=officer, on=on, result="approved", document=paper, **until
        ),
        lambda on: disposals.tell(disposal, actor=officer, on=on),
        lambda on: disposals.appeal(disposal, actor=officer, on=on),
        lambda on: disposals.decide_appeal(
            disposal, actor=above, on=on, result="upheld", document=f"县{paper}"
        ),
    )
    for number, step in enumerate(steps[: min(far, 8) - 1], start=1):
        # Who is done with did not appeal.
        if far == 9 and number > 5:
            break
        disposal = step(first + timedelta(days=APART * number))
    if far < 9:
        return
    last = first + timedelta(days=APART * 6 + disposals.APPEAL_DAYS)
    if kind == "rectify":
        disposals.review(disposal, actor=officer, on=last, result="corrected")
    else:
        disposals.execute(disposal, actor=officer, on=last)
