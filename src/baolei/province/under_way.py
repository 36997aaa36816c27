"""Business under way in the made-up province: what the demo's accounts find on their desks."""

from datetime import timedelta

from django.db.models import F

from baolei.accounts.models import Grant, User
from baolei.accounts.queries import actor_of
from baolei.kernel.tree import below
from baolei.members.codes import COUNTED
from baolei.members.models import Member
from baolei.organizations.kinds import Kind
from baolei.organizations.models import Organization
from baolei.transfers import actions
from baolei.transfers.models import Transfer
from baolei.transfers.pocket_actions import enter_contact, open_case

EACH_WAY = 8
"""Transfers to the demo's township, and as many from it."""
LATE = timedelta(days=40)
"""How long ago every fourth was asked for: its clock has run out."""


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


def _carry(number: int, transfer: Transfer, officer) -> None:
    """As far as its number says: asked for, released, sent back, or late; late and released, a pocket case."""
    if number % 2:
        letter = (
            f"组介〔{transfer.asked_on.year}〕{number}号" if transfer.kind == Transfer.Kind.LEAVING else ""
        )
        transfer = actions.release(transfer, actor=officer, letter=letter)
    if number == EACH_WAY - 2:
        actions.refuse(transfer, actor=officer, refusal=Transfer.Refusal.WRONG_BRANCH)
    elif number % 4 >= 2:
        Transfer.rows.filter(pk=transfer.pk).update(asked_on=F("asked_on") - LATE, due_on=F("due_on") - LATE)
        transfer.refresh_from_db()
        if transfer.state == Transfer.State.RELEASED:
            case = open_case(transfer, actor=officer)
            enter_contact(case, actor=officer, on=case.found_on, way="phone", result="no_answer")


def _place_of(username: str) -> Organization:
    return Organization.rows.get(pk=Grant.rows.get(user__username=username).organization_id)


def _members(organization: Organization):
    return Member.rows.filter(
        below(organization.key, field="branch_key"), standing__in=COUNTED, branch__kind=Kind.BRANCH
    )


def _one_of_each_branch(rows) -> list[Member]:
    first = rows.order_by("branch_key", "pk").distinct("branch_key").select_related("branch")
    return list(first[:EACH_WAY])
