"""Lists and records of posts: who sees what, and an export with a holder outside the register."""

from datetime import date

import pytest

from baolei.kernel.models import Event
from baolei.members.tests.world import make_world
from baolei.posts.tests.factories import make_post, make_tenure

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return make_world()


def test_officer_sees_the_tenures_of_his_own_county(client, world):
    ours = make_tenure(make_post(world.east_branch), world.ours)
    theirs = make_tenure(make_post(world.west_branch), world.theirs)
    client.force_login(world.officers["east"])
    text = client.get("/posts/tenures/").content.decode()
    assert "高东升" in text and "邹西平" not in text
    assert client.get(f"/posts/tenures/{ours.uid}/").status_code == 200
    assert client.get(f"/posts/tenures/{theirs.uid}/").status_code == 404


def test_list_shows_who_holds_a_post_on_a_day(client, world):
    post = make_post(world.east_branch)
    make_tenure(post, world.ours, last=date(2014, 1, 1))
    make_tenure(post, first=date(2014, 1, 2))
    client.force_login(world.officers["east"])
    assert "高东升" in client.get("/posts/tenures/?day=2014-01-01").content.decode()
    assert "高东升" not in client.get("/posts/tenures/?day=2014-01-02").content.decode()


def test_export_names_the_persons_in_the_audit_and_passes_over_holders_outside(client, world):
    post = make_post(world.east_branch)
    make_tenure(post, world.ours, last=date(2014, 1, 1))
    make_tenure(post, first=date(2014, 1, 2))
    client.force_login(world.officers["east"])
    response = client.post("/posts/tenures/export/", {"purpose": "check", "note": "", "form": "json"})
    assert response.status_code == 200 and "高东升" in b"".join(response).decode()
    found = Event.objects.filter(action="posts.tenure.exported")
    assert list(found.values_list("person_id", flat=True)) == [world.ours.pk]
