"""Lists, records and exports of counts, posts and kits: what is in reach is shown, nothing else."""

from datetime import date

import pytest

from baolei.accounts.tests.factories import GrantFactory, UserFactory
from baolei.coverage.tests.factories import make_count, make_kit, make_post
from baolei.organizations.kinds import UnitKind
from baolei.organizations.tests.factories import make_branch, make_organization, make_unit

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("folder", ["counts", "demonstration-posts", "kits"])
def test_officer_sees_and_exports_what_lies_below_his_county(client, folder):
    province = make_organization(region_code="220000")
    made = []
    for name, region in (("东川县", "222401"), ("西岭县", "222402")):
        county = make_organization(province, region_code=region, name=name)
        branch = make_branch(county, name=f"{name}企业党支部")
        unit = make_unit(branch, kind=UnitKind.PRIVATE_ENTERPRISE, name=f"{name}企业")
        records = {"counts": make_count(county, operating=7, alone=7), "demonstration-posts": make_post(unit)}
        records["kits"] = make_kit(branch, confirmed_on=date(2012, 2, 1))
        made.append((county, records[folder]))
    (east, ours), (_west, theirs) = made
    user = UserFactory()
    GrantFactory(user=user, role="department_officer", organization=east)
    client.force_login(user)
    shown = client.get(f"/coverage/{folder}/").content.decode()
    assert "东川县" in shown and "西岭县" not in shown
    assert client.get(f"/coverage/{folder}/{ours.uid}/").status_code == 200
    assert client.get(f"/coverage/{folder}/{theirs.uid}/").status_code == 404
    given = {"purpose": "statistics", "note": "", "form": "csv"}
    taken = client.post(f"/coverage/{folder}/export/", given)
    text = b"".join(taken.streaming_content) if taken.streaming else taken.content
    assert taken.status_code == 200
    assert "东川县" in text.decode() and "西岭县" not in text.decode()
