"""The sheet of people on the way to membership: who they are, and the day of each step done elsewhere.

A story that a file brings is the same rows as one told here: an entry for each step, marked as brought by a file,
from which `story` and `steps` go on. Of public notices a file says nothing: that of a step done elsewhere hung there.
"""

import re
import secrets
from collections import namedtuple
from collections.abc import Iterator
from datetime import date
from types import SimpleNamespace

from django.utils.translation import gettext_lazy as _

from baolei.development.access import Can
from baolei.development.actions import ADULT_YEARS, SLIP_BYTES, TRAINING_HOURS
from baolei.development.codes import UNDER_WAY, Result, Stage
from baolei.development.models import Applicant
from baolei.development.steps import COMMITTEE, RULES
from baolei.development.story import (
    CULTIVATION_MONTHS,
    EXTENSION_LEAST,
    EXTENSION_MOST,
    PROBATION_MONTHS,
    Story,
)
from baolei.kernel.actions import bulk_action
from baolei.kernel.calendar import months_after
from baolei.kernel.identity import check_identity
from baolei.kernel.ids import uuid7_hex
from baolei.kernel.imports import (
    CodeColumn,
    DateColumn,
    IdNumberColumn,
    LookupColumn,
    NameColumn,
    Sheet,
    TextColumn,
    message,
    register,
)
from baolei.kernel.imports.elsewhere import refuse_elsewhere
from baolei.kernel.imports.records import NumberColumn
from baolei.kernel.imports.sheets import (
    Staged,
    Undoable,
    execute,
    good,
    insert,
    mark_stale,
    next_id,
    refuse,
    within,
)
from baolei.kernel.secrets import sealer
from baolei.kernel.sql import quoted
from baolei.kernel.tree import STEP
from baolei.members.access import Can as MemberCan
from baolei.members.codes import EDUCATIONS, ETHNICITIES, Occupation, Standing
from baolei.members.imports import ID_ALIASES
from baolei.organizations.kinds import APPROVING, HOLDS_MEMBERS

message("step.missing", _("后面的步骤填了日期，这一步没有填"), _("请补上这一步的日期，或核对后面的步骤"))
message("step.order", _("日期早于前一步的日期"), _("请核对两步的日期"))
message("step.young", _("申请入党时未满十八岁（CHARTER 1）"), _("请核对申请日期和公民身份号码"))
message(
    "step.cultivation",
    _("培养教育不满一年，不能确定为发展对象（ADMIT 13）"),
    _("请核对确定为积极分子、确定为发展对象的日期"),
)
message("step.review", _("确定为发展对象之前的半年内没有考察（ADMIT 11）"), _("请填写此前最近一次考察的日期"))
message("step.valid", _("政治审查结论已过一年的有效期（ADMIT 16）"), _("请填写最近一次政治审查的日期和文号"))
message("step.approval", _("审批距支部大会超过六个月（ADMIT 第四章）"), _("请核对支部大会和审批的日期"))
message(
    "step.request",
    _("早于预备期满前一个月（ADM-01）"),
    _("请核对支部大会、提出转正申请的日期和延长的月数"),
)
message(
    "step.way", _("确定积极分子的日期和推荐方式没有同时填写"), _("请填写党员推荐或群团组织推优（ADM-08）")
)
message("step.paper", _("日期和文号（编号）没有同时填写"), _("请两项都填，或者都不填"))
message(
    "step.hours",
    _("集中培训的日期和学时没有同时填写，或不足 24 学时（ADMIT 17）"),
    _("请两项都填，一天按 8 学时计"),
)
message("step.extended", _("延长的月数不对（ADM-02）"), _("只有预备党员可以延长一次，六个月至十二个月"))
message("step.stage", _("阶段与所填的步骤不符"), _("请核对阶段，或补上已办步骤的日期"))
message(
    "helper.number",
    _("人数不对，或没有填指定的日期（ADMIT 9、ADMIT 14）"),
    _("培养联系人一至两名，入党介绍人两名，姓名之间用顿号分开；不知道的留空"),
)
message(
    "helper.unknown",
    _("这个党支部里没有这位正式党员，或者同名的不止一位（ADMIT 14）"),
    _("请核对姓名和当时是否已经转正；不能确定的先留空，导入后在“更换培养联系人”中指定"),
)
message("branch.closed", _("这个党支部已经撤销"), _("请填写此人现在所在党支部的代码"))
message("branch.approving", _("党支部之上没有有审批权限的党委（ADM-06）"), _("请核对党支部代码"))
message(
    "register.probationary",
    _("与党员名单里的记载不符：须是这个党支部的预备党员，入党日期是支部大会之日（ADM-01）"),
    _("请核对党支部、阶段和支部大会日期；已经转正的不再填这张表"),
)
message(
    "applicant.known",
    _("此人已经在办，登记的党支部或步骤与文件不同"),
    _("请在“发展党员”中继续办理，不能用文件改动"),
)

