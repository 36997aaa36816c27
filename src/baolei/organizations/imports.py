"""Sheets of organizations, their earlier places, and units."""

from django.db import connection
from django.utils.translation import gettext_lazy as _

from baolei.kernel.actions import bulk_action
from baolei.kernel.ids import uuid7_hex
from baolei.kernel.imports import (
    CodeColumn,
    DateColumn,
    LookupColumn,
    Sheet,
    TextColumn,
    message,
    register,
)
from baolei.kernel.imports.columns import day_after
from baolei.kernel.imports.elsewhere import refuse_elsewhere
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
from baolei.kernel.sql import quoted
from baolei.kernel.tree import DIGITS
from baolei.organizations.access import Can
from baolei.organizations.kinds import LEAF, REGION_DIGITS, REGION_KINDS, Kind, UnitKind
from baolei.organizations.models import Organization, Unit

message("code.repeated", _("组织代码在文件中重复"), _("请核对：同一代码只能出现一次，保留正确的一行"))
message(
    "code.taken",
    _("系统中已有这个组织代码，但类别、上级或成立、撤销日期与文件不同"),
    _("请核对代码；设立、移动、撤销请在系统中办理，不能用导入改动"),
)
message("parent.unknown", _("找不到上级党组织"), _("请核对上级组织代码；上级须在本文件中或已在系统中"))
message("parent.cycle", _("上下级关系绕成了圈"), _("请核对这几个组织的上级，其中至少一个填错了"))
message("parent.refused", _("上级党组织那一行有问题，未能导入"), _("请先改正上级党组织那一行"))
message("parent.second_root", _("上级为空，但系统中或文件中已有最上级党组织"), _("请填写上级组织代码"))
message("parent.kind", _("这一类上级下面不能再设党组织"), _("党支部下面只能设党小组；请核对上级"))
message("parent.life", _("上级党组织在这段时间里不存在"), _("请核对成立、撤销日期和历史隶属关系"))
message("region.digits", _("区划代码位数不对"), _("地方党委填 6 位，乡镇（街道）党委填 9 位，其他组织留空"))
message("region.taken", _("另一个未撤销的组织已用这个区划代码"), _("请核对区划代码"))
message("successor.unknown", _("找不到承接党组织"), _("请核对承接组织代码"))
message("place.organization", _("找不到这个组织"), _("请核对组织代码；它须在组织文件中或已在系统中"))
message(
    "place.order",
    _("历史隶属关系的起止日期不衔接"),
    _("第一段从成立之日起，每一段接着上一段，最后一段早于今天的隶属"),
)
message("place.registered", _("系统中登记的历史隶属关系与文件不同"), _("请在系统中更正，不能用导入改动"))
message("place.refused", _("这个组织的历史隶属关系有问题"), _("请先改正历史隶属文件中的这几行"))
message("unit.repeated", _("单位代码在文件中重复"), _("请核对：同一代码只能出现一次"))
message(
    "unit.taken",
    _("系统中已有这个单位代码，但类别、区划或管理组织与文件不同"),
    _("请核对代码；变更请在系统中办理"),
)
message("unit.organization", _("找不到管理这个单位的党组织"), _("请核对组织代码"))
message("unit.life", _("管理的党组织在起始之日不存在或已撤销"), _("请核对日期"))


def _digits(number: str) -> str:
    """SQL for an ordinal as three characters of base 36 (see kernel.tree.ordinal)."""
    pieces = [f"substr('{DIGITS}', ({number}) / {36**power} % 36 + 1, 1)" for power in (2, 1, 0)]
    return " || ".join(pieces)


