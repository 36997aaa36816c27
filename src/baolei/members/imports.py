"""Sheets of members and of their earlier spells."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from baolei.kernel.actions import bulk_action
from baolei.kernel.ids import uuid7_hex
from baolei.kernel.imports import (
    CodeColumn,
    DateColumn,
    IdNumberColumn,
    LookupColumn,
    NameColumn,
    PhoneColumn,
    Sheet,
    message,
    register,
)
from baolei.kernel.imports.elsewhere import refuse_elsewhere
from baolei.kernel.imports.sheets import (
    Staged,
    Undoable,
    execute,
    good,
    insert,
    mark_stale,
    next_id,
    number_of,
    refuse,
    within,
)
from baolei.kernel.pinyin import name_pinyin
from baolei.kernel.secrets import hash_id, sealer
from baolei.kernel.sql import quoted
from baolei.members.access import Can
from baolei.members.actions import check_row
from baolei.members.codes import EDUCATIONS, ETHNICITIES, OUT, Occupation, Sex, Standing
from baolei.members.models import Interruption, Member, Membership
from baolei.organizations.kinds import HOLDS_MEMBERS

message("id.repeated", _("公民身份号码在文件中重复"), _("请核对：同一人只能出现一次，保留正确的一行"))
message(
    "id.taken",
    _("系统中这个公民身份号码登记的是另一个姓名"),
    _("请核对号码和姓名；确需改名请在党员页面办理"),
)
message("id.unknown", _("党员名单里没有这个公民身份号码"), _("请先把此人录入党员名单，或核对号码"))
message("member.refused", _("这个人在党员名单里的那一行有问题，未能导入"), _("请先改正党员名单里的那一行"))
message("birth_date.id", _("出生日期与公民身份号码不一致"), _("请对照身份证核对两处"))
message("sex.id", _("性别与公民身份号码不一致"), _("请对照身份证核对两处"))
message("converted_on.formal", _("正式党员须填写转正日期"), _("请填写支部大会通过转正之日"))
message("converted_on.probationary", _("预备党员不应有转正日期"), _("请核对党籍状态和转正日期"))
message("left_on.counted", _("在册党员不应有离开日期"), _("请核对党籍状态和离开日期"))
message("left_on.missing", _("已离开的党员须填写离开日期"), _("请填写去世、出党或转出之日"))
message("branch.unknown", _("找不到这个党支部"), _("请核对组织代码；它须在组织文件中或已在系统中"))
message("branch.refused", _("这个党支部那一行有问题，未能导入"), _("请先改正组织文件中的那一行"))
message(
    "branch.kind", _("这个组织不是党支部，不能直接管理党员"), _("请填写党支部、联合党支部或项目党支部的代码")
)
message(
    "branch.life", _("这段时间里党支部尚未成立或已经撤销"), _("请核对支部的成立、撤销日期和党员的起止日期")
)
message("work_unit.unknown", _("找不到这个工作单位"), _("请核对单位代码；没有时可留空"))
message(
    "spell.registered",
    _("系统中登记的所在党支部、起始日期或离开日期与文件不同"),
    _("组织关系变动请在系统中办理，不能用导入改动"),
)
message("spell.overlap", _("同一天在两个党支部"), _("请核对这个人各段组织关系的起止日期"))
message(
    "spell.gap",
    _("两段组织关系之间有空档"),
    _("请补上中间的一段，或核对起止日期；离开过的请填一段不在册状态"),
)
message(
    "spell.out_first",
    _("不在册的一段之前没有组织关系"),
    _("请先填写离开之前所在的党支部那一段"),
)
message(
    "spell.person",
    _("这个人的另一段组织关系有问题，各段一并不导入"),
    _("请先改正这个人有问题的那一行"),
)
message(
    "spell.life",
    _("原入党日期、原转正日期与这一段不符"),
    _("只在离开党组织、后来重新入党的一段填写，并须早于这一段"),
)

_BRANCH_PROBLEM = """CASE WHEN a.branch_problem = 'branch.unknown' AND (
        EXISTS (SELECT FROM stage_unfit x WHERE x.sheet = 'organizations' AND x.code = s.branch)
        OR EXISTS (SELECT FROM stage_organizations x WHERE x.code = s.branch))
    THEN 'branch.refused' ELSE a.branch_problem END"""

ID_ALIASES = ("身份证号", "身份证号码", "身份号码", "证件号码")

_BRANCHES = "a branch, joint branch or project branch"
"""What docs/formats.md says of the branch of a member."""

_SAME = """(m.ethnicity, m.education, m.occupation, m.standing, m.joined_on, m.converted_on, m.work_unit_id,
    m.phone_hash) IS NOT DISTINCT FROM (s.ethnicity, s.education, s.occupation, s.standing, s.joined_on,
    s.converted_on, a.unit_id, s.phone_hash)"""
"""What an import may change of a member already registered."""


@bulk_action("members.member.import", needs=Can.IMPORT)
def import_members(staged: Staged, *, actor) -> dict:
    """Enrol the new members with their last spells, update the changed ones."""
    changed = 0 if staged.first_load else _update_members(staged)
    execute(
        f"""CREATE TEMP TABLE stage_member_new ON COMMIT DROP AS
            SELECT n.*, {next_id("members_member")} AS member_id FROM (
                SELECT row, branch_id, branch_key, unit_id FROM stage_member_at a
                WHERE a.member_id IS NULL AND {good("a", "members")} ORDER BY branch_key, row) n"""
    )
    execute("ANALYZE stage_member_new")
    new = insert(
        Member,
        staged,
        """INSERT INTO members_member (id, uid, name, name_py, initials, sex, birth_date, ethnicity, education,
               occupation, standing, joined_on, converted_on, left_on, work_unit_id, branch_id, branch_key,
               id_sealed, phone_sealed, key_wrapped, id_hash, id_tail_hash, phone_hash, phone_tail_hash)
           SELECT n.member_id, s.uid, s.name, s.name_py, s.initials, s.sex, s.birth_date, s.ethnicity,
               s.education, s.occupation, s.standing, s.joined_on, s.converted_on, s.left_on, n.unit_id,
               n.branch_id, n.branch_key, s.id_sealed, s.phone_sealed, s.key_wrapped, s.id_hash,
               s.id_tail_hash, s.phone_hash, s.phone_tail_hash
           FROM stage_member_new n JOIN stage_members s ON s.row = n.row ORDER BY n.member_id""",
    )
    if staged.trial:
        return {"new": new, "changed": changed, "digest": staged.digest}
    execute(
        """INSERT INTO members_membership (member_id, branch_id, during)
           SELECT n.member_id, n.branch_id, daterange(s.since, s.left_on)
           FROM stage_member_new n JOIN stage_members s ON s.row = n.row ORDER BY n.member_id"""
    )
    mark_stale(
        ("members.Member", "members.Membership"),
        "SELECT branch_id FROM stage_member_new UNION "
        "SELECT m.branch_id FROM kernel_batchrow b JOIN members_member m ON m.id = b.row_id "
        f"WHERE b.model = 'members.Member' AND b.batch_id = {staged.batch_id}",
    )
    return {"new": new, "changed": changed, "digest": staged.digest}


def _update_members(staged: Staged) -> int:
    """Of a phone number the before-image keeps only that it changed (G-28); a new one is sealed under a new
    key of the person, which seals the identity number too."""
    different = f"""
        FROM stage_member_at a JOIN stage_members s ON s.row = a.row JOIN members_member m ON m.id = a.member_id
        WHERE {good("a", "members")} AND NOT {_SAME}"""
    if staged.trial:
        return number_of(f"SELECT {different}")
    execute(
        f"""INSERT INTO kernel_batchrow (batch_id, model, row_id, before)
            SELECT %s, 'members.Member', m.id, jsonb_build_object('ethnicity', m.ethnicity,
                'education', m.education, 'occupation', m.occupation, 'standing', m.standing,
                'joined_on', m.joined_on, 'converted_on', m.converted_on, 'work_unit_id', m.work_unit_id)
                || CASE WHEN m.phone_hash IS DISTINCT FROM s.phone_hash THEN '{{"phone_sealed": "…"}}'::jsonb
                        ELSE '{{}}'::jsonb END
            {different}""",
        [staged.batch_id],
    )
    sealed = ", ".join(
        f"{name} = CASE WHEN f.phone_changed THEN f.{name} ELSE m.{name} END"
        for name in ("key_wrapped", "id_sealed", "phone_sealed", "phone_hash", "phone_tail_hash")
    )
    return execute(
        f"""UPDATE members_member m SET ethnicity = f.ethnicity, education = f.education,
                occupation = f.occupation, standing = f.standing, joined_on = f.joined_on,
                converted_on = f.converted_on, work_unit_id = f.unit_id, {sealed}
            FROM (SELECT s.*, m.id, a.unit_id, m.phone_hash IS DISTINCT FROM s.phone_hash AS phone_changed
                  {different}) f
            WHERE f.id = m.id"""
    )


class MemberSheet(Sheet):
    """A member of today or of the past, with the last spell in a branch."""

    name = "members"
    model = Member
    row_id = "m.id"
    kept_back = ("birth_date",)
    title = _("党员")
    order = 40
    demo_mark = "branch"
    needs = Can.IMPORT
    may_export = Can.EXPORT
    may_reveal = Can.REVEAL
    tables = ("members_member", "members_membership")
    undo = (
        Undoable(
            Member,
            "t.name",
            ("t.branch_id",),
            parts=(("members_membership", "member_id"),),
            passing=("branch_key",),
        ),
    )
    once = (("id_number",),)
    problems = (
        ("id_number", "id.repeated"),
        ("id_number", "id.taken"),
        ("sex", "sex.id"),
        ("birth_date", "birth_date.id"),
        ("converted_on", "converted_on.formal"),
        ("converted_on", "converted_on.probationary"),
        ("left_on", "left_on.counted"),
        ("left_on", "left_on.missing"),
        ("work_unit", "work_unit.unknown"),
        ("branch", "branch.unknown"),
        ("branch", "branch.refused"),
        ("branch", "branch.kind"),
        ("since", "branch.life"),
        ("branch", "spell.registered"),
    )
    columns = (
        IdNumberColumn("id_number", _("公民身份号码"), aliases=ID_ALIASES),
        NameColumn("name", _("姓名"), aliases=("党员姓名",)),
        CodeColumn("sex", _("性别"), codes=dict(Sex.choices)),
        DateColumn("birth_date", _("出生日期"), aliases=("出生年月日", "出生年月")),
        CodeColumn("ethnicity", _("民族"), codes=ETHNICITIES),
        CodeColumn("education", _("学历"), codes=EDUCATIONS, aliases=("文化程度", "最高学历")),
        CodeColumn("occupation", _("职业"), codes=dict(Occupation.choices), aliases=("工作岗位", "一线情况")),
        CodeColumn("standing", _("党籍状态"), codes=dict(Standing.choices), aliases=("人员类别", "党员类别")),
        DateColumn("joined_on", _("入党日期"), aliases=("入党时间", "加入党组织日期", "加入中共组织日期")),
        DateColumn("converted_on", _("转正日期"), required=False, aliases=("转正时间", "转为正式党员日期")),
        LookupColumn("work_unit", _("工作单位"), required=False, to="units", aliases=("单位代码",)),
        PhoneColumn("phone", _("联系电话"), required=False, aliases=("手机号码", "手机号", "电话")),
        LookupColumn(
            "branch",
            _("所在党支部"),
            to="organizations",
            note=_BRANCHES,
            aliases=("党支部代码", "所在党支部代码", "组织代码"),
        ),
        DateColumn(
            "since",
            _("转入日期"),
            note="first day in this branch",
            aliases=("进入支部日期", "进入当前支部日期"),
        ),
        DateColumn(
            "left_on",
            _("离开日期"),
            required=False,
            note="day of the event; who has left has left on that day",
        ),
    )
    staging = {
        "uid": "uuid",
        "name": "text",
        "name_py": "text",
        "initials": "text",
        "sex": "text",
        "birth_date": "date",
        "ethnicity": "text",
        "education": "text",
        "occupation": "text",
        "standing": "text",
        "joined_on": "date",
        "converted_on": "date",
        "work_unit": "text",
        "branch": "text",
        "since": "date",
        "left_on": "date",
        "id_last2": "text",
        "key_wrapped": "bytea",
        "id_sealed": "bytea",
        "id_hash": "bytea",
        "id_tail_hash": "bytea",
        "phone_sealed": "bytea",
        "phone_hash": "bytea",
        "phone_tail_hash": "bytea",
    }
    commit = staticmethod(import_members)
    scratch = ("stage_member_at", "stage_member_new")
    referred = True

    def reference(self, cells):
        return hash_id(cells[0]).hex()

    def stage(self, row, flaws):
        check_row(row, flaws)
        if flaws:
            return []
        sealed = sealer().seal_person(row.id_number, row.phone, row.name)
        return _line(row, uuid7_hex(), name_pinyin(row.name), sealed)

    def tried(self, row, flaws):
        check_row(row, flaws)
        if flaws:
            return []
        phone_hash = sealer().hash_phone(row.phone) if row.phone else None
        hashes = (None, None, sealer().hash_id(row.id_number), None, None, phone_hash, None)
        return _line(row, "", ("", ""), hashes)

    def selection(self, near, chosen="TRUE"):
        return f"""SELECT m.id AS person_id, m.key_wrapped, m.id_sealed AS id_number, m.name, m.sex, m.birth_date,
                m.ethnicity, m.education, m.occupation, m.standing, m.joined_on, m.converted_on,
                u.code AS work_unit, m.phone_sealed AS phone, o.code AS branch, l.since, m.left_on
            FROM members_member m JOIN organizations_organization o ON o.id = m.branch_id
            LEFT JOIN organizations_unit u ON u.id = m.work_unit_id
            CROSS JOIN LATERAL (SELECT max(lower(p.during)) AS since FROM members_membership p
                                WHERE p.member_id = m.id) l
            WHERE {near("m.branch_key")} AND {chosen} ORDER BY m.branch_key, m.id"""

    def check(self, staged, actor):
        _place_members(staged)
        _check_members(staged, actor)


def _line(row, uid: str, pinyin: Iterable[str], sealed: Iterable[bytes | None]) -> list[str]:
    return [
        uid,
        row.name,
        *pinyin,
        *row[2:11],
        *row[12:],
        row.id_number[-2:],
        *[f"\\x{value.hex()}" if value else "" for value in sealed],
    ]


def _place_members(staged: Staged) -> None:
    """Each staged row beside its branch, work unit and the member already registered; narrow, read often."""
    known = "NULL::bigint" if staged.first_load else "m.id"
    join = "" if staged.first_load else "LEFT JOIN members_member m ON m.id_hash = s.id_hash"
    execute(
        f"""CREATE TEMP TABLE stage_member_at ON COMMIT DROP AS
            SELECT s.row, o.id AS branch_id, o.key AS branch_key, u.id AS unit_id, {known} AS member_id,
                CASE WHEN o.id IS NULL THEN 'branch.unknown'
                     WHEN o.kind NOT IN ({quoted(HOLDS_MEMBERS)}) THEN 'branch.kind'
                     WHEN s.since < o.opened_on OR coalesce(s.left_on, 'infinity') > coalesce(o.closed_on, 'infinity')
                     THEN 'branch.life' END AS branch_problem,
                s.work_unit IS NOT NULL AND u.id IS NULL AS unit_unknown
            FROM stage_members s LEFT JOIN organizations_organization o ON o.code = s.branch
            LEFT JOIN organizations_unit u ON u.code = s.work_unit {join}"""
    )
    execute("ANALYZE stage_member_at")


def _check_members(staged: Staged, actor) -> None:
    """In an order that keeps G-12: who is registered outside the reach is asked last, of rows without fault.

    So a faulty row says the same whether its number is registered elsewhere or nowhere.
    """
    near_branch = within(actor, Can.IMPORT, "a.branch_key")
    near = within(actor, Can.IMPORT, "m.branch_key")
    refuse(
        "members",
        """SELECT row, 'id_number', repeat('*', 16) || id_last2, 'id.repeated' FROM (
               SELECT s.row, s.id_last2, row_number() OVER (PARTITION BY s.id_hash ORDER BY s.row) AS n
               FROM stage_members s
               WHERE s.id_hash IN (SELECT id_hash FROM stage_members GROUP BY 1 HAVING count(*) > 1)) s
           WHERE n > 1""",
    )
    refuse_elsewhere(
        "members", f"SELECT row FROM stage_member_at a WHERE branch_id IS NOT NULL AND NOT {near_branch}"
    )
    refuse(
        "members",
        f"""SELECT s.row, CASE a.branch_problem WHEN 'branch.life' THEN 'since' ELSE 'branch' END,
               CASE a.branch_problem WHEN 'branch.life' THEN s.since::text ELSE s.branch END,
               {_BRANCH_PROBLEM}
           FROM stage_member_at a JOIN stage_members s ON s.row = a.row WHERE a.branch_problem IS NOT NULL""",
    )
    refuse(
        "members",
        """SELECT s.row, 'work_unit', s.work_unit, 'work_unit.unknown'
           FROM stage_member_at a JOIN stage_members s ON s.row = a.row WHERE a.unit_unknown""",
    )
    if staged.first_load:
        return
    refuse_elsewhere(
        "members",
        f"SELECT a.row FROM stage_member_at a JOIN members_member m ON m.id = a.member_id WHERE NOT {near}",
    )
    refuse(
        "members",
        f"""SELECT s.row, 'id_number', repeat('*', 16) || s.id_last2, 'id.taken'
            FROM stage_member_at a JOIN stage_members s ON s.row = a.row JOIN members_member m ON m.id = a.member_id
            WHERE m.name <> s.name AND {near}
            UNION ALL
            SELECT s.row, 'branch', s.branch, 'spell.registered'
            FROM stage_member_at a JOIN stage_members s ON s.row = a.row JOIN members_member m ON m.id = a.member_id
            WHERE m.name = s.name AND {near} AND a.branch_problem IS NULL
              AND ((m.branch_id, m.left_on) IS DISTINCT FROM (a.branch_id, s.left_on)
                OR s.left_on IS NOT NULL AND m.standing <> s.standing
                OR NOT EXISTS (SELECT FROM members_membership p WHERE p.member_id = m.id
                               AND p.branch_id = a.branch_id AND p.during = daterange(s.since, s.left_on)))""",
    )


@bulk_action("members.membership.import", needs=Can.IMPORT)
def import_memberships(staged: Staged, *, actor) -> dict:
    """Enter the earlier spells, and the times between them out of the register, that are not registered yet."""
    chosen = f"""FROM stage_spell_at a JOIN stage_memberships s ON s.row = a.row
        WHERE NOT a.registered AND {good("a", "memberships")} AND s.standing IS"""
    new = insert(
        Membership,
        staged,
        f"""INSERT INTO members_membership (member_id, branch_id, during)
            SELECT a.member_id, a.branch_id, a.during {chosen} NULL ORDER BY a.member_id, a.during""",
    )
    new += insert(
        Interruption,
        staged,
        f"""INSERT INTO members_interruption (member_id, branch_id, during, standing, joined_on, converted_on)
            SELECT a.member_id, a.branch_id, a.during, s.standing, s.joined_on, s.converted_on
            {chosen} NOT NULL ORDER BY a.member_id, a.during""",
    )
    mark_stale(
        ("members.Membership",),
        f"SELECT branch_id FROM stage_spell_at a WHERE NOT a.registered AND {good('a', 'memberships')}",
    )
    return {"new": new, "changed": 0, "digest": staged.digest}


class MembershipSheet(Sheet):
    """An earlier spell of a member in a branch; a member's spells follow one another without gap, the last one
    stands in `members.csv`. A row with `standing` is a time out of the register after the branch left in that way;
    with `joined_on` the member was admitted anew after it, and had joined on that day before.
    """

    name = "memberships"
    title = _("以往组织关系")
    order = 50
    demo_mark = "branch"
    needs = Can.IMPORT
    may_export = Can.EXPORT
    may_reveal = Can.REVEAL
    tables = ("members_membership", "members_interruption")
    undo = tuple(
        Undoable(model, "(SELECT m.name FROM members_member m WHERE m.id = t.member_id)", ("t.branch_id",))
        for model in (Membership, Interruption)
    )
    apart = (("id_number",),)
    problems = (
        ("id_number", "id.unknown"),
        ("id_number", "member.refused"),
        ("branch", "branch.unknown"),
        ("branch", "branch.refused"),
        ("branch", "branch.kind"),
        ("from", "branch.life"),
        ("from", "spell.overlap"),
        ("from", "spell.gap"),
        ("standing", "spell.out_first"),
        ("id_number", "spell.person"),
        ("joined_on", "spell.life"),
    )
    columns = (
        IdNumberColumn("id_number", _("公民身份号码"), aliases=ID_ALIASES),
        LookupColumn("branch", _("党支部"), to="organizations", note=_BRANCHES),
        DateColumn("from", _("转入日期")),
        DateColumn("to", _("转出日期"), note="first day in the next branch"),
        CodeColumn(
            "standing",
            _("不在册状态"),
            codes={str(one.value): one.label for one in OUT},
            required=False,
            late=True,
            note="empty for a spell",
        ),
        DateColumn("joined_on", _("原入党日期"), required=False, late=True, note="before a second life only"),
        DateColumn(
            "converted_on", _("原转正日期"), required=False, late=True, note="before a second life only"
        ),
    )
    staging = {
        "id_hash": "bytea",
        "id_last2": "text",
        "branch": "text",
        "first": "date",
        "until": "date",
        "standing": "text",
        "joined_on": "date",
        "converted_on": "date",
    }
    commit = staticmethod(import_memberships)
    scratch = ("stage_spell_at",)
    needs_numbers = True

    def stage(self, row, flaws):
        number, _branch, first, until, standing, joined, converted = row
        if until <= first:
            flaws.append(("to", "dates.reversed"))
        if joined and (standing in ("", Standing.SUSPENDED) or joined >= first):
            flaws.append(("joined_on", "spell.life"))
        if converted and not (joined and joined <= converted):
            flaws.append(("joined_on", "spell.life"))
        return [f"\\x{sealer().hash_id(number).hex()}", number[-2:], *row[1:]]

    def selection(self, near, chosen="TRUE"):
        # Of a life before the present one only what lies in reach, as on the page of the file (ADR 0019).
        return f"""SELECT m.key_wrapped, m.id_sealed AS id_number, o.code AS branch, lower(p.during) AS "from",
                upper(p.during) AS "to", p.standing, p.joined_on, p.converted_on
            FROM (SELECT member_id, branch_id, during, '' AS standing, NULL::date AS joined_on,
                         NULL::date AS converted_on
                  FROM members_membership s WHERE lower(during) < (
                    SELECT max(lower(l.during)) FROM members_membership l WHERE l.member_id = s.member_id)
                  UNION ALL
                  SELECT member_id, branch_id, during, standing, joined_on, converted_on
                  FROM members_interruption WHERE NOT upper_inf(during)) p
            JOIN members_member m ON m.id = p.member_id
            JOIN organizations_organization o ON o.id = p.branch_id
            WHERE {near("m.branch_key")} AND {chosen} AND ({near("o.key")} OR NOT EXISTS (
                SELECT FROM members_interruption x WHERE x.member_id = m.id AND x.joined_on IS NOT NULL
                    AND lower(x.during) >= lower(p.during)))
            ORDER BY m.branch_key, m.id, p.during"""

    def check(self, staged, actor):
        _place_spells(actor)
        _check_spells(actor)
        _check_chain()
        _check_persons()


def _place_spells(actor) -> None:
    """Each staged spell beside its branch and its member. Members outside the reach are not even looked for: a
    number held elsewhere and a number held nowhere are the same from here on (G-12)."""
    execute(
        f"""CREATE TEMP TABLE stage_spell_at ON COMMIT DROP AS
            SELECT s.row, m.id AS member_id, o.id AS branch_id,
                o.key AS branch_key, daterange(s.first, s.until) AS during,
                CASE WHEN o.id IS NULL THEN 'branch.unknown'
                     WHEN o.kind NOT IN ({quoted(HOLDS_MEMBERS)}) THEN 'branch.kind'
                     WHEN s.standing IS NULL
                          AND (s.first < o.opened_on OR s.until > coalesce(o.closed_on, 'infinity'))
                     THEN 'branch.life' END AS branch_problem,
                s.standing IS NOT NULL AS is_out, false AS registered
            FROM stage_memberships s LEFT JOIN organizations_organization o ON o.code = s.branch
            LEFT JOIN members_member m ON m.id_hash = s.id_hash AND {within(actor, Can.IMPORT, "m.branch_key")}"""
    )
    execute("ANALYZE stage_spell_at")
    for table, out in (("members_membership", "NOT a.is_out"), ("members_interruption", "a.is_out")):
        execute(
            f"""UPDATE stage_spell_at a SET registered = true FROM {table} p
                WHERE p.member_id = a.member_id AND p.branch_id = a.branch_id AND p.during = a.during AND {out}"""
        )


def _check_spells(actor) -> None:
    """A spell that is registered already is in nobody's way, wherever its branch lies: an export comes back."""
    refuse_elsewhere(
        "memberships",
        f"""SELECT row FROM stage_spell_at a WHERE NOT registered AND branch_id IS NOT NULL
            AND NOT {within(actor, Can.IMPORT, "a.branch_key")}""",
    )
    refused = """(EXISTS (SELECT FROM stage_unfit x WHERE x.sheet = 'members' AND x.code = encode(s.id_hash, 'hex'))
        OR EXISTS (SELECT FROM stage_members x WHERE x.id_hash = s.id_hash))"""
    refuse(
        "memberships",
        f"""SELECT s.row, 'id_number', repeat('*', 16) || s.id_last2, 'member.refused'
            FROM stage_spell_at a JOIN stage_memberships s ON s.row = a.row
            WHERE a.member_id IS NULL AND {refused}""",
    )
    refuse(
        "memberships",
        f"""SELECT s.row, CASE a.branch_problem WHEN 'branch.life' THEN 'from' ELSE 'branch' END,
               CASE a.branch_problem WHEN 'branch.life' THEN s.first::text ELSE s.branch END,
               {_BRANCH_PROBLEM}
           FROM stage_spell_at a JOIN stage_memberships s ON s.row = a.row
           WHERE a.branch_problem IS NOT NULL""",
    )
    if not actor.reach.everywhere:
        refuse_elsewhere("memberships", "SELECT row FROM stage_spell_at WHERE member_id IS NULL")
        return
    refuse(
        "memberships",
        f"""SELECT s.row, 'id_number', repeat('*', 16) || s.id_last2, 'id.unknown'
            FROM stage_spell_at a JOIN stage_memberships s ON s.row = a.row
            WHERE a.member_id IS NULL AND NOT {refused}""",
    )