DAYS = {
    1: ("applied_on", _("申请入党日期"), ("递交入党申请书日期", "申请入党时间")),
    2: ("talk_on", _("派人谈话日期"), ("谈话日期",)),
    3: ("activist_on", _("确定为积极分子日期"), ("确定为入党积极分子日期", "列为积极分子时间")),
    4: ("activist_filed_on", _("积极分子备案日期"), ()),
    5: ("mentors_on", _("指定培养联系人日期"), ()),
    6: ("reviewed_on", _("最近一次考察日期"), ()),
    7: ("target_on", _("确定为发展对象日期"), ("列为发展对象时间",)),
    8: ("target_filed_on", _("发展对象备案日期"), ()),
    9: ("introducers_on", _("确定入党介绍人日期"), ()),
    10: ("political_review_on", _("政治审查日期"), ("政审日期",)),
    11: ("training_on", _("集中培训日期"), ()),
    12: ("examined_on", _("支部委员会审查日期"), ()),
    13: ("pre_examined_on", _("上级党委预审日期"), ("预审日期",)),
    14: ("form_on", _("填写入党志愿书日期"), ()),
    15: ("meeting_on", _("接收预备党员的支部大会日期"), ("支部大会日期",)),
    16: ("superior_talk_on", _("上级党委谈话日期"), ()),
    17: ("approved_on", _("上级党委审批日期"), ("审批日期",)),
    18: ("admission_filed_on", _("接收备案日期"), ()),
    19: ("entered_on", _("编入党支部日期"), ()),
    20: ("oath_on", _("入党宣誓日期"), ()),
    21: ("observed_on", _("预备期最近一次考察日期"), ()),
    22: ("requested_on", _("提出转正申请日期"), ()),
}
"""Step -> its column of days. The discussion of conversion and what follows are done here."""

PAPERS = {
    10: ("political_review_paper", _("政治审查文号")),
    13: ("pre_examined_paper", _("预审文号")),
    14: ("form_number", _("入党志愿书编号")),
    17: ("approved_paper", _("审批文号")),
}
_HELPERS = {5: ("mentors", "mentor", 1, 2), 9: ("introducers", "introducer", 2, 2)}
_LAST = max(DAYS)
_SEPARATORS = re.compile("[、，,；;]")
_BETWEEN = "、"
_STAGES = {code: Stage(code).label for code in UNDER_WAY}
_WAYS = {code: Result(code).label for code in RULES[3].results}
_CODES = {7: "", 12: "step.valid", 13: "step.valid", 17: "step.approval", 22: "step.request"}
"""Steps whose rules say something about the day itself; of a public notice (step 8) a file says nothing."""

Brought = namedtuple("Brought", "number on pk result over", defaults=(Result.DONE, ""))


class NamesColumn(NameColumn):
    """Names of persons, of whom only the numbers in the register are kept."""

    @property
    def form(self):
        return "names of formal members of the branch, parted by 、"

    def normal(self, text, today):
        names = [name.strip() for name in _SEPARATORS.split(super().normal(text, today))]
        return _BETWEEN.join(name for name in names if name)


def _columns() -> Iterator:
    for number, (name, title, aliases) in DAYS.items():
        yield DateColumn(name, title, required=number == 1, aliases=aliases)
        if number == 3:
            yield CodeColumn("activist_by", _("积极分子推荐方式"), required=False, codes=_WAYS)
        if number == 5:
            yield NamesColumn("mentors", _("培养联系人"), required=False)
        if number == 9:
            yield NamesColumn("introducers", _("入党介绍人"), required=False)
        if number == 11:
            yield NumberColumn("training_hours", _("集中培训学时"), required=False, digits=4)
        if number in PAPERS:
            yield TextColumn(*PAPERS[number], required=False)
    yield NumberColumn("extended", _("预备期延长月数"), required=False, digits=2)