@bulk_action("organizations.organization.import", words=_("导入党组织"), needs=Can.IMPORT)
def import_organizations(staged: Staged, *, actor) -> dict:
    """Found the new organizations with their places, rename the changed ones."""
    execute("ALTER TABLE stage_node ADD COLUMN id bigint")
    execute(
        f"""UPDATE stage_node n SET id = s.id FROM (
               SELECT row, {next_id("organizations_organization")} AS id
               FROM (SELECT row FROM stage_node ORDER BY key) ordered) s
           WHERE s.row = n.row"""
    )
    new = insert(
        Organization,
        staged,
        """INSERT INTO organizations_organization (id, uid, code, name, short_name, kind, parent_id, key,
               next_ordinal, region_code, opened_on, closed_on, successor_id)
           SELECT n.id, s.uid, s.code, s.name, s.short_name, s.kind, coalesce(p.id, o.id), n.key,
               1 + coalesce(e.children, 0), coalesce(s.region_code, ''), s.opened_on, s.closed_on,
               coalesce(h.id, ho.id)
           FROM stage_node n JOIN stage_organizations s ON s.row = n.row
           LEFT JOIN stage_node p ON p.code = s.parent
           LEFT JOIN organizations_organization o ON o.code = s.parent
           LEFT JOIN stage_node h ON h.code = s.successor
           LEFT JOIN organizations_organization ho ON ho.code = s.successor
           LEFT JOIN (SELECT parent, count(*) AS children FROM stage_edge GROUP BY 1) e ON e.parent = s.code
           ORDER BY n.key""",
    )
    execute(
        """UPDATE organizations_organization o SET next_ordinal = o.next_ordinal + e.children
           FROM (SELECT parent, count(*) AS children FROM stage_edge GROUP BY 1) e
           WHERE e.parent = o.code AND NOT EXISTS (SELECT FROM stage_node n WHERE n.code = o.code)"""
    )
    execute(
        """INSERT INTO organizations_place (organization_id, parent_id, key, during)
           SELECT n.id, coalesce(p.id, o.id), piece.key, piece.during
           FROM stage_piece piece JOIN stage_node n ON n.code = piece.child
           LEFT JOIN stage_node p ON p.code = piece.parent
           LEFT JOIN organizations_organization o ON p.id IS NULL AND o.code = piece.parent
           ORDER BY piece.key, piece.during"""
    )
    execute(
        """WITH RECURSIVE above AS (
               SELECT organization_id, key, during FROM organizations_place
               UNION ALL SELECT organization_id, key, during FROM organizations_rest
           ), closed AS (
               SELECT o.id, o.parent_id, right(o.key, 3) AS step, daterange(o.closed_on, NULL) AS since, n.row
               FROM stage_node n JOIN organizations_organization o ON o.id = n.id WHERE o.closed_on IS NOT NULL
           ), rest AS (
               SELECT c.id, a.key || c.step AS key, c.since * a.during AS during
               FROM closed c JOIN above a ON a.organization_id = c.parent_id AND a.during && c.since
               UNION ALL
               SELECT c.id, r.key || c.step, c.since * r.during
               FROM rest r JOIN closed c ON c.parent_id = r.id AND c.since && r.during
           )
           INSERT INTO organizations_rest (organization_id, key, during) SELECT id, key, during FROM rest"""
    )
    changed = 0 if staged.first_load else _update_organizations(staged)
    mark_stale(
        ("organizations.Organization", "organizations.Place"),
        "SELECT id FROM stage_node UNION ALL "
        "SELECT row_id FROM kernel_batchrow WHERE model = 'organizations.Organization' "
        f"AND batch_id = {staged.batch_id}",
    )
    return {"new": new, "changed": changed, "digest": staged.digest}


def _update_organizations(staged: Staged) -> int:
    """What an import may change of an organization: names, region code, successor."""
    different = f"""
        FROM stage_organizations s JOIN organizations_organization o ON o.code = s.code
        LEFT JOIN organizations_organization h ON h.code = s.successor
        WHERE {good("s", "organizations")} AND (o.name, o.short_name, o.region_code, o.successor_id)
            IS DISTINCT FROM (s.name, s.short_name, coalesce(s.region_code, ''), h.id)"""
    execute(
        f"""INSERT INTO kernel_batchrow (batch_id, model, row_id, before)
            SELECT %s, 'organizations.Organization', o.id, jsonb_build_object('name', o.name,
                'short_name', o.short_name, 'region_code', o.region_code, 'successor_id', o.successor_id)
            {different}""",
        [staged.batch_id],
    )
    return execute(
        f"""UPDATE organizations_organization o SET name = f.name, short_name = f.short_name,
                region_code = f.region_code, successor_id = f.successor_id
            FROM (SELECT o.id, s.name, s.short_name, coalesce(s.region_code, '') AS region_code,
                         h.id AS successor_id {different}) f WHERE f.id = o.id"""
    )


