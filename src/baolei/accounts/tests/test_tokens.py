"""Tokens: what is kept of them, who may make and withdraw them, and whom they let in."""

from datetime import date, timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone

from baolei.accounts import actions
from baolei.accounts.models import Token
from baolei.accounts.queries import actor_of, token_of
from baolei.accounts.tests.factories import GrantFactory, UserFactory
from baolei.kernel.models import Event

pytestmark = pytest.mark.django_db


def make_token(user, *, days=30, **given) -> str:
    """The secret of a new token of the user."""
    given = {
        "name": "试验程序",
        "purpose": "核对",
        "last_day": timezone.localdate() + timedelta(days=days),
    } | given
    return actions.make_token(user, actor=actor_of(user), **given)[1]


@pytest.fixture
def user():
    return GrantFactory(user=UserFactory(password="!")).user


def ask(client, secret, path="/api/v1/figures/"):
    return client.get(path, headers={"Authorization": f"Bearer {secret}"})


def test_only_a_hash_of_the_secret_is_kept(user):
    secret = make_token(user)
    row = Token.objects.get()
    assert secret.startswith(row.prefix) and len(secret) - len(row.prefix) >= 32
    assert secret.encode() not in bytes(row.digest) and secret not in str(
        Event.objects.values_list("detail", "changes")
    )
    assert token_of(secret) == row and token_of(secret[:-1]) is None and token_of("") is None


def test_a_token_lives_a_year_at_most_and_its_last_day_counts(user):
    with pytest.raises(ValidationError, match="一年"):
        make_token(user, days=366)
    with pytest.raises(ValidationError, match="一年"):
        make_token(user, days=-1)
    secret = make_token(user, days=365)
    with time_machine.travel(timezone.now() + timedelta(days=365)):
        assert token_of(secret)
    with time_machine.travel(timezone.now() + timedelta(days=366)):
        assert token_of(secret) is None


def test_making_and_withdrawing_are_events_and_ones_own(user):
    other = UserFactory(password="!")
    secret = make_token(user)
    row = token_of(secret)
    with pytest.raises(PermissionDenied):
        actions.make_token(user, actor=actor_of(other), name="x", purpose="x", last_day=date.max)
    with pytest.raises(PermissionDenied):
        actions.withdraw_token(row, actor=actor_of(other))
    actions.withdraw_token(row, actor=actor_of(user))
    assert token_of(secret) is None
    with pytest.raises(ValidationError, match="已经停用"):
        actions.withdraw_token(row, actor=actor_of(user))
    made, ended = Event.objects.filter(action__startswith="accounts.token").order_by("id")
    assert (made.action, ended.action) == ("accounts.token.make", "accounts.token.withdraw")
    assert made.detail["purpose"] == "核对"


def test_nobody_holds_more_than_ten(user):
    for _ in range(actions.TOKENS):
        make_token(user)
    with pytest.raises(ValidationError, match="有效的接口令牌已有"):
        make_token(user)


@pytest.mark.parametrize(
    "change",
    [
        {"is_active": False},
        {"must_change_password": True},
        {"locked_until": timezone.now() + timedelta(days=1000)},
    ],
)
def test_who_could_not_sign_in_reads_nothing(client, user, change):
    secret = make_token(user)
    assert ask(client, secret).status_code == 200
    type(user).objects.filter(pk=user.pk).update(**change)
    assert ask(client, secret).status_code == 401


def test_a_wrong_token_is_refused_without_being_repeated(client, user, caplog, capfd):
    wrong = make_token(user)[:-2] + "zz"
    before = Event.objects.count()
    for kind in ("Bearer", "Basic", "bearer  ", ""):
        answer = client.get("/api/v1/figures/", headers={"Authorization": f"{kind} {wrong}"})
        assert (answer.status_code, answer.json()["error"]["code"]) == (401, "unauthorized")
        assert (
            answer["WWW-Authenticate"].startswith("Bearer ") and "invalid_token" in answer["WWW-Authenticate"]
        )
        assert wrong not in answer.content.decode() and wrong not in str(answer.headers)
        assert wrong not in str(answer.wsgi_request.META) and wrong not in str(answer.wsgi_request.headers)
    assert wrong not in caplog.text and wrong not in "".join(capfd.readouterr())
    assert Event.objects.count() == before
    assert "invalid_token" not in client.get("/api/v1/figures/")["WWW-Authenticate"]


def test_a_session_is_no_token_and_a_token_no_session(client, user):
    secret = make_token(user)
    answer = client.get("/account/", headers={"Authorization": f"Bearer {secret}"})
    assert answer.status_code == 302 and not client.cookies
    assert ask(client, secret).status_code == 200 and not client.cookies
    client.force_login(user)
    assert client.get("/api/v1/figures/").status_code == 401


def test_grants_that_ended_leave_nothing_to_read(client, user):
    secret = make_token(user)
    from baolei.accounts.models import Grant

    Grant.rows.filter(user=user).delete()
    assert ask(client, secret).status_code == 404


def test_the_page_shows_the_secret_once(client, user):
    client.force_login(user)
    page, day = reverse("accounts:tokens"), timezone.localdate() + timedelta(days=9)
    assert "还没有接口令牌" in client.get(page).content.decode()
    made = client.post(page, {"name": "平台", "purpose": "核对", "last_day": day.isoformat()})
    secret = made.content.decode().partition("<code>")[2].partition("</code>")[0]
    row = token_of(secret)
    assert row.name == "平台" and "no-store" in made["Cache-Control"]
    again = client.get(page).content.decode()
    assert secret not in again and row.prefix in again
    assert client.post(page, {"name": "x", "purpose": "x", "last_day": "2000-01-01"}).context["form"].errors
    stop = reverse("accounts:withdraw_token", args=[row.uid])
    other = UserFactory(password="!")
    client.force_login(other)
    assert client.post(stop).status_code == 404 and token_of(secret)
    client.force_login(user)
    assert client.post(stop).status_code == 302 and token_of(secret) is None
    assert "已停用" in client.get(page).content.decode()