@bulk_action("development.applicant.import", needs=Can.IMPORT)
def import_applicants(staged: Staged, *, actor) -> dict:
    """Enter who is not on the way here yet, with the steps that the file tells."""
    execute(
        f"""CREATE TEMP TABLE stage_applicant_new ON COMMIT DROP AS
            SELECT n.*, {next_id("development_applicant")} AS applicant_id FROM (
                SELECT a.row, a.branch_id, a.committee_id, a.member_id FROM stage_applicant_at a
                WHERE a.applicant_id IS NULL AND {good("a", "applicants")} ORDER BY branch_key, row) n"""
    )
    execute("ANALYZE stage_applicant_new")
    new = insert(
        Applicant,
        staged,
        """INSERT INTO development_applicant (id, uid, ref, name, sex, birth_date, ethnicity, education, occupation,
               branch_id, member_id, stage, step, due_on, applied_on, activist_on, probation_until, extended, slip,
               id_sealed, key_wrapped, id_hash)
           SELECT n.applicant_id, s.uid, 'baolei-' || replace(s.uid::text, '-', ''), s.name, s.sex, s.birth_date,
               s.ethnicity, s.education, s.occupation, n.branch_id, n.member_id, s.stage, s.step, s.due_on,
               s.days[1], s.days[3], s.probation_until, s.extended, s.slip,
               CASE WHEN n.member_id IS NULL THEN s.id_sealed ELSE '' END,
               CASE WHEN n.member_id IS NULL THEN s.key_wrapped ELSE '' END,
               CASE WHEN n.member_id IS NULL THEN s.id_hash END
           FROM stage_applicant_new n JOIN stage_applicants s ON s.row = n.row ORDER BY n.applicant_id""",
    )
    if new and not staged.trial:
        _write_steps()
        mark_stale(
            ("development.Applicant", "development.Entry"), "SELECT branch_id FROM stage_applicant_new"
        )
    return {"new": new, "changed": 0, "digest": staged.digest}


def _write_steps() -> None:
    numbers = ", ".join(str(number) for number, rule in RULES.items() if rule.by == COMMITTEE)
    papers = " ".join(f"WHEN {number} THEN s.{name}" for number, (name, _title) in PAPERS.items())
    results = " ".join(
        f"WHEN {number} THEN '{rule.results[0]}'"
        for number, rule in RULES.items()
        if number in DAYS and rule.results[0] != Result.DONE and number != 3
    )
    execute(
        f"""INSERT INTO development_entry (uid, applicant_id, branch_id, organization_id, number, "on", result,
                document, amount, over, from_file)
            SELECT gen_random_uuid(), n.applicant_id, n.branch_id,
                CASE WHEN d.number IN ({numbers}) THEN n.committee_id ELSE n.branch_id END, d.number, d.day,
                CASE d.number WHEN 3 THEN s.activist_by {results} WHEN 15 THEN '{Result.PASSED}'
                    WHEN 17 THEN '{Result.PASSED}' ELSE '{Result.DONE}' END,
                coalesce(CASE d.number {papers} END, ''),
                CASE d.number WHEN 11 THEN s.training_hours END, '', true
            FROM stage_applicant_new n JOIN stage_applicants s ON s.row = n.row
            CROSS JOIN LATERAL unnest(s.days) WITH ORDINALITY d (day, number)
            WHERE d.day IS NOT NULL ORDER BY n.applicant_id, d.number"""
    )
    execute(
        """INSERT INTO development_helper (applicant_id, branch_id, member_id, role, since)
           SELECT n.applicant_id, n.branch_id, h.member_id, h.role, h.since
           FROM stage_applicant_new n JOIN stage_applicant_helper h ON h.row = n.row
           ORDER BY n.applicant_id, h.role DESC, h.member_id"""
    )


