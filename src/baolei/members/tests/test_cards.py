"""Cards: no name, replaceable, only for who may see the file."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from baolei.accounts.tests.factories import GrantFactory, UserFactory
from baolei.kernel.access import Actor
from baolei.members.actions import end_membership, make_card
from baolei.members.models import Card
from baolei.members.tests.factories import MemberFactory
from baolei.organizations.tests.factories import make_branch

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("测试")


@pytest.fixture
def member(db):
    return MemberFactory(branch=make_branch(), name="高卡试")


def scan(client, card) -> str:
    response = client.get(reverse("members:card", args=[card.code]))
    return response.headers.get("Location", str(response.status_code))


def test_the_branch_makes_one_and_whoever_may_see_the_file_scans_it(client, member):
    client.force_login(GrantFactory(role="branch_secretary", organization=member.branch).user)
    page = reverse("members:make_card", args=[member.uid])
    assert page in client.get(reverse("members:detail", args=[member.uid])).content.decode()
    text = client.post(page).content.decode()
    card = Card.rows.get()
    printed = next(part for part in text.split("<svg") if card.code in part).split("</svg>")[0]
    assert f"/cards/{card.code}/" in printed and "高卡试" not in printed
    assert scan(client, card) == reverse("members:detail", args=[member.uid])
    client.force_login(GrantFactory(role="branch_secretary", organization=make_branch()).user)
    assert scan(client, card) == "404"
    client.force_login(UserFactory(member_id=MemberFactory(branch=member.branch).pk))
    assert scan(client, card) == "404"
    client.logout()
    assert scan(client, card).startswith("/sign-in/")


def test_a_new_card_ends_the_old_one(client, member):
    old, new = (make_card(member, actor=SYSTEM) for _number in range(2))
    client.force_login(GrantFactory(role="branch_secretary", organization=member.branch).user)
    assert scan(client, old) == "404"
    assert scan(client, new) == reverse("members:detail", args=[member.uid])


def test_who_has_left_gets_none(member):
    end_membership(member, actor=SYSTEM, standing="deceased", on=member.joined_on.replace(year=2025))
    with pytest.raises(ValidationError, match="不在册"):
        make_card(member, actor=SYSTEM)
    assert not Card.rows.exists()