class OrganizationSheet(Sheet):
    """A Party organization, open or closed. One has no parent: the first of all."""

    name = "organizations"
    model = Organization
    row_id = "o.id"
    changes_tree = True
    demo_mark = "code"
    title = _("党组织")
    order = 10
    needs = Can.IMPORT
    may_export = Can.EXPORT
    tables = ("organizations_organization", "organizations_place", "organizations_rest")
    undo = (
        Undoable(
            Organization,
            "t.name || ' ' || t.code",
            ("t.id",),
            parts=(
                ("organizations_place", "organization_id"),
                ("organizations_rest", "organization_id"),
                ("kernel_storedvalue", "organization_id"),
            ),
            passing=("key", "next_ordinal"),
        ),
    )
    once = (("code",),)
    problems = (
        ("code", "code.repeated"),
        ("code", "code.taken"),
        ("parent", "parent.unknown"),
        ("parent", "parent.refused"),
        ("parent", "parent.cycle"),
        ("parent", "parent.second_root"),
        ("parent", "parent.kind"),
        ("parent", "parent.life"),
        ("region_code", "region.digits"),
        ("region_code", "region.taken"),
        ("successor", "successor.unknown"),
        ("code", "place.refused"),
    )
    columns = (
        TextColumn("code", _("组织代码")),
        TextColumn("name", _("全称")),
        TextColumn("short_name", _("简称")),
        CodeColumn("kind", _("类别"), codes=dict(Kind.choices)),
        LookupColumn(
            "parent", _("上级党组织"), required=False, to="organizations", note="empty for the first of all"
        ),
        DateColumn("opened_on", _("成立日期")),
        DateColumn("closed_on", _("撤销日期"), required=False, note="first day on which it is not open"),
        TextColumn(
            "region_code",
            _("区划代码"),
            required=False,
            note="6 digits of a local committee, where it must stand; 9 digits of a township, street or work committee",
        ),
        LookupColumn("successor", _("承接党组织"), required=False, to="organizations"),
    )
    staging = {
        "uid": "uuid",
        "code": "text",
        "name": "text",
        "short_name": "text",
        "kind": "text",
        "parent": "text",
        "opened_on": "date",
        "closed_on": "date",
        "region_code": "text",
        "successor": "text",
    }  # fmt: skip
    commit = staticmethod(import_organizations)
    referred = True
    scratch = ("stage_edge", "stage_node", "stage_piece")

    def stage(self, row, flaws):
        if row.closed_on and row.closed_on <= row.opened_on:
            flaws.append(("closed_on", "dates.reversed"))
        if row.region_code:
            digits = REGION_KINDS.get(row.kind)
            if not (row.region_code.isdigit() and len(row.region_code) == digits):
                flaws.append(("region_code", "region.digits"))
        elif row.kind == Kind.LOCAL_COMMITTEE:
            flaws.append(("region_code", "region.digits"))
        return [uuid7_hex(), *row]

    def selection(self, near, chosen="TRUE"):
        return f"""SELECT o.code, o.name, o.short_name, o.kind, p.code AS parent, o.opened_on, o.closed_on,
                o.region_code, h.code AS successor
            FROM organizations_organization o LEFT JOIN organizations_organization p ON p.id = o.parent_id
            LEFT JOIN organizations_organization h ON h.id = o.successor_id
            WHERE {near("o.key")} AND {chosen} ORDER BY o.key"""

    def check(self, staged, actor):
        _check_codes(actor)
        _check_references()
        _check_places()
        while True:
            _build_edges()
            if not (_check_tree() or _build_pieces(actor)):
                return