class ApplicantSheet(Sheet):
    """A person on the way to membership, with the day of each step done so far in another system or on paper.
    Steps follow the order of the 25 without a gap, of 6 and 21 the latest counts; whoever is approved stands in
    `members.csv` as a probationary member who joined on the day of the branch's meeting. Public notices and votes of
    these steps stay where they were, and what follows is done in the product. A known person stays as registered: a
    row that says anything else is refused.
    """

    name = "applicants"
    model = Applicant
    title = _("发展党员在办人员")
    order = 173
    demo_mark = "branch"
    needs = Can.IMPORT
    may_export = Can.EXPORT
    may_reveal = MemberCan.REVEAL
    needs_numbers = True
    tables = ("development_applicant", "development_entry", "development_helper")
    undo = (
        Undoable(
            Applicant,
            "t.name",
            ("t.branch_id",),
            parts=(("development_entry", "applicant_id"), ("development_helper", "applicant_id")),
            # Helpers named by the file are those since the days of its steps.
            built_upon="""EXISTS (SELECT FROM development_entry e
                    WHERE e.applicant_id = t.id AND NOT (e.from_file AND e.over = ''))
                OR EXISTS (SELECT FROM development_helper h
                    WHERE h.applicant_id = t.id AND (h.until IS NOT NULL OR NOT EXISTS (
                        SELECT FROM development_entry e WHERE e.applicant_id = t.id
                            AND e.number IN (5, 9) AND e."on" = h.since)))""",
        ),
    )
    once = (("id_number",),)
    problems = (
        ("id_number", "id.repeated"),
        ("id_number", "id.taken"),
        ("id_number", "id.unknown"),
        ("id_number", "applicant.known"),
        ("branch", "branch.unknown"),
        ("branch", "branch.kind"),
        ("branch", "branch.closed"),
        ("branch", "branch.approving"),
        ("stage", "step.stage"),
        ("applied_on", "step.young"),
        ("talk_on", "step.missing"),
        ("talk_on", "step.order"),
        ("activist_by", "step.way"),
        ("mentors", "helper.number"),
        ("mentors", "helper.unknown"),
        ("target_on", "step.cultivation"),
        ("reviewed_on", "step.review"),
        ("political_review_paper", "step.paper"),
        ("training_hours", "step.hours"),
        ("pre_examined_on", "step.valid"),
        ("approved_on", "step.approval"),
        ("meeting_on", "register.probationary"),
        ("requested_on", "step.request"),
        ("extended", "step.extended"),
    )
    columns = (
        IdNumberColumn("id_number", _("公民身份号码"), aliases=ID_ALIASES),
        NameColumn("name", _("姓名")),
        CodeColumn("ethnicity", _("民族"), codes=ETHNICITIES),
        CodeColumn("education", _("学历"), codes=EDUCATIONS, aliases=("文化程度", "最高学历")),
        CodeColumn("occupation", _("职业"), codes=dict(Occupation.choices), aliases=("工作岗位", "一线情况")),
        LookupColumn(
            "branch",
            _("党支部"),
            to="organizations",
            note="a branch, joint branch or project branch",
            aliases=("党支部代码", "所在党支部", "组织代码"),
        ),
        CodeColumn("stage", _("阶段"), codes=_STAGES, aliases=("人员类别", "发展阶段")),
        *_columns(),
    )
    staging = {
        "uid": "uuid",
        "slip": "text",
        "name": "text",
        "sex": "text",
        "birth_date": "date",
        "ethnicity": "text",
        "education": "text",
        "occupation": "text",
        "branch": "text",
        "stage": "text",
        "step": "int",
        "due_on": "date",
        "probation_until": "date",
        "extended": "int",
        "activist_by": "text",
        "mentors": "text",
        "introducers": "text",
        "training_hours": "int",
        **{name: "text" for name, _title in PAPERS.values()},
        "days": "date[]",
        "id_last2": "text",
        "key_wrapped": "bytea",
        "id_sealed": "bytea",
        "id_hash": "bytea",
    }
    commit = staticmethod(import_applicants)
    scratch = ("stage_applicant_at", "stage_applicant_helper", "stage_applicant_new")

    def stage(self, row, flaws):
        birth, sex = check_identity(row.id_number)
        told = _told(row)
        _check_row(row, told, date.fromisoformat(birth), flaws)
        if flaws:
            return []
        sealed = sealer().seal_person(row.id_number, "", row.name)
        until, due = told.applicant.probation_until, told.due_on
        days = (getattr(row, name) or "NULL" for name, _title, _aliases in DAYS.values())
        return [
            uuid7_hex(),
            secrets.token_hex(SLIP_BYTES),
            row.name,
            sex,
            birth,
            *(row.ethnicity, row.education, row.occupation, row.branch, row.stage),
            str(told.furthest),
            due.isoformat() if due else "",
            until.isoformat() if until else "",
            row.extended or "0",
            *(row.activist_by, row.mentors, row.introducers, row.training_hours),
            *(getattr(row, name) for name, _title in PAPERS.values()),
            f"{{{','.join(days)}}}",
            row.id_number[-2:],
            *(f"\\x{value.hex()}" for value in (sealed.key_wrapped, sealed.id_sealed, sealed.id_hash)),
        ]

    def check(self, staged, actor):
        _place(staged)
        _check_in_file(actor)
        _check_registered(actor)

    def selection(self, near, chosen="TRUE"):
        days = ", ".join(
            f'max(e."on") FILTER (WHERE e.number = {number}) AS {name}'
            for number, (name, _title, _aliases) in DAYS.items()
        )
        papers = ", ".join(
            f"max(e.document) FILTER (WHERE e.number = {number}) AS {name}"
            for number, (name, _title) in PAPERS.items()
        )
        helpers = ", ".join(
            f"""(SELECT string_agg(m.name, '{_BETWEEN}' ORDER BY h.id) FROM development_helper h
                 JOIN members_member m ON m.id = h.member_id
                 WHERE h.applicant_id = t.id AND h.role = '{role}' AND h.until IS NULL) AS {name}"""
            for name, role, _least, _most in _HELPERS.values()
        )
        return f"""SELECT t.member_id AS person_id, coalesce(m.key_wrapped, t.key_wrapped) AS key_wrapped,
                coalesce(m.id_sealed, t.id_sealed) AS id_number, t.name, t.ethnicity, t.education, t.occupation,
                o.code AS branch, t.stage, nullif(t.extended, 0) AS extended, d.*, {helpers}
            FROM development_applicant t JOIN organizations_organization o ON o.id = t.branch_id
            LEFT JOIN members_member m ON m.id = t.member_id
            CROSS JOIN LATERAL (
                SELECT {days}, {papers}, max(e.result) FILTER (WHERE e.number = 3) AS activist_by,
                    max(e.amount) FILTER (WHERE e.number = 11) AS training_hours
                FROM development_entry e
                WHERE e.applicant_id = t.id AND e.over = '' AND e.result <> '{Result.FAILED}') d
            WHERE t.stage IN ({quoted(UNDER_WAY)}) AND {near("o.key")} AND {chosen} ORDER BY o.key, t.id"""


