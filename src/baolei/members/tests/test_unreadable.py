"""Numbers that cannot be opened: a damaged row, or another key. Pages say so and go on."""

import pytest

from baolei.kernel import secrets
from baolei.kernel.models import Event
from baolei.kernel.secrets import Sealer
from baolei.members.models import Member
from baolei.members.pages import UNREADABLE
from baolei.members.tests.world import make_person, make_world

SENTENCE = str(UNREADABLE)


@pytest.fixture
def world(db):
    return make_world()


@pytest.fixture
def damaged(world) -> Member:
    """东山's member with one bit of the sealed identity number turned; the phone number is sound."""
    sealed = bytearray(world.ours.id_sealed)
    sealed[-1] ^= 1
    Member.rows.filter(pk=world.ours.pk).update(id_sealed=bytes(sealed))
    return world.ours


@pytest.fixture
def lost(world, monkeypatch) -> Member:
    """The instance has another data key, the hashes' key is the old one."""
    index_key = secrets.secret(secrets.INDEX_KEY, 32)
    monkeypatch.setattr(secrets, "sealer", lambda: Sealer(b"x" * 32, index_key))
    return world.ours


def text_of(response) -> str:
    assert response.status_code == 200
    return response.content.decode()


def test_the_file_says_it_in_place_of_the_number(client, world, damaged, caplog):
    client.force_login(world.officers["east"])
    text = text_of(client.get(f"/members/{damaged.uid}/"))
    assert text.count(SENTENCE) == 1 and "*******1111" in text and "高东升" in text
    assert f"id_number of row {damaged.pk}" in caplog.text
    assert "高东升" not in caplog.text and "1111" not in caplog.text


def test_my_file_says_it_too(client, world, damaged):
    client.force_login(world.officers["member"])
    text = text_of(client.get("/members/me/"))
    assert text.count(SENTENCE) == 1 and "*******1111" in text


def test_with_another_key_no_number_is_read(client, world, lost):
    client.force_login(world.officers["east"])
    text = text_of(client.get(f"/members/{lost.uid}/"))
    assert text.count(SENTENCE) == 2 and "**" not in text


@pytest.mark.parametrize("field", ["id_number", "phone"])
def test_a_full_view_refuses_and_leaves_no_event(client, world, lost, field):
    client.force_login(world.officers["east"])
    response = client.post(f"/members/{lost.uid}/reveal/", {"field": field, "purpose": "check", "note": ""})
    assert response.status_code == 422 and SENTENCE in response.content.decode()
    assert not Event.objects.exists()
    client.force_login(world.officers["member"])
    assert "还没有人查看过" in text_of(client.get("/members/me/"))


def test_the_sound_number_of_a_damaged_file_is_shown(client, world, damaged):
    client.force_login(world.officers["east"])
    given = {"field": "phone", "purpose": "check", "note": ""}
    assert "13900001111" in text_of(client.post(f"/members/{damaged.uid}/reveal/", given))
    assert Event.objects.get().action == "members.member.reveal"


def test_list_search_and_export_go_on(client, world, damaged):
    sound = make_person(world.east_branch, "钱后来", phone="13900004444")
    client.force_login(world.officers["east"])
    assert "高东升" in text_of(client.get("/members/"))

    def found(q: str, organization="") -> set[str]:
        text = text_of(client.post("/members/search/", {"q": q, "organization": organization}))
        return {member.name for member in (damaged, sound) if str(member.uid) in text}

    branch = world.east_branch.uid
    assert found("高东升") == {"高东升"}
    assert found("13900001111") == {"高东升"}
    # The last four inside a branch are compared with opened numbers: a damaged one does not hide the others.
    assert found("4444", branch) == {"钱后来"}
    assert found("1111", branch) == {"高东升"}
    Member.rows.filter(pk=damaged.pk).update(phone_sealed=b"\x01rubbish")
    assert found("1111", branch) == set()
    assert found("4444", branch) == {"钱后来"}
    given = {"purpose": "check", "note": "", "form": "json"}
    response = client.post("/members/export/", given)
    assert sound.name in b"".join(response.streaming_content).decode()
