from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from baolei.accounts.middleware import SEEN
from baolei.accounts.tests.factories import PASSWORD, GrantFactory, UserFactory
from baolei.kernel.models import Event

pytestmark = pytest.mark.django_db
START = datetime(2026, 3, 2, 8, tzinfo=UTC)
PAGE = "/account/"


@pytest.fixture
def clock():
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


@pytest.fixture
def signed_in(client, clock):
    user = UserFactory()
    client.post(reverse("accounts:sign_in"), {"username": user.username, "password": PASSWORD})
    return client


def test_idle_session_ends_after_the_set_minutes(signed_in, clock, settings):
    settings.BAOLEI_IDLE_MINUTES = 30
    assert signed_in.get(PAGE).status_code == 200
    clock.move_to(START + timedelta(minutes=30))
    assert signed_in.get(PAGE).status_code == 200
    clock.move_to(START + timedelta(minutes=60, seconds=1))

    answer = signed_in.get(PAGE, follow=True)

    assert answer.redirect_chain == [(f"/sign-in/?next={PAGE}", 302)]
    assert "超过 30 分钟没有操作" in answer.content.decode()
    [event] = Event.objects.filter(action="accounts.user.sign_out")
    assert event.detail == {"idle": True}


def test_use_is_noted_at_most_once_a_minute(signed_in, clock):
    def seen():
        return signed_in.session[SEEN]

    signed_in.get(PAGE)
    first = seen()
    clock.move_to(START + timedelta(seconds=59))
    with CaptureQueriesContext(
        connection,
    ) as queries:
        signed_in.get(PAGE)
    assert seen() == first
    assert not [q for q in queries if q["sql"].startswith(("UPDATE", "INSERT"))]
    clock.move_to(START + timedelta(seconds=60))
    signed_in.get(PAGE)
    assert seen() == first + 60


def test_stranger_costs_no_query(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert client.get(PAGE).status_code == 302


def test_part_of_a_page_after_the_end_loads_the_sign_in_page_whole(client):
    answer = client.get(
        PAGE, headers={"HX-Request": "true", "HX-Current-URL": "https://testserver/members/?q=1"}
    )
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, "/sign-in/?next=/members/%3Fq%3D1")


def test_one_time_password_opens_nothing_but_the_form_for_another(client):
    user = GrantFactory(user__must_change_password=True).user
    client.force_login(user)

    for page in (PAGE, reverse("accounts:account_list")):
        assert client.get(page).headers["Location"] == reverse("accounts:change_password")
    new = "a longer sentence 7"
    answer = client.post(
        reverse("accounts:change_password"), {"old": PASSWORD, "new": new, "again": new}, follow=True
    )
    assert answer.redirect_chain[-1][0] == PAGE
    assert answer.status_code == 200
    user.refresh_from_db()
    assert user.check_password(new) and not user.must_change_password


def test_session_gets_a_new_key_at_sign_in_and_with_a_new_password(client):
    user = UserFactory()
    client.force_login(UserFactory())
    before = client.session.session_key
    client.post(reverse("accounts:sign_in"), {"username": user.username, "password": PASSWORD})
    after = client.session.session_key
    assert after != before
    assert not Session.objects.filter(session_key=before).exists()
    new = "a longer sentence 7"
    client.post(reverse("accounts:change_password"), {"old": PASSWORD, "new": new, "again": new})
    assert client.session.session_key != after
    assert client.get(PAGE).status_code == 200