def _told(row) -> Story:
    """The story of a row, as if it had been told here."""
    entries = [
        Brought(number, date.fromisoformat(day), number)
        for number, (name, _title, _aliases) in DAYS.items()
        if (day := getattr(row, name))
    ]
    meeting = row.meeting_on if row.approved_on else ""
    months = PROBATION_MONTHS + int(row.extended or 0)
    person = SimpleNamespace(
        member_id=0 if row.approved_on else None,
        probation_until=months_after(date.fromisoformat(meeting), months) if meeting else None,
        deferred=0,
    )
    return Story(person, entries)


def _check_row(row, told: Story, born: date, flaws: list[tuple[str, str]]) -> None:
    """What is wrong with the days of a row, in the order of the steps: the rules of `steps` and the law of order."""
    if told.day(1) < months_after(born, 12 * ADULT_YEARS):
        flaws.append(("applied_on", "step.young"))
    missing = False
    for number in range(2, _LAST + 1):
        if not told.has(number):
            continue
        for before in RULES[number].after:
            if not told.has(before):
                missing = True
                if (flaw := (DAYS[before][0], "step.missing")) not in flaws:
                    flaws.append(flaw)
            elif told.day(before) > told.day(number):
                flaws.append((DAYS[number][0], "step.order"))
    if not missing:
        flaws += _too_early_or_late(told)
    _check_beside(row, told, flaws)


def _too_early_or_late(told: Story) -> Iterator[tuple[str, str]]:
    """What the rules themselves say against a day."""
    for number, code in _CODES.items():
        if not told.has(number) or not RULES[number].when(told, told.day(number)):
            continue
        if number != 7:
            yield DAYS[number][0], code
        elif told.day(7) < months_after(told.day(3), CULTIVATION_MONTHS):
            yield "target_on", "step.cultivation"
        else:
            yield "reviewed_on", "step.review"


