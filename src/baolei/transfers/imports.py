"""Sheets of transfers and of pocket members' cases."""

from django.utils.translation import gettext_lazy as _

from baolei.kernel.figures.folding import MAX_DEPTH
from baolei.kernel.imports import CodeColumn, DateColumn, TextColumn, message, register
from baolei.kernel.imports.records import (
    BooleanColumn,
    Check,
    MemberColumn,
    NoOverlap,
    RecordSheet,
    RefColumn,
    Reference,
    spell_columns,
)
from baolei.kernel.sql import quoted
from baolei.kernel.tree import STEP
from baolei.organizations.kinds import HOLDS_MEMBERS
from baolei.transfers.access import Can
from baolei.transfers.models import Floating, PocketCase, Transfer
from baolei.transfers.queries import BASIC

message("transfer.same", _("转出和转入是同一个党支部"), _("请核对两个党支部的代码"))
message(
    "transfer.branch", _("这个组织不是党支部，不能转接党员"), _("请填写党支部、联合党支部或项目党支部的代码")
)
message(
    "transfer.ends",
    _("两端与类别不配"),
    _("省内转接填转出和转入党支部；跨省转接填省内一端的党支部和省外区划代码"),
)
message(
    "transfer.internal",
    _("两个党支部在同一个基层党委之内，是内部调整"),
    _("内部调整不办转接（TRF-02），请在党员档案中调整"),
)
message("transfer.accepted", _("办理状态与接收日期不配"), _("已接收的填接收日期，其他状态留空"))
message("transfer.early", _("接收日期早于提出日期"), _("请核对两个日期"))
message("pocket.outcome", _("办结日期和结果须同时填写"), _("已办结的两项都填，未办结的都不填"))
message("pocket.early", _("办结日期早于发现日期"), _("请核对两个日期"))
message(
    "floating.home",
    _("流出之日此人的组织关系不在这个党支部"),
    _("一方隶属：流出党支部是组织关系所在的党支部（FLT-03）"),
)
message("floating.host", _("流入和流出是同一个党支部"), _("没有流入党支部的留空"))
message("floating.early", _("早于流出日期"), _("请核对日期"))
message("floating.overlap", _("此人在这段时间里另有一条流动登记"), _("请先写明前一条的返回日期"))

message("transfer.run", _("这件转接正在平台上办理或已经办结，不能用文件改动"), _("请在“组织关系转接”中办理"))
_RUN = ("kind", "asked_on", "state", "accepted_on", "sender_id", "receiver_id")

_BRANCHES = quoted(HOLDS_MEMBERS)
_BASIC = quoted(BASIC)
_GIVEN = {
    Transfer.Kind.INSIDE: (True, True, False),
    Transfer.Kind.ARRIVING: (False, True, True),
    Transfer.Kind.LEAVING: (True, False, True),
}
_FITTING = " OR ".join(
    f"(s.kind = '{kind}' AND (s.sender IS NOT NULL, s.receiver IS NOT NULL, s.outside IS NOT NULL) = {given})"
    for kind, given in _GIVEN.items()
)
_PLACES = """
    JOIN organizations_place here ON here.organization_id = a.sender_id AND here.during @> s.asked_on
    JOIN organizations_place there ON there.organization_id = a.receiver_id
        AND there.during @> coalesce(s.accepted_on, s.asked_on)"""
# A key is handed out once, so that the prefixes of a day's key are the committees of that day. Looked up in a
# set for each length, not joined: a first load finds the places without their index.
_INSIDE = " OR ".join(
    f"""left(here.key, {n}) = left(there.key, {n}) AND left(here.key, {n}) IN (
        SELECT p.key FROM organizations_place p JOIN organizations_organization o ON o.id = p.organization_id
        WHERE o.kind IN ({_BASIC}))"""
    for n in range(STEP, STEP * MAX_DEPTH, STEP)
)


_OTHER = " OR ".join(
    f"t.{name} IS DISTINCT FROM {'a' if name.endswith('_id') else 's'}.{name}" for name in _RUN
)


def _branch(end: str) -> Check:
    return Check(
        end,
        "transfer.branch",
        f"o.kind NOT IN ({_BRANCHES})",
        f"JOIN organizations_organization o ON o.id = a.{end}_id",
    )


