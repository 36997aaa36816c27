"""Who sees what a single secretary is paid (G-21)."""

from csv import DictReader

import pytest
from django.urls import reverse

from baolei.accounts.queries import actor_of
from baolei.accounts.tests.factories import GrantFactory
from baolei.kernel.imports.export import export_package
from baolei.organizations.kinds import Kind, UnitKind
from baolei.organizations.tests.factories import make_branch, make_organization, make_unit
from baolei.standards.models import Measure, Reading
from baolei.standards.tests.factories import make_reading

pytestmark = pytest.mark.django_db

PAY, INCOME = "28123.00", "61234.00"
ENTERING = ("province_officer", "department_officer", "township_officer")
READING = ("committee_officer", "branch_secretary")


@pytest.fixture
def town():
    town = make_organization(kind=Kind.BASIC_COMMITTEE)
    one = make_unit(town, kind=UnitKind.VILLAGE)
    make_reading(one, Measure.SECRETARY_PAY, PAY)
    make_reading(one, Measure.OPERATING_INCOME, INCOME)
    return town


def village_pay() -> Reading:
    return Reading.rows.get(measure=Measure.SECRETARY_PAY)


def text_of(client, address):
    response = client.get(address)
    return response.content.decode().replace(",", "") if response.status_code == 200 else None


def pages(client, reading):
    """Everywhere a reading may stand: its list, its page and the list of all readings."""
    addresses = [
        *(reverse("standards:pay_list"), reverse("standards:pay", args=[reading.uid])),
        *(reverse("standards:reading_list"), reverse("standards:reading", args=[reading.uid])),
    ]
    return [text_of(client, address) for address in addresses]


@pytest.mark.parametrize("role", [*ENTERING, *READING])
def test_pay_of_one_secretary_is_for_those_who_enter_or_check_it(client, town, role):
    pay = village_pay()
    client.force_login(GrantFactory(role=role, organization=town).user)
    pay_list, pay_page, readings, reading_page = pages(client, pay)
    assert INCOME in readings and PAY not in readings
    assert reading_page is None
    if role in ENTERING:
        assert PAY in pay_list and PAY in pay_page and INCOME not in pay_list
    else:
        assert pay_list is None and pay_page is None
    assert (reverse("standards:pay_list") in readings) == (role in ENTERING)


@pytest.mark.parametrize(("role", "seen"), [("township_officer", True), ("committee_officer", False)])
def test_an_export_holds_pay_only_for_them(tmp_path, town, role, seen):
    actor = actor_of(GrantFactory(role=role, organization=town).user)
    export_package(tmp_path / "out", actor=actor, purpose="核对")
    with open(tmp_path / "out" / "readings.csv", encoding="utf-8") as file:
        values = {row["value"] for row in DictReader(file)}
    assert values == ({PAY, INCOME} if seen else {INCOME})


def test_pay_elsewhere_is_not_seen(client, town):
    client.force_login(GrantFactory(role="township_officer", organization=make_branch().parent).user)
    assert PAY not in text_of(client, reverse("standards:pay_list"))
    assert text_of(client, reverse("standards:pay", args=[village_pay().uid])) is None