def _check_beside(row, told: Story, flaws: list[tuple[str, str]]) -> None:
    """What stands beside the days: papers, hours, helpers, the stage."""
    if bool(row.activist_by) != told.has(3):
        flaws.append(("activist_by", "step.way"))
    for number, (name, _title) in PAPERS.items():
        if bool(getattr(row, name)) != told.has(number):
            flaws.append((name, "step.paper"))
    if bool(row.training_hours) != told.has(11) or 0 < int(row.training_hours or 0) < TRAINING_HOURS:
        flaws.append(("training_hours", "step.hours"))
    for number, (name, _role, least, most) in _HELPERS.items():
        names = getattr(row, name)
        if names and not (told.has(number) and least <= len(set(names.split(_BETWEEN))) <= most):
            flaws.append((name, "helper.number"))
    extended = int(row.extended or 0)
    if extended and not (told.has(17) and EXTENSION_LEAST <= extended <= EXTENSION_MOST):
        flaws.append(("extended", "step.extended"))
    if row.stage != told.stage:
        flaws.append(("stage", "step.stage"))


def _place(staged: Staged) -> None:
    """Each staged row beside its branch, the committee that approves there, the member of the register and whoever
    is on the way already; and beside the formal members of the branch whom it names as helpers."""
    lengths = f"generate_series({STEP}, length(o.key) - {STEP}, {STEP})"
    execute(
        f"""CREATE TEMP TABLE stage_applicant_at ON COMMIT DROP AS
            WITH branches AS MATERIALIZED (
                SELECT o.id, o.code, o.key, o.kind, o.closed_on, (
                    SELECT c.id FROM organizations_organization c
                    WHERE c.key = ANY (ARRAY(SELECT left(o.key, n) FROM {lengths} n))
                      AND c.kind IN ({quoted(APPROVING)}) AND c.closed_on IS NULL
                    ORDER BY length(c.key) DESC LIMIT 1) AS committee_id
                FROM organizations_organization o WHERE o.code IN (SELECT branch FROM stage_applicants))
            SELECT s.row, o.id AS branch_id, o.key AS branch_key, o.committee_id, m.id AS member_id,
                coalesce(own.id, joined.id) AS applicant_id,
                CASE WHEN o.id IS NULL THEN 'branch.unknown'
                     WHEN o.kind NOT IN ({quoted(HOLDS_MEMBERS)}) THEN 'branch.kind'
                     WHEN o.closed_on IS NOT NULL THEN 'branch.closed'
                     WHEN o.committee_id IS NULL THEN 'branch.approving' END AS branch_problem
            FROM stage_applicants s LEFT JOIN branches o ON o.code = s.branch
            LEFT JOIN members_member m ON m.id_hash = s.id_hash
            LEFT JOIN development_applicant own ON own.id_hash = s.id_hash
                AND own.stage IN ({quoted(UNDER_WAY[:3])})
            LEFT JOIN development_applicant joined ON joined.member_id = m.id
                AND joined.stage = '{Stage.PROBATIONARY}'"""
    )
    execute("ANALYZE stage_applicant_at")
    named = " UNION ALL ".join(
        f"SELECT unnest(string_to_array(s.{name}, '{_BETWEEN}')), '{role}', s.days[{number}]"
        for number, (name, role, _least, _most) in _HELPERS.items()
    )
    execute(
        f"""CREATE TEMP TABLE stage_applicant_helper ON COMMIT DROP AS
            SELECT s.row, h.role, h.since, h.name, min(m.id) AS member_id, count(m.id) AS found
            FROM stage_applicants s JOIN stage_applicant_at a ON a.row = s.row
            CROSS JOIN LATERAL ({named}) h (name, role, since)
            LEFT JOIN members_member m ON m.branch_id = a.branch_id AND m.name = h.name AND m.left_on IS NULL
                AND m.converted_on <= h.since
            WHERE s.mentors IS NOT NULL OR s.introducers IS NOT NULL
            GROUP BY s.row, h.role, h.since, h.name"""
    )