class TransferSheet(RecordSheet):
    name, title, order, model, can = "transfers", _("组织关系转接"), 170, Transfer, Can
    run_here = frozenset(
        {"run_here", "due_on", "pushed_on", "refusal", "letter", "turned_on", "warn_on", "asked_by"}
        | {"objected_on", "reissue", "check_code"}
    )
    columns = (
        RefColumn(),
        MemberColumn("member", _("公民身份号码")),
        CodeColumn("kind", _("类别"), codes=dict(Transfer.Kind.choices)),
        Reference("sender", _("转出党支部代码"), to="organizations.Organization", required=False),
        Reference("receiver", _("转入党支部代码"), to="organizations.Organization", required=False),
        TextColumn("outside", _("省外区划代码"), required=False),
        DateColumn("asked_on", _("提出日期")),
        CodeColumn("state", _("办理状态"), codes=dict(Transfer.State.choices)),
        DateColumn("accepted_on", _("接收日期"), required=False),
        BooleanColumn("via_platform", _("通过平台办理")),
    )
    checks = (
        Check("kind", "transfer.ends", f"NOT ({_FITTING})"),
        _branch("sender"),
        _branch("receiver"),
        Check("receiver", "transfer.same", "a.sender_id = a.receiver_id"),
        Check("accepted_on", "transfer.accepted", "(s.state = 'accepted') <> (s.accepted_on IS NOT NULL)"),
        Check("accepted_on", "transfer.early", "s.accepted_on < s.asked_on"),
        Check("receiver", "transfer.internal", _INSIDE, _PLACES),
        Check("ref", "transfer.run", _OTHER, "JOIN transfers_transfer t ON t.ref = s.ref AND t.run_here"),
    )


class PocketCaseSheet(RecordSheet):
    name, title, order, model, can = "pocket_cases", _("口袋党员"), 171, PocketCase, Can
    run_here = frozenset(
        {"transfer_id", "answer", "answered_on", "home_id", "suspended_on", "ended_on", "ending"}
    )
    columns = (
        RefColumn(),
        MemberColumn("member", _("公民身份号码")),
        Reference("organization", _("报到的党组织"), to="organizations.Organization"),
        DateColumn("found_on", _("发现日期")),
        DateColumn("closed_on", _("办结日期"), required=False),
        CodeColumn("outcome", _("结果"), codes=dict(PocketCase.Outcome.choices), required=False),
    )
    checks = (
        Check("outcome", "pocket.outcome", "(s.closed_on IS NULL) <> (s.outcome IS NULL)"),
        Check("closed_on", "pocket.early", "s.closed_on < s.found_on"),
        Check(
            "ref",
            "transfer.run",
            "(t.closed_on, t.found_on, t.organization_id) IS DISTINCT FROM "
            "(s.closed_on, s.found_on, a.organization_id)",
            "JOIN transfers_pocketcase t ON t.ref = s.ref AND t.transfer_id IS NOT NULL",
        ),
    )


class FloatingSheet(RecordSheet):
    name, title, order, model, can = "floating_members", _("流动党员"), 172, Floating, Can
    columns = (
        RefColumn(),
        MemberColumn("member", _("公民身份号码")),
        Reference("organization", _("流出党支部代码"), to="organizations.Organization"),
        Reference("host", _("流入党支部代码"), to="organizations.Organization", required=False),
        CodeColumn("destination", _("去向"), codes=dict(Floating.Destination.choices)),
        DateColumn("contacted_on", _("最近一次联系日期"), required=False),
        DateColumn("took_part_on", _("最近一次参加组织生活日期"), required=False),
        *spell_columns(_("流出日期"), _("返回日期"), event=True),
    )
    checks = (
        Check(
            "organization",
            "floating.home",
            "spell.branch_id IS DISTINCT FROM a.organization_id",
            "LEFT JOIN members_membership spell ON spell.member_id = a.member_id AND spell.during @> s.first",
        ),
        Check("host", "floating.host", "a.host_id = a.organization_id"),
        _branch("host"),
        Check("contacted_on", "floating.early", "s.contacted_on < s.first"),
        Check("took_part_on", "floating.early", "s.took_part_on < s.first"),
    )
    no_overlaps = (NoOverlap(("member_id",), "floating.overlap"),)


for sheet in (TransferSheet, PocketCaseSheet, FloatingSheet):
    register(sheet())
