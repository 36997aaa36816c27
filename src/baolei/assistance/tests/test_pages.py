"""Who sees which list: pairings with army and police for officers of county and above alone (G-19)."""

from datetime import date

import pytest

from baolei.accounts.queries import actor_of
from baolei.accounts.tests.factories import GrantFactory
from baolei.assistance.models import Pairing
from baolei.assistance.tests.factories import make_cadre, make_pairing, make_partner_pairing
from baolei.kernel.imports import import_path
from baolei.kernel.imports.export import export_package
from baolei.kernel.models import Event
from baolei.kernel.spells import days
from baolei.kernel.tests.packages import SYSTEM
from baolei.members.tests.packages import number
from baolei.members.tests.world import make_person
from baolei.organizations.kinds import UnitKind
from baolei.organizations.tests.factories import make_branch, make_organization, make_unit
from baolei.standards.models import Mark
from baolei.standards.tests.factories import make_mark, overseer_id

pytestmark = pytest.mark.django_db


@pytest.fixture
def prefecture():
    return make_organization(make_organization(region_code="220000"), region_code="222400")


@pytest.fixture
def village(prefecture):
    made = make_unit(make_branch(make_organization(prefecture, region_code="222404")), name="春水村")
    make_mark(made, Mark.Kind.BORDER_VILLAGE)
    make_partner_pairing(made, partner="0042")
    return made


def sign_in(client, organization, role):
    client.force_login(GrantFactory(organization=organization, role=role).user)


ROWS = "/figures/border.villages_paired_with_troops/rows/?in=222400&on=2017-05-23"


def test_partner_pairings_are_listed_to_county_and_above_alone(client, prefecture, village):
    sign_in(client, prefecture, "department_officer")
    assert "0042" in client.get("/assistance/partners/").content.decode()
    assert "0042" in client.get(ROWS).content.decode()
    assert "军警共建对子" in client.get("/console/", follow=True).content.decode()
    sign_in(client, prefecture, "township_officer")
    assert client.get("/assistance/partners/").status_code == 404
    assert client.get("/assistance/partners/export/").status_code == 404
    assert client.get(ROWS).status_code == 404
    assert "军警共建对子" not in client.get("/console/", follow=True).content.decode()
    # The number itself is no secret.
    page = client.get("/figures/border.villages_paired_with_troops/?in=222400&on=2017-05-23")
    assert page.status_code == 200 and "/rows/" not in page.content.decode()


def test_package_holds_partner_pairings_for_county_and_above_alone(tmp_path, prefecture, village):
    found = {}
    for role in ("department_officer", "township_officer"):
        actor = actor_of(GrantFactory(organization=prefecture, role=role).user)
        found[role] = export_package(tmp_path / role, actor=actor, purpose="核对")
    assert found["department_officer"]["partner_pairings"] == 1
    assert "partner_pairings" not in found["township_officer"]


def test_pairings_go_out_and_in_again_unchanged(tmp_path, village):
    """With numbers: only where a person is named is somebody told (G-22)."""
    make_pairing(village, member=make_person(make_branch(), "高一", id_number=number("19700315", 301)))
    make_pairing(village, unit=make_unit(kind=UnitKind.ORGAN))
    Pairing.rows.create(
        ref="B1",
        kind="organization_organization",
        organization_id=overseer_id(village),
        helper=make_branch(),
        during=days(date(2014, 1, 1), None),
    )
    counts = export_package(tmp_path, actor=SYSTEM, purpose="备份", with_numbers=True)
    assert counts["pairings"] == 3
    told = Event.objects.filter(action="assistance.record.exported").values_list("person_id", flat=True)
    assert list(told) == [Pairing.rows.get(kind="cadre_household").member_id]
    again = import_path(tmp_path / "pairings.csv", actor=SYSTEM)
    assert (again.problems, again.counts["pairings"]["unchanged"]) == ([], 3)


def test_households_and_other_pairings_stand_apart(client, prefecture, village):
    cadre = make_cadre()
    household = make_pairing(village, member=cadre, number=7)
    pairing = make_pairing(village, unit=make_unit(kind=UnitKind.ORGAN, name="水务局"))
    sign_in(client, prefecture, "department_officer")
    assert cadre.name in client.get("/assistance/households/").content.decode()
    listed = client.get("/assistance/pairings/").content.decode()
    assert "水务局" in listed and cadre.name not in listed
    assert client.get(f"/assistance/households/{household.uid}/").status_code == 200
    assert client.get(f"/assistance/pairings/{household.uid}/").status_code == 404
    assert client.get(f"/assistance/pairings/{pairing.uid}/").status_code == 200
    assert "水务局" not in client.get("/assistance/pairings/?on=2012-12-31").content.decode()
    assert pairing.since == date(2013, 1, 1)