def _check_in_file(actor) -> None:
    """What depends on the file and on organizations and members within the reach alone."""
    refuse(
        "applicants",
        """SELECT row, 'id_number', repeat('*', 16) || id_last2, 'id.repeated' FROM (
               SELECT s.row, s.id_last2, row_number() OVER (PARTITION BY s.id_hash ORDER BY s.row) AS n
               FROM stage_applicants s
               WHERE s.id_hash IN (SELECT id_hash FROM stage_applicants GROUP BY 1 HAVING count(*) > 1)) s
           WHERE n > 1""",
    )
    refuse_elsewhere(
        "applicants",
        f"""SELECT row FROM stage_applicant_at a
            WHERE branch_id IS NOT NULL AND NOT {within(actor, Can.IMPORT, "a.branch_key")}""",
    )
    refuse(
        "applicants",
        """SELECT s.row, 'branch', s.branch, a.branch_problem
           FROM stage_applicant_at a JOIN stage_applicants s ON s.row = a.row WHERE a.branch_problem IS NOT NULL""",
    )
    columns = " ".join(f"WHEN '{role}' THEN '{name}'" for name, role, _least, _most in _HELPERS.values())
    refuse(
        "applicants",
        f"""SELECT DISTINCT ON (h.row, h.role) h.row, CASE h.role {columns} END, h.name, 'helper.unknown'
            FROM stage_applicant_helper h JOIN stage_applicant_at a ON a.row = h.row
            WHERE h.found <> 1 AND a.branch_problem IS NULL ORDER BY h.row, h.role, h.name""",
    )


def _check_registered(actor) -> None:
    """Who is in the register or on the way already: asked last, of rows in which nothing else is wrong (G-12)."""
    near = within(actor, Can.IMPORT, "o.key")
    admitted = f"s.stage = '{Stage.PROBATIONARY}'"
    refuse_elsewhere(
        "applicants",
        f"""SELECT a.row FROM stage_applicant_at a JOIN stage_applicants s ON s.row = a.row
            LEFT JOIN members_member m ON m.id = a.member_id
            LEFT JOIN development_applicant t ON t.id = a.applicant_id
            WHERE (m.id IS NOT NULL AND (NOT {admitted}
                    OR NOT EXISTS (SELECT FROM organizations_organization o WHERE o.id = m.branch_id AND {near})))
               OR (t.id IS NOT NULL
                    AND NOT EXISTS (SELECT FROM organizations_organization o WHERE o.id = t.branch_id AND {near}))""",
    )
    joined = "FROM stage_applicant_at a JOIN stage_applicants s ON s.row = a.row"
    absent = f"{admitted} AND a.member_id IS NULL"
    if actor.reach.everywhere:
        unknown = (
            f"SELECT s.row, 'id_number', repeat('*', 16) || s.id_last2, 'id.unknown' {joined} WHERE {absent}"
        )
        refuse("applicants", unknown)
    else:
        refuse_elsewhere("applicants", f"SELECT s.row {joined} WHERE {absent}")
    refuse(
        "applicants",
        f"""SELECT s.row, 'id_number', repeat('*', 16) || s.id_last2, 'id.taken' {joined}
            LEFT JOIN members_member m ON m.id = a.member_id
            LEFT JOIN development_applicant t ON t.id = a.applicant_id
            WHERE coalesce(m.name, t.name) <> s.name
            UNION ALL
            SELECT s.row, 'meeting_on', s.days[15]::text, 'register.probationary' {joined}
            JOIN members_member m ON m.id = a.member_id
            WHERE {admitted} AND (m.branch_id, m.standing, m.joined_on)
                IS DISTINCT FROM (a.branch_id, '{Standing.PROBATIONARY}', s.days[15])
            UNION ALL
            SELECT s.row, 'id_number', repeat('*', 16) || s.id_last2, 'applicant.known' {joined}
            JOIN development_applicant t ON t.id = a.applicant_id
            WHERE t.branch_id <> a.branch_id OR EXISTS (
                SELECT FROM unnest(s.days) WITH ORDINALITY d (day, number)
                WHERE d.day IS NOT NULL AND NOT EXISTS (
                    SELECT FROM development_entry e WHERE e.applicant_id = t.id AND e.number = d.number
                        AND e."on" = d.day AND e.over = ''))""",
    )


register(ApplicantSheet())