def _check_codes(actor) -> None:
    refuse(
        "organizations",
        "SELECT row, 'code', code, 'code.repeated' FROM "
        "(SELECT row, code, row_number() OVER (PARTITION BY code ORDER BY row) AS n FROM stage_organizations) s "
        "WHERE n > 1",
    )
    refuse_elsewhere(
        "organizations",
        f"""SELECT s.row FROM stage_organizations s JOIN organizations_organization o ON o.code = s.code
            WHERE NOT {within(actor, Can.IMPORT, "o.key")}""",
    )
    refuse(
        "organizations",
        f"""SELECT s.row, 'code', s.code, 'code.taken'
            FROM stage_organizations s JOIN organizations_organization o ON o.code = s.code
            LEFT JOIN organizations_organization p ON p.id = o.parent_id
            WHERE {within(actor, Can.IMPORT, "o.key")} AND (s.kind, s.parent, s.opened_on, s.closed_on)
                IS DISTINCT FROM (o.kind, p.code, o.opened_on, o.closed_on)""",
    )
    refuse(
        "organizations",
        """SELECT row, 'region_code', region_code, 'region.taken' FROM (
               SELECT row, region_code, row_number() OVER (PARTITION BY region_code ORDER BY row) AS n
               FROM stage_organizations WHERE region_code IS NOT NULL AND closed_on IS NULL) s WHERE n > 1
           UNION ALL
           SELECT s.row, 'region_code', s.region_code, 'region.taken'
           FROM stage_organizations s JOIN organizations_organization o ON o.region_code = s.region_code
           WHERE s.closed_on IS NULL AND o.closed_on IS NULL AND o.code <> s.code""",
    )


def _check_references() -> None:
    known = """NOT EXISTS (SELECT FROM stage_organizations k WHERE k.code = s.{0})
        AND NOT EXISTS (SELECT FROM organizations_organization k WHERE k.code = s.{0})"""
    refuse(
        "organizations",
        "SELECT row, 'parent', parent, CASE WHEN EXISTS (SELECT FROM stage_unfit u WHERE u.sheet = "
        "'organizations' AND u.code = s.parent) THEN 'parent.refused' ELSE 'parent.unknown' END "
        f"FROM stage_organizations s WHERE parent IS NOT NULL AND {known.format('parent')}",
    )
    refuse(
        "organizations",
        "SELECT row, 'successor', successor, 'successor.unknown' FROM stage_organizations s "
        f"WHERE successor IS NOT NULL AND {known.format('successor')}",
    )
    refuse(
        "organizations",
        """SELECT row, 'parent', '', 'parent.second_root' FROM (
               SELECT row, code, row_number() OVER (ORDER BY row) AS n FROM stage_organizations
               WHERE parent IS NULL) s
           WHERE n > 1 OR EXISTS (
               SELECT FROM organizations_organization o WHERE o.parent_id IS NULL AND o.code <> s.code)""",
    )
    leaf = quoted(LEAF)
    refuse(
        "organizations",
        f"""SELECT s.row, 'parent', s.parent, 'parent.kind' FROM stage_organizations s
            LEFT JOIN stage_organizations p ON p.code = s.parent
            LEFT JOIN organizations_organization o ON p.code IS NULL AND o.code = s.parent
            WHERE coalesce(p.kind, o.kind) IN ({leaf})
              AND (s.kind <> '{Kind.PARTY_CELL}' OR coalesce(p.kind, o.kind) = '{Kind.PARTY_CELL}')""",
    )


