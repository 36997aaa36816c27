"""What every answer says to the browser: nothing from elsewhere, nothing inline, in no frame; cookies for us alone."""

import pytest

from baolei.accounts.tests.factories import GrantFactory
from baolei.organizations.tests.factories import make_organization

pytestmark = pytest.mark.django_db

POLICY = {
    "default-src 'self'",
    "img-src 'self' data:",
    "object-src 'none'",
    "base-uri 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
}
STRANGERS = (
    *("/", "/lookback/", "/search/?q=x", "/glossary/", "/corrections/", "/complaints/new/", "/sign-in/"),
    *("/no-such-page/", "/api/v1/openapi.json", "/api/v1/figures/", "/healthz", "/_ui/"),
)
OFFICERS = (
    "/console/",
    "/organizations/",
    "/members/",
    "/figures/",
    "/imports/",
    "/exports/",
    "/accounts/",
    "/x/",
)


def strict(response) -> None:
    said = response.headers.get("Content-Security-Policy", "")
    assert {part.strip() for part in said.split(";")} == POLICY, response.request["PATH_INFO"]
    assert response["X-Frame-Options"] == "DENY"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize("address", STRANGERS)
def test_to_strangers(client, address):
    strict(client.get(address))


def test_to_officers_and_their_cookies(client):
    county = make_organization(make_organization(region_code="220000"), region_code="222404")
    user = GrantFactory(role="department_officer", organization=county).user
    user.set_password("long-enough-9")
    user.save()
    response = client.post("/sign-in/", {"username": user.username, "password": "long-enough-9"})
    assert response.status_code == 302
    strict(response)
    cookie = response.cookies["sessionid"]
    assert (cookie["httponly"], cookie["samesite"], cookie["expires"]) == (True, "Lax", "")
    for address in OFFICERS:
        strict(client.get(address))


def test_a_form_without_its_token_is_refused_strictly(client):
    client.handler.enforce_csrf_checks = True
    response = client.post("/sign-in/", {"username": "a", "password": "b"})
    assert response.status_code == 403
    strict(response)
