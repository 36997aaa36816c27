import pytest
from django.core.exceptions import PermissionDenied

from baolei.accounts.actions import open_account
from baolei.accounts.models import User
from baolei.accounts.tests.factories import make_officer
from baolei.members.tests.factories import MemberFactory
from baolei.organizations.tests.factories import make_branch, make_organization

pytestmark = pytest.mark.django_db
GIVEN = {"username": "zhang.san", "name": "张三", "password": "x"}


def test_account_of_a_member_in_reach():
    county = make_organization()
    member = MemberFactory(branch=make_branch(county))
    user = open_account(county, actor=make_officer(county), member_id=member.pk, **GIVEN)
    assert user.member_id == member.pk


def test_account_of_a_member_elsewhere_is_refused():
    county, foreign = make_organization(), MemberFactory()
    for member_id in (foreign.pk, foreign.pk + 1000):
        with pytest.raises(PermissionDenied):
            open_account(county, actor=make_officer(county), member_id=member_id, **GIVEN)
    assert not User.objects.filter(username=GIVEN["username"]).exists()
