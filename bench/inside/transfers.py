"""Accepting a transfer on its page, against a bare Django view that writes the same rows."""

import time
from typing import Any

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone

from baolei.accounts.models import User
from baolei.kernel.access import Actor
from baolei.kernel.models import Event, StaleMark
from baolei.kernel.tree import below
from baolei.members.codes import COUNTED
from baolei.members.models import Member, Membership
from baolei.organizations.kinds import Kind
from baolei.organizations.models import Organization
from baolei.transfers import actions
from baolei.transfers.models import Transfer
from baolei.transfers.queries import inside_one_committee
from bench.inside.people import COUNTY, officer

NUMBER = 200
EVENT: dict[str, Any] = {}
"""The values of the bare view's row of audit."""
BENCH = Actor.system("bench")


def accept() -> list[dict[str, Any]]:
    """CPU of the web process for one acceptance, in milliseconds, and its ratio to the bare view."""
    ready = _released(2 * NUMBER)
    seen = Event.objects.filter(action="transfers.transfer.release").values().first()
    EVENT.update({name: value for name, value in seen.items() if name != "id"})
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(User.objects.get(username=officer()["username"]))
    ours, bare = [], []
    factory = RequestFactory()
    # By turns, so that both see the same machine.
    for number, transfer in enumerate(ready):
        start = time.process_time()
        if number % 2:
            response = client.post(reverse("transfers:step", args=[transfer.uid, "accept"]), {"branch": ""})
            ours.append(time.process_time() - start)
            assert response.status_code == 302, (response.status_code, response.content.decode()[-900:])
        else:
            response = _bare(factory.post("/accept/", {"transfer": transfer.pk}))
            bare.append(time.process_time() - start)
            assert response.status_code == 302
    product, floor = (1000 * sorted(taken)[len(taken) // 2] for taken in (ours, bare))
    note = f"p50 of {NUMBER} each: {product:.1f} and {floor:.1f} ms of the web process"
    return [{"name": "accept", "value": product / floor, "note": note}]


def _released(number: int) -> list[Transfer]:
    """Members of branches of one kind, each on the way to the branch of a later one in another committee."""
    county = Organization.rows.get(region_code=COUNTY, closed_on=None)
    members = list(
        Member.rows.filter(
            below(county.key, field="branch_key"),
            standing__in=COUNTED,
            branch__kind=Kind.BRANCH,
            branch__closed_on=None,
        )
        .exclude(pk__in=Transfer.rows.filter(run_here=True).values("member"))
        .order_by("branch_key", "pk")
        .distinct("branch_key")
        .select_related("branch")[: 2 * number]
    )
    found = []
    for member, other in zip(members, [*members[number:], *members[:number]], strict=True):
        if len(found) < number and not inside_one_committee(member.branch, other.branch):
            with transaction.atomic():
                found.append(
                    actions.release(actions.ask(member, actor=BENCH, receiver=other.branch), actor=BENCH)
                )
    return found


def _bare(request: HttpRequest) -> HttpResponse:
    """The rows of an acceptance, marks and event too, written without rules, rights, reactions and diff."""
    today = timezone.localdate()
    with transaction.atomic():
        transfer = Transfer.rows.select_for_update().get(pk=request.POST["transfer"])
        member = Member.rows.select_for_update(of=("self",)).get(pk=transfer.member_id)
        branch = Organization.rows.get(pk=transfer.receiver_id)
        spell = Membership.rows.get(member=member, during__upper_inf=True)
        spell.during = DateRange(spell.during.lower, today, "[)")
        spell.save()
        Membership.rows.create(member=member, branch=branch, during=DateRange(today, None, "[)"))
        member.branch, member.branch_key = branch, branch.key
        member.save(update_fields=["branch", "branch_key"])
        transfer.state, transfer.accepted_on, transfer.due_on = "accepted", today, None
        transfer.save()
        places = (transfer.sender, branch)
        StaleMark.objects.bulk_create(
            StaleMark(model=model._meta.label, key=place.key)
            for model in (Member, Membership, Transfer)
            for place in places
        )
        Event.objects.create(**EVENT, id=-transfer.pk)
    return HttpResponse(status=302)