def _check_places() -> None:
    """Earlier places: known ends, without gap from the day of founding; equal ones are no change."""
    refuse(
        "places",
        """SELECT p.row, 'organization', p.organization, 'place.organization' FROM stage_places p
           WHERE NOT EXISTS (SELECT FROM stage_organizations k WHERE k.code = p.organization)
             AND NOT EXISTS (SELECT FROM organizations_organization k WHERE k.code = p.organization)
           UNION ALL
           SELECT p.row, 'parent', p.parent, 'parent.unknown' FROM stage_places p
           WHERE NOT EXISTS (SELECT FROM stage_organizations k WHERE k.code = p.parent)
             AND NOT EXISTS (SELECT FROM organizations_organization k WHERE k.code = p.parent)
           UNION ALL
           SELECT p.row, 'parent', p.parent, 'place.registered'
           FROM stage_places p JOIN organizations_organization o ON o.code = p.organization
           JOIN organizations_organization h ON h.code = p.parent
           WHERE NOT coalesce(daterange(p.first, p.until) <@ (
               SELECT range_agg(during) FROM organizations_place l
               WHERE l.organization_id = o.id AND l.parent_id = h.id), false)""",
    )
    refuse(
        "places",
        """SELECT row, 'from', first::text, 'place.order' FROM (
               SELECT p.row, p.first, p.until, o.closed_on, coalesce(
                   lag(p.until) OVER (PARTITION BY p.organization ORDER BY p.first), o.opened_on) AS expected
               FROM stage_places p JOIN stage_organizations o ON o.code = p.organization) s
           WHERE first <> expected OR until >= closed_on""",
    )
    refuse(
        "organizations",
        """SELECT DISTINCT o.row, 'code', o.code, 'place.refused'
           FROM stage_organizations o JOIN stage_places p ON p.organization = o.code
           JOIN stage_refused r ON r.sheet = 'places' AND r.row = p.row
           WHERE NOT EXISTS (SELECT FROM organizations_organization k WHERE k.code = o.code)""",
    )


def _build_edges() -> None:
    """Who hung under whom, from when to when, of the good new organizations; same parent in a row is one."""
    execute("DROP TABLE IF EXISTS stage_edge, stage_node, stage_piece")
    execute(
        f"""CREATE TEMP TABLE stage_edge ON COMMIT DROP AS
            WITH fresh AS (
                SELECT s.* FROM stage_organizations s WHERE {good("s", "organizations")}
                  AND NOT EXISTS (SELECT FROM organizations_organization o WHERE o.code = s.code)
            ), edges AS (
                SELECT s.row, s.code AS child, p.parent, p.first, p.until
                FROM fresh s JOIN stage_places p ON p.organization = s.code
                UNION ALL
                SELECT s.row, s.code, s.parent, coalesce(p.until, s.opened_on), s.closed_on
                FROM fresh s LEFT JOIN (
                    SELECT organization, max(until) AS until FROM stage_places GROUP BY 1
                ) p ON p.organization = s.code
            ), runs AS (
                SELECT *, count(*) FILTER (WHERE turned) OVER (PARTITION BY child ORDER BY first) AS run FROM (
                    SELECT *, parent IS DISTINCT FROM lag(parent) OVER (PARTITION BY child ORDER BY first)
                        AS turned FROM edges) e
            ), merged AS (
                SELECT row, child, parent, min(first) AS first,
                       CASE WHEN bool_or(until IS NULL) THEN NULL ELSE max(until) END AS until
                FROM runs GROUP BY row, child, parent, run
            )
            SELECT m.*, lead(m.row) OVER (PARTITION BY m.child ORDER BY m.first) IS NULL AS present,
                {
            _digits(
                "(row_number() OVER (PARTITION BY m.parent ORDER BY m.row, m.first) "
                "+ coalesce(o.next_ordinal, 1) - 1)::int"
            )
        } AS step
            FROM merged m LEFT JOIN organizations_organization o ON o.code = m.parent"""
    )
    execute("ANALYZE stage_edge")


