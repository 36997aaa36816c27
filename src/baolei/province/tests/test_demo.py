"""The demo's own steps; the import itself is tested where it lives."""

from datetime import date

import pytest
from django.contrib.auth.hashers import check_password
from django.db import connection
from django.db.models import Count
from django.utils import timezone

from baolei.accounts.models import User
from baolei.accounts.queries import DEMO_PASSWORD, DEMO_USERS, actor_of
from baolei.kernel.ballots import keys
from baolei.kernel.laws import verify
from baolei.kernel.models import Batch
from baolei.members.models import Member
from baolei.members.tests.factories import MemberFactory
from baolei.organizations.kinds import Kind
from baolei.organizations.models import Organization
from baolei.organizations.tests.factories import make_branch, make_organization
from baolei.province import demo, package
from baolei.reviews.models import Round

pytestmark = pytest.mark.django_db


def batch(source: str, **given) -> Batch:
    given = {"demo": True, "state": Batch.State.DONE, "finished_at": timezone.now()} | given
    return Batch.objects.create(source=source, digest="", actor_name="", **given)


@pytest.fixture
def line() -> dict[str, Organization]:
    """One organization of each level, and a branch of twenty."""
    made = {"province": make_organization(region_code="220000")}
    made["prefecture"] = make_organization(made["province"], region_code="222400")
    made["county"] = make_organization(made["prefecture"], region_code="222404")
    made["township"] = make_organization(made["county"], kind=Kind.TOWNSHIP_COMMITTEE)
    made["committee"] = make_organization(made["township"], kind=Kind.VILLAGE_COMMITTEE)
    small, made["branch"] = make_branch(made["committee"]), make_branch(made["committee"])
    MemberFactory.create_batch(3, branch=small)
    MemberFactory.create_batch(20, branch=made["branch"])
    return made


def test_accounts_go_from_province_to_member_along_one_line(line):
    demo._open("province", line["province"], "province_officer", actor=demo.SYSTEM)
    for _again in range(2):
        demo.open_demo_accounts()

    users = {user.username: user for user in User.objects.all()}
    assert set(users) == set(DEMO_USERS)
    for name, user in users.items():
        assert check_password(DEMO_PASSWORD, user.password)
        tops = {key for keys in actor_of(user).reach.ranges.values() for key in keys}
        assert tops == (set() if name == "member" else {line[name].key})
    persons = Member.objects.unscoped("test").filter(branch=line["branch"])
    assert {users["branch"].member_id, users["member"].member_id} == {
        m.pk for m in persons.order_by("pk")[:2]
    }


def test_second_start_finds_the_data_loaded():
    assert not demo.is_loaded("county")
    batch("demo-county", state=Batch.State.REFUSED)
    assert not demo.is_loaded("county")
    batch("demo-county")
    assert demo.is_loaded("county")
    demo.check_place("county")


def test_other_scale_is_refused():
    batch("demo-root")
    demo.check_place("county")
    batch("demo-county")
    with pytest.raises(demo.NoDemo, match="county"):
        demo.check_place("province")


def test_register_with_other_data_is_refused(monkeypatch, tmp_path):
    monkeypatch.setattr(
        demo, "instance_root", lambda: tmp_path
    )  # its mark goes; the one of this checkout stays
    make_organization()
    batch("demo-county", state=Batch.State.REFUSED)
    with pytest.raises(demo.NoDemo, match="不是演示的数据"):
        demo.check_place("county")


def test_too_small_a_disk_is_told(monkeypatch):
    monkeypatch.setitem(demo.NEEDED, "county", 10**18)
    with pytest.raises(demo.NoDemo, match="磁盘空间不足"):
        demo.check_place("county")


def test_county_loads_through_the_import_and_again_nothing_happens(tmp_path, monkeypatch, settings):
    settings.BAOLEI_DEMO = True
    monkeypatch.setattr(demo, "instance_root", lambda: tmp_path)
    monkeypatch.setattr(keys, "folder", lambda: tmp_path / "ballots")
    with connection.cursor() as cursor:
        # The test is one transaction: without this, checks put off by the first import stand in the second's way.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    told = []
    given = {"scale": "county", "seed": 1, "day": date(2026, 6, 30), "tell": told.append}

    demo.load(**given)

    assert not (tmp_path / "package").exists()
    assert User.objects.count() == len(DEMO_USERS)
    organizations = Organization.objects.unscoped("test")
    assert organizations.count() > 1000
    assert Member.objects.unscoped("test").aggregate(n=Count("pk"))["n"] > 19_000
    assert list(Batch.objects.order_by("pk").values_list("source", "actor_name")) == [
        ("demo-root", "baolei demo"),
        ("demo-county", "省级演示员"),
        ("applicants.csv", "演示"),
    ]
    rounds = Round.objects.unscoped("test")
    assert {*rounds.values_list("state", flat=True)} == {*Round.State} - {"cancelled"}
    assert sum(round.is_polling for round in rounds) == 2
    assert not any(law["violations"] for law in verify("appraisal.complete") + verify("ballots.keys"))
    told.clear()
    demo.load(**given)
    assert (told, Batch.objects.count()) == ([], 3)


def test_root_package_holds_the_first_organization_only(tmp_path):
    source = tmp_path / "demo-county"
    package.generate(source, scale="county", seed=1, day=date(2026, 6, 30), processes=1)
    target = demo._root_package(source, tmp_path / "demo-root")
    lines = (target / "organizations.csv").read_text("utf-8").splitlines()
    assert len(lines) == 2
    assert sorted(path.name for path in target.iterdir()) == ["datapackage.json", "organizations.csv"]
