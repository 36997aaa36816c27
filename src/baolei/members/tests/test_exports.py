"""More names than one person may take alone: asked, agreed to by a second person, taken once (G-30)."""

from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from baolei.accounts.models import Grant
from baolei.accounts.queries import actor_of
from baolei.accounts.tests.factories import GrantFactory
from baolei.kernel.exports import actions, queries
from baolei.kernel.models import Event, ExportRequest
from baolei.kernel.pages import export
from baolei.kernel.privacy import purge
from baolei.members.models import Member
from baolei.members.tests.packages import TOWN
from baolei.members.tests.workbooks import town
from baolei.members.tests.world import make_person
from baolei.organizations.models import Organization

pytestmark = pytest.mark.django_db

EXPORT = "/members/export/"
GIVEN = {"purpose": "check", "form": "csv"}


@pytest.fixture(autouse=True)
def few(monkeypatch):
    """Two names are already many."""
    monkeypatch.setattr(queries, "NAMES_LIMIT", 2)
    monkeypatch.setattr(export, "NAMES_LIMIT", 2)


@pytest.fixture
def crowd(clerk):
    branch = Organization.rows.get(short_name="东村党支部")
    return [make_person(branch, name) for name in ("高一", "高二", "高三")]


def second(role="township_officer", code=TOWN):
    return GrantFactory(role=role, organization=town(code)).user


def asked(client) -> ExportRequest:
    response = client.post(EXPORT, GIVEN)
    assert response.status_code == 302, response.content.decode()[-3000:]
    return ExportRequest.objects.get(uid=response.url.rstrip("/").rpartition("/")[2])


def take(client, request):
    return client.post(reverse("exports:take", args=[request.uid]))


def text_of(response) -> str:
    return (b"".join(response.streaming_content) if response.streaming else response.content).decode()


def test_many_names_are_asked_for_agreed_to_and_taken_once(clerk, client, crowd):
    assert "提交复核" in clerk.get(EXPORT).content.decode()
    owner = clerk.session["_auth_user_id"]
    request = asked(clerk)
    number = Member.rows.exclude(name="").filter(left_on=None, branch__parent__code=TOWN).count()
    assert (request.state, request.rows, request.key) == ("asked", number, town(TOWN).key)
    assert "已提交" in clerk.get(reverse("exports:request", args=[request.uid])).content.decode()
    assert take(clerk, request).status_code == 302
    assert not Event.objects.filter(action="members.member.exported").exists()

    other = second()
    client.force_login(other)
    shown = client.get(reverse("exports:list")).content.decode()
    assert "等我复核" in shown and "党员名单" in shown
    assert client.post(reverse("exports:agree", args=[request.uid])).status_code == 302
    request.refresh_from_db()
    assert (request.state, request.decided_id) == ("agreed", other.pk)
    # The second person agrees; he does not take.
    assert take(client, request).status_code == 404

    client.force_login(get_user_model().objects.get(pk=owner))
    response = take(client, request)
    text = text_of(response)
    assert response.status_code == 200 and "高二" in text and f"复核人：{other.name}" in text
    request.refresh_from_db()
    assert request.state == "taken"
    told = Event.objects.filter(action="members.member.exported")
    assert told.count() == number
    assert set(told.values_list("detail__request", flat=True)) == {str(request.uid)}
    assert set(told.values_list("target_model", flat=True)) == {"members.Member"}
    assert {event.target_key for event in told} == {
        m.branch_key for m in Member.rows.filter(pk__in=told.values_list("person_id", flat=True))
    }
    assert take(client, request).status_code == 302
    assert told.count() == number


def test_nobody_agrees_to_his_own(clerk, crowd):
    request = asked(clerk)
    assert clerk.post(reverse("exports:agree", args=[request.uid])).status_code == 404
    own = actor_of(get_user_model().objects.get(pk=request.actor_id))
    with pytest.raises(PermissionDenied):
        actions.agree(request, actor=own)
    with pytest.raises(IntegrityError), transaction.atomic():
        ExportRequest.objects.filter(pk=request.pk).update(
            state="agreed", decided_id=request.actor_id, decided_at=timezone.now()
        )