def _check_tree() -> int:
    """Every organization hangs, at last, on the register or on the root of the file."""
    execute(
        """CREATE TEMP TABLE stage_node ON COMMIT DROP AS
            WITH RECURSIVE tree AS (
                SELECT e.row, e.child AS code, coalesce(o.key, '') || e.step AS key
                FROM stage_edge e LEFT JOIN organizations_organization o ON o.code = e.parent
                WHERE e.present AND (e.parent IS NULL OR o.id IS NOT NULL)
                UNION ALL
                SELECT e.row, e.child, t.key || e.step
                FROM tree t JOIN stage_edge e ON e.parent = t.code WHERE e.present
            )
            SELECT * FROM tree"""
    )
    execute("ANALYZE stage_node")
    return refuse(
        "organizations",
        """WITH RECURSIVE lost AS (
               SELECT e.row, e.child, e.parent FROM stage_edge e
               WHERE e.present AND NOT EXISTS (SELECT FROM stage_node n WHERE n.row = e.row)
           ), orphaned AS (
               SELECT l.row, l.child, l.parent FROM lost l
               WHERE NOT EXISTS (SELECT FROM lost p WHERE p.child = l.parent)
               UNION ALL
               SELECT l.row, l.child, l.parent FROM lost l JOIN orphaned o ON l.parent = o.child
           )
           SELECT l.row, 'parent', l.parent, CASE WHEN o.row IS NULL THEN 'parent.cycle' ELSE 'parent.refused' END
           FROM lost l LEFT JOIN orphaned o ON o.row = l.row""",
    )


def _build_pieces(actor) -> int:
    """Places with the keys of their time: an edge's days meet the days of its parent's places (D3)."""
    execute(
        """CREATE TEMP TABLE stage_piece ON COMMIT DROP AS
            WITH RECURSIVE piece AS (
                SELECT e.child, e.parent, coalesce(p.key, '') || e.step AS key,
                       daterange(e.first, e.until) * coalesce(p.during, daterange(NULL, NULL)) AS during
                FROM stage_edge e LEFT JOIN organizations_organization o ON o.code = e.parent
                LEFT JOIN organizations_place p
                    ON p.organization_id = o.id AND p.during && daterange(e.first, e.until)
                WHERE e.parent IS NULL OR p.id IS NOT NULL
                UNION ALL
                SELECT e.child, e.parent, p.key || e.step, daterange(e.first, e.until) * p.during
                FROM piece p JOIN stage_edge e ON e.parent = p.child
                WHERE daterange(e.first, e.until) && p.during
            )
            SELECT * FROM piece"""
    )
    execute("ANALYZE stage_piece")
    found = refuse(
        "organizations",
        """SELECT s.row, 'parent', s.parent, 'parent.life'
           FROM stage_node n JOIN stage_organizations s ON s.row = n.row LEFT JOIN (
               SELECT child, sum(coalesce(upper(during), DATE '9999-12-31') - lower(during)) AS days
               FROM stage_piece GROUP BY 1) p ON p.child = s.code
           WHERE p.days IS DISTINCT FROM coalesce(s.closed_on, DATE '9999-12-31') - s.opened_on""",
    )
    return found + refuse_elsewhere(
        "organizations",
        f"SELECT n.row FROM stage_node n WHERE NOT {within(actor, Can.IMPORT, 'n.key')} "
        "UNION SELECT n.row FROM stage_piece p JOIN stage_node n ON n.code = p.child "
        f"WHERE NOT {within(actor, Can.IMPORT, 'p.key')}",
    )


