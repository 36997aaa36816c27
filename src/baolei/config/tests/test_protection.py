"""What protects sessions and pages: cookies, headers on every kind of page, settings of an instance in use."""

import os
import subprocess
import sys
from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from baolei.accounts.actions import make_token
from baolei.accounts.queries import actor_of
from baolei.accounts.tests.factories import PASSWORD, GrantFactory, UserFactory
from baolei.config.tests.walking import addresses, make_border

STRICT = {
    "default-src 'self'",
    "img-src 'self' data:",
    "object-src 'none'",
    "base-uri 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
}
SIGN_IN = "accounts:sign_in"


def is_strict(response) -> bool:
    """Whether the answer carries the whole policy and the other headers."""
    headers = response.headers
    policy = {part.strip() for part in headers.get("Content-Security-Policy", "").split(";")}
    return (
        policy == STRICT
        and headers.get("X-Frame-Options") == "DENY"
        and headers.get("X-Content-Type-Options") == "nosniff"
        and headers.get("Referrer-Policy") == "same-origin"
    )


@pytest.mark.django_db
def test_every_address_answers_with_the_strict_policy(client):
    world = make_border()
    client.force_login(world.officers["owner"])
    stranger, codes = Client(), set()
    for name, path, _filtered in addresses(world):
        for who in (client, stranger):
            response = who.get(path)
            codes.add(response.status_code)
            assert is_strict(response), f"{name} {response.status_code} {response.headers}"
    assert {200, 302, 401, 404, 405} <= codes


@pytest.mark.django_db
def test_refusals_and_the_interface_carry_it_too(client, settings):
    settings.DEBUG = False
    user = GrantFactory(role="province_officer").user
    secret = make_token(user, actor=actor_of(user), name="试", purpose="试", last_day=timezone.localdate())[1]
    strict = Client(enforce_csrf_checks=True)
    for response, code in (
        (client.get("/nowhere/"), 404),
        (client.get("/?q=%00"), 400),
        (strict.post(reverse(SIGN_IN), {"username": "a", "password": "b"}), 403),
        (client.get("/api/v1/figures/"), 401),
        (client.get("/api/v1/figures/", headers={"Authorization": f"Bearer {secret}"}), 200),
        (client.get("/healthz"), 200),
    ):
        assert (response.status_code, is_strict(response)) == (code, True), response.request["PATH_INFO"]


@pytest.mark.django_db
def test_a_new_password_ends_the_sessions_elsewhere():
    user, here, there = UserFactory(), Client(), Client()
    given = {"username": user.username, "password": PASSWORD}
    for one in (here, there):
        assert one.post(reverse(SIGN_IN), given).status_code == 302
        assert one.get("/account/").status_code == 200
    new = "a longer sentence 7"
    here.post(reverse("accounts:change_password"), {"old": PASSWORD, "new": new, "again": new})
    assert here.get("/account/").status_code == 200
    assert there.get("/account/").headers["Location"].startswith("/sign-in/")
    assert "_auth_user_id" not in there.session


@pytest.mark.django_db
def test_the_sixth_try_is_refused_even_with_the_right_password(client):
    user = UserFactory()
    tries = [
        client.post(reverse(SIGN_IN), {"username": user.username, "password": word})
        for word in (*["wrong"] * 5, PASSWORD)
    ]
    assert (
        len({(answer.status_code, str(answer.context["form"].non_field_errors())) for answer in tries}) == 1
    )
    assert "_auth_user_id" not in client.session
    user.locked_until = timezone.now() - timedelta(seconds=1)
    user.save(update_fields=["locked_until"])
    client.post(reverse(SIGN_IN), {"username": user.username, "password": PASSWORD})
    assert client.session["_auth_user_id"] == str(user.pk)


@pytest.mark.django_db
def test_cookies_are_out_of_reach_of_scripts_and_end_with_the_browser(client):
    user = UserFactory()
    answer = client.post(reverse(SIGN_IN), {"username": user.username, "password": PASSWORD})
    session = answer.cookies[settings.SESSION_COOKIE_NAME]
    assert session["httponly"] is True and session["samesite"] == "Lax"
    assert session["max-age"] == session["expires"] == session["domain"] == ""
    assert client.get("/account/").cookies.get(settings.CSRF_COOKIE_NAME, {"samesite": "Lax"})[
        "samesite"
    ] == ("Lax")
    text = Session.objects.get(session_key=session.value).get_decoded()
    assert PASSWORD not in str(text) and user.username not in str(text)


PRINT = """
import django; django.setup()
from django.conf import settings as s
print([getattr(s, n) for n in ("DEBUG", "SESSION_COOKIE_SECURE", "SESSION_COOKIE_HTTPONLY", "CSRF_COOKIE_SECURE",
    "SECURE_SSL_REDIRECT", "SECURE_HSTS_SECONDS", "SECURE_HSTS_INCLUDE_SUBDOMAINS", "SECURE_PROXY_SSL_HEADER")])
"""


def in_use(tmp_path, *command: str, **more: str) -> subprocess.CompletedProcess:
    """Run Python as an instance behind a proxy does."""
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("BAOLEI_", "DATABASE_"))
    }
    environment = {
        **kept,
        "BAOLEI_DATA": str(tmp_path / "instance"),
        "BAOLEI_HOSTS": "register.example",
        "BAOLEI_BEHIND_PROXY": "1",
        "BAOLEI_SERVING": "1",
        "DJANGO_SETTINGS_MODULE": "baolei.config.settings",
        "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
        **more,
    }
    return subprocess.run(
        [sys.executable, *command], env=environment, capture_output=True, text=True, timeout=120, check=False
    )


DEPLOY = ("-m", "django", "check", "--deploy", "--tag", "security", "--fail-level", "WARNING")


def test_an_instance_in_use_passes_the_checks_for_it(tmp_path):
    ran = in_use(tmp_path, *DEPLOY)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert "(2 silenced)" in ran.stdout
    secrets = tmp_path / "instance" / "secrets"
    assert secrets.stat().st_mode & 0o777 == 0o700
    assert {file.stat().st_mode & 0o777 for file in secrets.iterdir()} == {0o600}


def test_checks_find_what_is_missing(tmp_path):
    ran = in_use(tmp_path, *DEPLOY, BAOLEI_HOSTS="", BAOLEI_DEBUG="1")
    assert ran.returncode == 1
    assert {"security.W012", "security.W016", "security.W018"} <= {
        word.strip("()") for word in ran.stderr.replace(":", " ").split() if "security." in word
    }


def test_settings_of_an_instance_in_use(tmp_path):
    ran = in_use(tmp_path, "-c", PRINT)
    assert ran.stdout.strip() == str(
        [False, True, True, True, True, 31_536_000, False, ("HTTP_X_FORWARDED_PROTO", "https")]
    )
    assert in_use(tmp_path, "-c", PRINT, BAOLEI_HOSTS="").stdout.strip() == str(
        [False, False, True, False, False, 0, False, ("HTTP_X_FORWARDED_PROTO", "https")]
    )