def _check_chain() -> None:
    """A person's spells, and the times out of the register, follow one another: never two on a day, no day between."""
    found = """
        WITH spells AS (
            SELECT a.row, a.member_id, a.during, a.is_out FROM stage_spell_at a
            WHERE a.member_id IS NOT NULL AND NOT a.registered
            UNION ALL
            SELECT NULL, p.member_id, p.during, false FROM members_membership p
            WHERE p.member_id IN (SELECT member_id FROM stage_spell_at a WHERE NOT a.registered)
            UNION ALL
            SELECT NULL, p.member_id, p.during, true FROM members_interruption p
            WHERE p.member_id IN (SELECT member_id FROM stage_spell_at a WHERE NOT a.registered)
        ), chained AS (
            SELECT *, lag(row) OVER person AS row_before, lag(during) OVER person AS before FROM spells
            WINDOW person AS (PARTITION BY member_id ORDER BY lower(during), row)
        ), broken AS (
            SELECT DISTINCT coalesce(row, row_before) AS row,
                CASE WHEN lower(during) < upper(before) OR upper(before) IS NULL THEN 'spell.overlap'
                     ELSE 'spell.gap' END AS code
            FROM chained WHERE before IS NOT NULL AND upper(before) IS DISTINCT FROM lower(during)
              AND coalesce(row, row_before) IS NOT NULL
            UNION
            SELECT row, 'spell.out_first' FROM chained WHERE before IS NULL AND is_out AND row IS NOT NULL
        )
        SELECT b.row, CASE b.code WHEN 'spell.out_first' THEN 'standing' ELSE 'from' END,
            CASE b.code WHEN 'spell.out_first' THEN s.standing ELSE s.first::text END, b.code
        FROM broken b JOIN stage_memberships s ON s.row = b.row
        UNION ALL
        SELECT s.row, 'joined_on', s.joined_on::text, 'spell.life'
        FROM stage_spell_at a JOIN stage_memberships s ON s.row = a.row JOIN members_member m ON m.id = a.member_id
        WHERE NOT a.registered AND s.joined_on >= m.joined_on"""
    refuse("memberships", found)


def _check_persons() -> None:
    """A person's spells go in all or none: those beside a refused one would leave days without a branch (ORG-23)."""
    refuse(
        "memberships",
        f"""SELECT s.row, 'id_number', repeat('*', 16) || s.id_last2, 'spell.person'
            FROM stage_spell_at a JOIN stage_memberships s ON s.row = a.row
            WHERE NOT a.registered AND {good("a", "memberships")} AND a.member_id IN (
                SELECT b.member_id FROM stage_spell_at b
                WHERE b.member_id IS NOT NULL AND NOT {good("b", "memberships")})""",
    )


register(MemberSheet())
register(MembershipSheet())