class PlaceSheet(Sheet):
    """Where an organization stood before it came to its present parent: from the day of its founding, without gap.

    Taken in with the organizations, because keys come from the whole history.
    """

    name = "places"
    changes_tree = True
    demo_mark = "organization"
    title = _("历史隶属关系")
    order = 20
    needs = Can.IMPORT
    may_export = Can.EXPORT
    problems = (
        ("organization", "place.organization"),
        ("parent", "parent.unknown"),
        ("parent", "place.registered"),
        ("from", "place.order"),
    )
    columns = (
        LookupColumn("organization", _("组织代码"), to="organizations"),
        LookupColumn("parent", _("当时的上级党组织"), to="organizations"),
        DateColumn("from", _("起")),
        DateColumn("to", _("止"), note="last day, inclusive"),
    )
    staging = {"organization": "text", "parent": "text", "first": "date", "until": "date"}

    def stage(self, row, flaws):
        organization, parent, first, last = row
        if last < first:
            flaws.append(("to", "dates.reversed"))
        return [organization, parent, first, day_after(last)]

    def selection(self, near, chosen="TRUE"):
        """Stretches under one parent; pieces that only the parent's own moves cut are joined again."""
        return f"""SELECT o.code AS organization, p.code AS parent, lower(l.during) AS "from",
                upper(l.during) - 1 AS "to"
            FROM (SELECT organization_id, parent_id, unnest(range_agg(during)) AS during
                  FROM organizations_place GROUP BY 1, 2) l
            JOIN organizations_organization o ON o.id = l.organization_id
            JOIN organizations_organization p ON p.id = l.parent_id
            WHERE {near("o.key")} AND {chosen} AND upper(l.during) IS DISTINCT FROM o.closed_on AND NOT upper_inf(l.during)
            ORDER BY o.key, l.during"""

    def check(self, staged, actor):
        """Done with the organizations; alone, the file can only repeat what is registered."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT to_regclass('pg_temp.stage_node')")
            if cursor.fetchone()[0] is None:
                _check_places()
                _build_edges()
                _check_tree()

    def counts(self):
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT count(*) FROM stage_places p JOIN stage_node n ON n.code = p.organization "
                f"WHERE {good('p', 'places')}"
            )
            return {"new": cursor.fetchone()[0], "changed": 0}


@bulk_action("organizations.unit.import", words=_("导入单位"), needs=Can.IMPORT)
def import_units(staged: Staged, *, actor) -> dict:
    """Enter the new units with their overseers, rename the changed ones."""
    different = f"""FROM stage_units s JOIN organizations_unit u ON u.code = s.code
        WHERE {good("s", "units")} AND u.name <> s.name"""
    execute(
        f"""INSERT INTO kernel_batchrow (batch_id, model, row_id, before)
            SELECT %s, 'organizations.Unit', u.id, jsonb_build_object('name', u.name) {different}""",
        [staged.batch_id],
    )
    changed = execute(
        f"""UPDATE organizations_unit u SET name = f.name FROM (SELECT u.id, s.name {different}) f
            WHERE f.id = u.id"""
    )
    execute(
        f"""CREATE TEMP TABLE stage_unit_new ON COMMIT DROP AS
            SELECT s.row, {next_id("organizations_unit")} AS id
            FROM (SELECT row FROM stage_units s WHERE {good("s", "units")}
                  AND NOT EXISTS (SELECT FROM organizations_unit u WHERE u.code = s.code) ORDER BY row) s"""
    )
    new = insert(
        Unit,
        staged,
        """INSERT INTO organizations_unit (id, uid, code, name, kind, region_code)
           SELECT n.id, s.uid, s.code, s.name, s.kind, coalesce(s.region_code, '')
           FROM stage_unit_new n JOIN stage_units s ON s.row = n.row ORDER BY n.id""",
    )
    execute(
        """INSERT INTO organizations_unitoverseer (unit_id, organization_id, during)
           SELECT n.id, o.id, daterange(s.first, NULL)
           FROM stage_unit_new n JOIN stage_units s ON s.row = n.row
           JOIN organizations_organization o ON o.code = s.organization ORDER BY n.id"""
    )
    mark_stale(
        ("organizations.Unit", "organizations.UnitOverseer"),
        "SELECT o.id FROM stage_unit_new n JOIN stage_units s ON s.row = n.row "
        "JOIN organizations_organization o ON o.code = s.organization",
    )
    execute("DROP TABLE stage_unit_new")
    return {"new": new, "changed": changed, "digest": staged.digest}


class UnitSheet(Sheet):
    """A village, community, organ, enterprise … and the Party organization that oversees it."""

    name = "units"
    title = _("单位")
    order = 30
    demo_mark = "organization"
    needs = Can.IMPORT
    may_export = Can.EXPORT
    tables = ("organizations_unit", "organizations_unitoverseer")
    undo = (
        Undoable(
            Unit,
            "t.name || ' ' || t.code",
            (
                "(SELECT v.organization_id FROM organizations_unitoverseer v "
                "WHERE v.unit_id = t.id AND upper_inf(v.during))",
            ),
            parts=(("organizations_unitoverseer", "unit_id"),),
        ),
    )
    once = (("code",),)
    problems = (
        ("code", "unit.repeated"),
        ("code", "unit.taken"),
        ("region_code", "region.digits"),
        ("organization", "unit.organization"),
        ("from", "unit.life"),
    )
    columns = (
        TextColumn("code", _("单位代码")),
        TextColumn("name", _("名称")),
        CodeColumn("kind", _("类别"), codes=dict(UnitKind.choices)),
        TextColumn(
            "region_code",
            _("区划代码"),
            required=False,
            note="6 digits of a province, prefecture or county, 9 of a township or street, 12 of any other unit",
        ),
        LookupColumn("organization", _("管理的党组织"), to="organizations"),
        DateColumn("from", _("起"), note="since when it is overseen so"),
    )
    staging = {
        "uid": "uuid",
        "code": "text",
        "name": "text",
        "kind": "text",
        "region_code": "text",
        "organization": "text",
        "first": "date",
    }  # fmt: skip
    commit = staticmethod(import_units)

    def stage(self, row, flaws):
        digits = REGION_DIGITS.get(row.kind)
        if row.region_code and not (row.region_code.isdigit() and len(row.region_code) == (digits or 12)):
            flaws.append(("region_code", "region.digits"))
        return [uuid7_hex(), *row]

    def selection(self, near, chosen="TRUE"):
        return f"""SELECT u.code, u.name, u.kind, u.region_code, o.code AS organization,
                lower(v.during) AS "from"
            FROM organizations_unit u JOIN organizations_unitoverseer v ON v.unit_id = u.id AND upper_inf(v.during)
            JOIN organizations_organization o ON o.id = v.organization_id
            WHERE {near("o.key")} AND {chosen} ORDER BY u.code"""

    def check(self, staged, actor):
        refuse(
            "units",
            """SELECT row, 'code', code, 'unit.repeated' FROM (
                   SELECT row, code, row_number() OVER (PARTITION BY code ORDER BY row) AS n FROM stage_units) s
               WHERE n > 1""",
        )
        refuse_elsewhere(
            "units",
            f"""SELECT s.row FROM stage_units s JOIN organizations_organization o ON o.code = s.organization
                WHERE NOT {within(actor, Can.IMPORT, "o.key")}""",
        )
        refuse(
            "units",
            """SELECT s.row, CASE WHEN o.id IS NULL THEN 'organization' ELSE 'from' END,
                    CASE WHEN o.id IS NULL THEN s.organization ELSE s.first::text END,
                    CASE WHEN o.id IS NULL THEN 'unit.organization' ELSE 'unit.life' END
                FROM stage_units s LEFT JOIN organizations_organization o ON o.code = s.organization
                WHERE o.id IS NULL OR s.first < o.opened_on OR o.closed_on IS NOT NULL""",
        )
        refuse(
            "units",
            """SELECT s.row, 'code', s.code, 'unit.taken'
               FROM stage_units s JOIN organizations_unit u ON u.code = s.code
               LEFT JOIN organizations_organization o ON o.code = s.organization
               WHERE (u.kind, u.region_code) IS DISTINCT FROM (s.kind, coalesce(s.region_code, ''))
                  OR NOT EXISTS (SELECT FROM organizations_unitoverseer v WHERE v.unit_id = u.id
                                 AND v.organization_id = o.id AND v.during = daterange(s.first, NULL))""",
        )


register(OrganizationSheet())
register(PlaceSheet())
register(UnitSheet())
