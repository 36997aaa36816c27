"""The sheet of people on the way to membership: what it enters, refuses, and how the story goes on from there."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from baolei.accounts.tests.factories import GrantFactory
from baolei.development.access import Can
from baolei.development.actions import CHANGES, correct
from baolei.development.imports import DAYS as COLUMNS
from baolei.development.models import Applicant, Entry, Helper
from baolei.development.tests.way import BORN, DAYS, Way
from baolei.kernel.access import Actor, Reach
from baolei.kernel.imports import SHEETS, import_path
from baolei.kernel.imports.export import export_package
from baolei.kernel.laws import verify
from baolei.kernel.models import Batch, StaleMark
from baolei.kernel.secrets import open_field, sealer
from baolei.kernel.tests.packages import bring, refusals, write_package
from baolei.kernel.uploads.undo import undo
from baolei.members.access import Can as MemberCan
from baolei.members.models import Member
from baolei.members.tests.factories import MemberFactory, make_id_number
from baolei.members.tests.workbooks import brought, taken, told, workbook
from baolei.organizations.kinds import Kind
from baolei.organizations.tests.factories import make_branch, make_organization

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("测试")
NUMBER = make_id_number(birth_date=BORN, serial=31)
STAGES = ((17, "预备党员"), (8, "发展对象"), (3, "入党积极分子"), (1, "入党申请人"))
BESIDE = {
    3: {"activist_by": "群团组织推优"},
    10: {"political_review_paper": "政审〔2025〕1号"},
    11: {"training_hours": "24"},
    13: {"pre_examined_paper": "预审〔2025〕1号"},
    14: {"form_number": "NO.0001"},
    17: {"approved_paper": "批〔2025〕1号"},
}


@pytest.fixture
def way():
    return Way()


def row(way, last: int, **given) -> dict[str, str]:
    """A person who has come as far as step `last` on the usual days."""
    made = {
        "id_number": NUMBER,
        "name": "田来路",
        "ethnicity": "01",
        "education": "21",
        "occupation": "农牧渔民",
        "branch": way.branch.code,
        "stage": next(words for first, words in STAGES if last >= first),
        "applied_on": "2024-01-10",
    }
    for number in range(1, last + 1):
        made |= {COLUMNS[number][0]: DAYS[number]} if number > 1 else {}
        made |= BESIDE.get(number, {})
    return made | given


def on_probation(way, **given) -> Member:
    """Whom the register holds as admitted on the usual day."""
    given = {"standing": "probationary", "joined_on": date(2025, 7, 15), "branch": way.branch} | given
    return MemberFactory(name="田来路", id_hash=sealer().hash_id(NUMBER), **given)


def laws_hold(only: str = "development") -> bool:
    return not [law for law in verify(only) if law["violations"]]


def test_a_development_target_is_entered_and_goes_on(way, tmp_path):
    way.members[0].name, way.members[1].name = "孙帮", "钱带"
    for member in way.members[:2]:
        member.save()
    StaleMark.objects.all().delete()
    outcome = bring(tmp_path, applicants=[row(way, 11, mentors="孙帮", introducers="孙帮、钱带")])
    assert refusals(outcome) == []
    assert outcome.counts["applicants"] == {"read": 1, "new": 1, "changed": 0, "unchanged": 0, "refused": 0}
    one = Applicant.rows.get()
    assert (one.name, one.sex, one.birth_date, one.branch) == ("田来路", "1", BORN, way.branch)
    assert (one.stage, one.step, one.due_on) == ("development_target", 11, date(2026, 6, 20))
    assert (one.applied_on, one.activist_on, one.member) == (date(2024, 1, 10), date(2024, 6, 3), None)
    assert open_field(one, "id_number") == NUMBER and bytes(one.id_hash) == sealer().hash_id(NUMBER)
    assert len(one.slip) == 20 and one.ref == f"baolei-{one.uid.hex}"
    entries = Entry.rows.filter(applicant=one).order_by("number")
    assert [(e.number, e.on.isoformat()) for e in entries] == [(1, "2024-01-10"), *list(DAYS.items())[:10]]
    assert all(entry.from_file and not entry.has_vote for entry in entries)
    told = {e.number: (e.result, e.document, e.amount, e.organization) for e in entries}
    assert told[3] == ("by_league", "", None, way.branch)
    assert told[4] == ("done", "", None, way.town)
    assert told[6] == ("continue", "", None, way.branch)
    assert told[10] == ("passed", "政审〔2025〕1号", None, way.branch)
    assert told[11] == ("done", "", 24, way.town)
    helpers = Helper.rows.order_by("role", "member_id").values_list("role", "member__name", "since")
    assert list(helpers) == [
        ("introducer", "孙帮", date(2025, 6, 17)),
        ("introducer", "钱带", date(2025, 6, 17)),
        ("mentor", "孙帮", date(2024, 6, 3)),
    ]
    assert set(StaleMark.objects.values_list("model", flat=True)) == {
        "development.Applicant",
        "development.Entry",
    }
    assert laws_hold("")
    # From here on every rule holds as if all had been done here, to the register itself.
    with pytest.raises(ValidationError, match="2025-06-25"):
        way.take(one, 12, "2025-06-24")
    one = way.until(22, one, first=12)
    assert (one.stage, one.member.joined_on, one.id_hash) == ("probationary", date(2025, 7, 15), None)
    assert [e.from_file for e in Entry.rows.filter(applicant=one, number__gte=11).order_by("number")] == [
        True,
        *[False] * 11,
    ]
    assert laws_hold()


GOES_ON = [
    (1, "applicant", date(2024, 2, 10), 2),
    (2, "applicant", None, 3),
    (3, "activist", date(2024, 12, 3), 4),
    (7, "activist", date(2025, 11, 30), 8),
    (8, "development_target", None, 9),
    (15, "development_target", date(2025, 10, 15), 16),
]
"""How far, the stage and the clock, and the step that follows."""


def test_each_stage_goes_on_with_its_next_step(way, tmp_path):
    numbers = [make_id_number(birth_date=BORN, serial=200 + last) for last, *_ in GOES_ON]
    lines = [row(way, last, id_number=n) for n, (last, *_) in zip(numbers, GOES_ON, strict=True)]
    assert refusals(bring(tmp_path, applicants=lines)) == []
    for one, (last, stage, due, follows) in zip(Applicant.rows.order_by("pk"), GOES_ON, strict=True):
        assert (one.stage, one.step, one.due_on) == (stage, last, due)
        if follows == 8:
            with pytest.raises(ValidationError, match="ADM-07"):
                way.take(one, 8)
            way.noticed(one, "2025-06-09")
        assert way.take(one, follows).step == follows
    assert laws_hold()


@pytest.mark.parametrize(
    ("last", "given", "extended", "until"),
    [
        (17, {}, 0, date(2026, 7, 15)),
        (22, {}, 0, date(2026, 7, 15)),
        (21, {"extended": "6"}, 6, date(2027, 1, 15)),
    ],
)
def test_who_is_in_the_register_is_joined_to_it(way, tmp_path, last, given, extended, until):
    member = on_probation(way)
    assert refusals(bring(tmp_path, applicants=[row(way, last, **given)])) == []
    one = Applicant.rows.get()
    assert (one.member, one.stage, one.step) == (member, "probationary", last)
    assert (one.extended, one.probation_until) == (extended, until)
    assert (bytes(one.id_sealed), bytes(one.key_wrapped), one.id_hash) == (b"", b"", None)
    results = dict(Entry.rows.filter(number__in=(15, 17)).values_list("number", "result"))
    assert results == {15: "passed", 17: "passed"} and Member.rows.filter(name="田来路").count() == 1
    assert laws_hold()
    if last == 17:
        assert way.take(one, 19).step == 19
    if last == 22:
        one = way.until(24, one, first=23)
        assert (one.stage, one.member.standing) == ("converted", "formal") and laws_hold()


REFUSED = [
    (2, {"talk_on": "2024-01-09"}, ("talk_on", "step.order")),
    (7, {"mentors_on": "2024-06-02"}, ("mentors_on", "step.order")),
    (11, {"talk_on": ""}, ("talk_on", "step.missing")),
    (12, {"introducers_on": ""}, ("introducers_on", "step.missing")),
    (1, {"applied_on": "2018-05-03"}, ("applied_on", "step.young")),
    (7, {"target_on": "2025-06-02"}, ("target_on", "step.cultivation")),
    (7, {"reviewed_on": "2024-12-08"}, ("reviewed_on", "step.review")),
    (
        13,
        {"political_review_on": "2025-06-16", "pre_examined_on": "2026-06-17"},
        ("pre_examined_on", "step.valid"),
    ),
    (17, {"approved_on": "2026-01-16"}, ("approved_on", "step.approval")),
    (22, {"requested_on": "2026-06-14"}, ("requested_on", "step.request")),
    (22, {"extended": "6"}, ("requested_on", "step.request")),
    (3, {"activist_by": ""}, ("activist_by", "step.way")),
    (2, {"activist_by": "党员推荐"}, ("activist_by", "step.way")),
    (10, {"political_review_paper": ""}, ("political_review_paper", "step.paper")),
    (13, {"form_number": "NO.1"}, ("form_number", "step.paper")),
    (11, {"training_hours": "23"}, ("training_hours", "step.hours")),
    (11, {"training_hours": ""}, ("training_hours", "step.hours")),
    (17, {"extended": "5"}, ("extended", "step.extended")),
    (15, {"extended": "6"}, ("extended", "step.extended")),
    (7, {"stage": "发展对象"}, ("stage", "step.stage")),
    (7, {"mentors": "王试一、王试二、王试三"}, ("mentors", "helper.number")),
    (9, {"introducers": "孙帮"}, ("introducers", "helper.number")),
    (3, {"mentors": "孙帮"}, ("mentors", "helper.number")),
    (7, {"mentors": "孙没有"}, ("mentors", "helper.unknown")),
    (7, {"mentors": "同名"}, ("mentors", "helper.unknown")),
    (7, {"mentors": "新转正"}, ("mentors", "helper.unknown")),
    (7, {"branch": "没有"}, ("branch", "branch.unknown")),
    (8, {"stage": "已转正"}, ("stage", "code.unknown")),
    (1, {"applied_on": ""}, ("applied_on", "value.required")),
    (1, {"applied_on": "2024-01"}, ("applied_on", "date.month")),
    (1, {"name": "田3"}, ("name", "name.digits")),
]
"""How far, what is given instead, and the column and code of what is told of it."""


def test_each_fault_is_told_with_its_rule(way, tmp_path):
    for name, converted in (("孙帮", 2013), ("同名", 2013), ("同名", 2013), ("新转正", 2025)):
        MemberFactory(branch=way.branch, name=name, converted_on=date(converted, 7, 1))
    lines, expected = [], []
    for at, (last, given, problem) in enumerate(REFUSED):
        number = make_id_number(birth_date=BORN, serial=100 + at)
        lines.append(row(way, last, id_number=number, **given))
        expected.append((at + 2, *problem))
    assert refusals(bring(tmp_path, applicants=lines)) == expected
    assert not Applicant.rows.exists() and not Entry.rows.exists()


def test_all_that_is_wrong_with_a_row_is_said_at_once(way, tmp_path):
    wrong = row(way, 13, talk_on="", target_on="2024-06-04", training_hours="2")
    assert refusals(bring(tmp_path, applicants=[wrong])) == [
        (2, "talk_on", "step.missing"),
        (2, "target_on", "step.order"),
        (2, "training_hours", "step.hours"),
    ]


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (lambda way: way.general, "branch.kind"),
        (lambda way: make_branch(way.general, closed_on=date(2025, 1, 1)), "branch.closed"),
        (lambda way: make_branch(make_organization(kind=Kind.GENERAL_BRANCH)), "branch.approving"),
    ],
)
def test_only_an_open_branch_under_a_committee_that_approves(way, tmp_path, make, code):
    outcome = bring(tmp_path, applicants=[row(way, 4, branch=make(way).code)])
    assert refusals(outcome) == [(2, "branch", code)]


def test_twice_in_the_file_and_twice_in_the_base(way, tmp_path):
    outcome = bring(tmp_path / "1", applicants=[row(way, 4), row(way, 3)])
    assert refusals(outcome) == [(3, "id_number", "id.repeated")]
    bring(tmp_path / "2", applicants=[row(way, 4)])
    counts = bring(tmp_path / "3", applicants=[row(way, 4)]).counts["applicants"]
    assert (counts["new"], counts["unchanged"]) == (0, 1)
    # What the base knows besides is no contradiction; what the file knows besides, or otherwise, is one.
    assert refusals(bring(tmp_path / "4", applicants=[row(way, 3)])) == []
    other = make_branch(way.general)
    for n, given in enumerate(
        ({"talk_on": "2024-01-21"}, {"branch": other.code}, {"mentors_on": "2024-06-03"})
    ):
        known = bring(tmp_path / f"5{n}", applicants=[row(way, 4, **given)])
        assert refusals(known) == [(2, "id_number", "applicant.known")]
    taken_name = bring(tmp_path / "6", applicants=[row(way, 4, name="别人")])
    assert refusals(taken_name) == [(2, "id_number", "id.taken")]
    assert Applicant.rows.count() == 1 and Entry.rows.count() == 4


def test_who_is_a_member_already_gets_the_one_answer(way, tmp_path):
    MemberFactory(branch=way.branch, id_hash=sealer().hash_id(NUMBER))
    assert refusals(bring(tmp_path, applicants=[row(way, 8)])) == [(2, "", "row.refused")]


@pytest.mark.parametrize(
    "given",
    [
        {"joined_on": date(2025, 7, 14)},
        {"standing": "formal", "converted_on": date(2026, 7, 15)},
        {"branch": None},
    ],
)
def test_the_register_must_agree_about_a_probationary_member(way, tmp_path, given):
    on_probation(way, **(given if "branch" not in given else {"branch": make_branch(way.general)}))
    outcome = bring(tmp_path, applicants=[row(way, 17)])
    assert refusals(outcome) == [(2, "meeting_on", "register.probationary")]


def test_a_probationary_member_unknown_to_the_register_is_refused(way, tmp_path):
    assert refusals(bring(tmp_path / "1", applicants=[row(way, 17)])) == [(2, "id_number", "id.unknown")]
    officer = way.officer
    assert refusals(bring(tmp_path / "2", actor=officer, applicants=[row(way, 17)])) == [
        (2, "", "row.refused")
    ]


def test_outside_the_reach_one_answer_whoever_is_known_there(way, tmp_path):
    """A number on the way elsewhere, held elsewhere, and a branch elsewhere: the same, and nothing more (G-12)."""
    far = make_branch(
        make_organization(make_organization(kind=Kind.LOCAL_COMMITTEE), kind=Kind.BASIC_COMMITTEE)
    )
    MemberFactory(branch=far, id_hash=sealer().hash_id(make_id_number(birth_date=BORN, serial=33)))
    bring(tmp_path / "1", applicants=[row(way, 4, branch=far.code)])
    numbers = [NUMBER, make_id_number(birth_date=BORN, serial=33), make_id_number(birth_date=BORN, serial=34)]
    lines = [row(way, 4, id_number=number) for number in numbers[:2]]
    lines.append(row(way, 4, id_number=numbers[2], branch=far.code))
    outcome = bring(tmp_path / "2", actor=way.officer, accept_good=True, applicants=lines)
    assert refusals(outcome) == [(n, "", "row.refused") for n in (2, 3, 4)]
    faulty = bring(tmp_path / "3", actor=way.officer, applicants=[row(way, 4, talk_on="2024-01-01")])
    assert refusals(faulty) == [(2, "talk_on", "step.order")]
    with pytest.raises(PermissionDenied):
        bring(tmp_path / "4", actor=way.secretary, applicants=[row(way, 4)])


def test_good_rows_alone_are_taken(way, tmp_path):
    lines = [row(way, 4), row(way, 4, id_number=make_id_number(birth_date=BORN, serial=35), stage="发展对象")]
    outcome = bring(tmp_path, accept_good=True, applicants=lines)
    assert refusals(outcome) == [(3, "stage", "step.stage")]
    assert (outcome.counts["applicants"]["new"], outcome.counts["applicants"]["refused"]) == (1, 1)
    assert Applicant.rows.get().step == 4


def test_undo_takes_back_what_nobody_went_on_with(way, tmp_path):
    """A step done here, of whichever place in the order, keeps the person with all that the file told of him."""
    numbers = [make_id_number(birth_date=BORN, serial=n) for n in (36, 37, 38)]
    lines = [
        row(way, 10, id_number=n, name=name)
        for n, name in zip(numbers, ("田一", "田二", "田三"), strict=True)
    ]
    lines[1]["introducers_on"] = ""
    bring(tmp_path, applicants=lines)
    first, second, third = Applicant.rows.order_by("pk")
    # Step 9 is done after step 10 in the file: neither the furthest step nor the clock moves.
    assert way.take(second, 9, "2025-06-21").step == 10
    way.take(third, 11)
    kept: list = []
    counts = undo(Batch.objects.get(), actor=SYSTEM, kept=kept)
    assert counts == {"removed": 1, "restored": 0, "kept": 2}
    assert sorted((one["name"], one["reason"]) for one in kept) == [("田三", "edited"), ("田二", "referred")]
    assert not Applicant.rows.filter(pk=first.pk).exists()
    assert Entry.rows.filter(applicant=second).count() == 10 and Helper.rows.count() == 2
    assert laws_hold()


def test_helpers_that_a_file_did_not_tell_are_named_here_and_then_it_stays(way, tmp_path):
    bring(tmp_path, applicants=[row(way, 10)])
    one, (first, second, third) = Applicant.rows.get(), way.members
    assert not Helper.rows.exists()
    CHANGES[5](one, actor=way.secretary, people=(first.pk,))
    today = timezone.localdate()
    CHANGES[5](one, actor=way.secretary, people=(first.pk, second.pk))
    CHANGES[5](one, actor=way.secretary, people=(second.pk,))
    named = Helper.rows.filter(role="mentor").order_by("pk").values_list("member_id", "since", "until")
    assert list(named) == [(first.pk, today, today), (second.pk, today, None)]
    for people, role in (((first.pk, second.pk, third.pk), 5), ((), 5), ((first.pk,), 9)):
        with pytest.raises(ValidationError, match="正式党员（ADMIT"):
            CHANGES[role](one, actor=way.secretary, people=people)
    stranger = MemberFactory(branch=make_branch(way.general))
    with pytest.raises(ValidationError, match="不是本党支部"):
        CHANGES[5](one, actor=way.secretary, people=(stranger.pk,))
    with pytest.raises(PermissionDenied):
        CHANGES[5](one, actor=way.actor("branch_secretary", stranger.branch), people=(first.pk,))
    assert undo(Batch.objects.get(), actor=SYSTEM, kept=[]) == {"removed": 0, "restored": 0, "kept": 1}


def test_helpers_are_changed_on_their_page_before_they_are_named_by_nobody(way, client):
    client.force_login(GrantFactory(role="branch_secretary", organization=way.branch).user)
    one = way.until(4)
    address = f"/development/applicants/{one.uid}/change_mentors/"
    assert client.post(address, {"people": [way.members[1].pk]}).status_code == 422
    one = way.take(one, 5)
    page = client.get(address).content.decode()
    assert page.count("checked") == 1 and "更换培养联系人" in page
    assert client.post(address, {"people": [way.members[1].pk]}).status_code == 302
    standing = Helper.rows.filter(applicant=one, until=None).values_list("member_id", flat=True)
    assert list(standing) == [way.members[1].pk]


def test_an_entry_of_a_file_can_be_corrected_and_then_stays(way, tmp_path):
    bring(tmp_path, applicants=[row(way, 6)])
    one = Applicant.rows.get()
    one = correct(one, actor=way.secretary)
    assert (one.step, Entry.rows.get(number=6).over) == (5, "corrected")
    assert undo(Batch.objects.get(), actor=SYSTEM, kept=[])["kept"] == 1


def test_an_export_comes_back_unchanged(way, tmp_path):
    way.members[0].name, way.members[1].name = "孙帮", "钱带"
    for member in way.members[:2]:
        member.save()
    here = way.until(11)
    given = {"mentors": "孙帮", "introducers": "孙帮、钱带"}
    bring(tmp_path / "1", applicants=[row(way, 15, **given)])
    rights = {one.code: (way.town.key,) for one in (Can.EXPORT, MemberCan.REVEAL)}
    officer = Actor(name="甲", user_id=5, reach=Reach(rights))
    export_package(tmp_path / "out", actor=officer, purpose="测试", with_numbers=True)
    outcome = import_path(tmp_path / "out" / "applicants.csv", actor=SYSTEM)
    assert refusals(outcome) == []
    assert (
        outcome.counts["applicants"] | {"read": 2, "unchanged": 2, "new": 0} == outcome.counts["applicants"]
    )
    text = (tmp_path / "out" / "applicants.csv").read_text("utf-8").splitlines()
    known = dict(
        zip(text[0].split(","), next(line for line in text if NUMBER in line).split(","), strict=True)
    )
    expected = row(way, 15, **given) | {"occupation": "farmer", "stage": "development_target"}
    expected |= {"activist_by": "by_league"}
    assert {name: value for name, value in known.items() if value} == expected
    assert here.name in "".join(text)


def test_columns_about_relatives_and_health_are_never_read(way, tmp_path, client):
    """Neither from a package nor from a clerk's workbook (G-04)."""
    folder = write_package(tmp_path, applicants=[row(way, 4)])
    lines = (folder / "applicants.csv").read_text("utf-8").splitlines()
    added = ("配偶政治面貌", "家庭成员政治面貌", "健康状况", "宗教信仰")
    (folder / "applicants.csv").write_text(
        f"{lines[0]},{','.join(added)}\n{lines[1]},植入一,植入二,植入三,植入四\n", "utf-8"
    )
    outcome = import_path(folder, actor=SYSTEM)
    assert refusals(outcome) == [] and Applicant.rows.count() == 1
    assert all(any(word in note for note in outcome.notes) for word in added), outcome.notes


def test_a_clerk_s_workbook_is_looked_at_taken_and_marked(way, client):
    titles = {column.name: str(column.title) for column in SHEETS["applicants"].columns}
    lines = [row(way, 4), row(way, 3, id_number=make_id_number(birth_date=BORN, serial=39), activist_by="")]
    headings = [*titles.values(), "父亲政治面貌"]
    cells = [[*(line.get(name, "") for name in titles), "植入"] for line in lines]
    client.force_login(GrantFactory(role="township_officer", organization=way.town).user)
    upload = brought(client, workbook(*cells, headings=headings), sheet="applicants")
    assert told(upload) == [(3, "activist_by", "step.way")]
    upload = taken(client, upload)
    assert upload.counts["new"] == 1 and Applicant.rows.get().step == 4