@pytest.mark.parametrize("code", ["222404200001", "222404100002"])
def test_who_is_not_in_charge_of_the_whole_does_not_see_it(clerk, client, crowd, code):
    request = asked(clerk)
    client.force_login(second(code=code))
    for name in ("request", "agree", "refuse", "take"):
        address = reverse(f"exports:{name}", args=[request.uid])
        status = client.get(address).status_code if name == "request" else client.post(address).status_code
        assert status == 404, name
    assert "党员名单" not in client.get(reverse("exports:list")).content.decode().partition("<main")[2]


def test_refused_with_words(clerk, client, crowd):
    request = asked(clerk)
    actor = actor_of(second("department_officer", "222404000001"))
    with pytest.raises(ValidationError, match="原因"):
        actions.refuse(request, actor=actor, why=" ")
    actions.refuse(request, actor=actor, why="人数过多，请分支部导出")
    request.refresh_from_db()
    shown = clerk.get(reverse("exports:request", args=[request.uid])).content.decode()
    assert "没有同意：人数过多" in shown and take(clerk, request).status_code == 302
    with pytest.raises(ValidationError, match="已经有结果"):
        actions.agree(request, actor=actor)


def test_it_lapses_before_the_word_and_after_it(clerk, crowd):
    request, actor = asked(clerk), actor_of(second())
    ExportRequest.objects.update(asked_at=timezone.now() - timedelta(days=8))
    with pytest.raises(ValidationError, match="已过期"):
        actions.agree(request, actor=actor)
    ExportRequest.objects.update(asked_at=timezone.now())
    actions.agree(request, actor=actor)
    ExportRequest.objects.update(until=timezone.now() - timedelta(minutes=1))
    assert take(clerk, request).status_code == 302
    assert "已过期" in clerk.get(reverse("exports:list")).content.decode()
    ExportRequest.objects.update(asked_at=timezone.now() - timedelta(days=366))
    purge("exports")
    assert not ExportRequest.objects.exists()


def test_by_the_rights_of_now(clerk, crowd):
    request = asked(clerk)
    actions.agree(request, actor=actor_of(second()))
    Grant.rows.filter(user=request.actor_id).delete()
    assert take(clerk, request).status_code == 404
    request.refresh_from_db()
    assert request.state == "agreed"
    assert not Event.objects.filter(action="members.member.exported").exists()


def test_a_list_that_has_grown_is_asked_for_again(clerk, crowd):
    request = asked(clerk)
    actions.agree(request, actor=actor_of(second()))
    branch = crowd[0].branch
    for number in range(25):
        make_person(branch, f"新{'一二三四五六七八九十'[number % 10]}{'甲乙丙'[number // 10]}")
    assert take(clerk, request).status_code == 302
    request.refresh_from_db()
    assert request.state == "agreed"


def test_small_lists_of_one_day_add_up_by_person(clerk, crowd, monkeypatch):
    Member.rows.filter(pk=crowd[0].pk).update(sex="2")
    near = Member.rows.filter(left_on=None, branch__parent__code=TOWN)
    sexes = [near.filter(sex=sex).count() for sex in ("1", "2")]
    assert min(sexes) > 0
    for module in (queries, export):
        monkeypatch.setattr(module, "NAMES_LIMIT", max(sexes))
    men, women = f"{EXPORT}?sex=1", f"{EXPORT}?sex=2"
    assert clerk.post(men, GIVEN).status_code == 200
    # The same persons again cost nothing.
    assert clerk.post(men, GIVEN).status_code == 200
    assert clerk.post(women, GIVEN).status_code == 302
    request = ExportRequest.objects.get()
    assert request.query == "sex=2"
    shown = clerk.get(reverse("exports:request", args=[request.uid])).content.decode()
    assert "性别：女" in shown
