"""Every address that takes a POST, tried over the border with a body that is good on its own side (D13)."""

from datetime import date

import pytest
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from baolei.config.tests.any_row import record_lists
from baolei.config.tests.walking import EMPTY_BRANCH, PERSONS, addresses, make_border, routes, text_of
from baolei.kernel.models import Event
from baolei.members.tests.factories import make_id_number
from baolei.organizations.models import Organization, UnitOverseer

OWN = {
    "accounts:sign_in": "anybody may try his own name and password",
    "accounts:sign_out": "ends one's own session",
    "accounts:change_password": "one's own password",
    "portal:complain": "anybody may complain; nobody is told apart",
    "reviews:goals": "a goal of one's own; see reviews",
    "reviews:goal": "what became of one's own goal; see reviews",
    "reviews:finding": "words about oneself, by oneself; see reviews",
    "reviews:to_close": "rounds reported to one's own bodies; what is not is left out; see reviews",
    "ballots:ballot": "who has the paper casts the one ballot; nobody is told apart",
    "transfers:report_in": "whoever stands before the poster reports in; nobody is told apart",
    "transfers:report_slip": "who has the slip number reads the one report",
    "portal:slip": "who has the slip number reads the one complaint",
    "accounts:tokens": "tokens of one's own",
    "accounts:withdraw_token": "a token of one's own; others do not exist",
    "uploads:list": "a file of one's own, of which the import takes what lies within reach",
}
PURPOSE = {"purpose": "check", "note": ""}


@pytest.fixture
def world(db):
    return make_border()


def good(world) -> dict[str, tuple[str, dict]]:
    """Name of an address -> query and body that an officer of the west would send."""
    west = {"organization": world.west.code, "role": "branch_secretary"}
    listed = f"?organization={world.west.uid}"
    empty = Organization.rows.get(short_name=EMPTY_BRANCH)
    unit = UnitOverseer.rows.get(organization=empty).unit
    paper = {"day": "2026-01-01", "cause": "layout", "document": "组字〔2026〕1号"}
    names = {"name": "西岭新支部", "short_name": "西岭新支部"}
    new = names | {"code": "X1", "kind": "party_cell"}
    return {
        "organizations:found": ("", paper | new | {"seen": "0"}),
        "organizations:rename": ("", paper | names | {"seen": "0"}),
        "organizations:move": ("", paper | {"parent": "西岭镇", "seen": "0-0"}),
        "organizations:merge": ("", paper | {"into": world.west_branch.code, "seen": "1"}),
        "organizations:split": ("", paper | new | {"units": [str(unit.uid)], "kind": "branch", "seen": "1"}),
        "organizations:close": ("", paper | {"successor": world.west_branch.code, "seen": "1"}),
        "accounts:open_account": ("", west | {"username": "chu.jing", "name": "楚试境", "office": "书记"}),
        "accounts:give_grant": ("", west),
        "accounts:reset_password": ("", {}),
        "accounts:withdraw_grant": ("", {}),
        "organizations:export": (listed, PURPOSE | {"form": "xlsx"}),
        "members:search": ("", {"q": "zouxiping", "organization": str(world.west.uid)}),
        "members:export": (listed, PURPOSE | {"form": "xlsx"}),
        "members:make_card": ("", {}),
        "members:reveal": ("", PURPOSE | {"field": "phone"}),
        "exports:agree": ("", {}),
        "exports:refuse": ("", {"why": "人数过多"}),
        "exports:take": ("", {}),
        "uploads:take": ("", {}),
        "uploads:recheck": ("", {}),
        "uploads:recall": ("", {}),
        "uploads:answer": ("", {}),
        "uploads:discard": ("", {}),
        "development:apply": (
            "",
            {
                "name": "申试行",
                "id_number": make_id_number(birth_date=date(1991, 1, 1)),
                "ethnicity": "01",
                "education": "21",
                "occupation": "farmer",
                "on": "2016-01-01",
            },
        ),
        "development:plan": ("", {"year": "2026", "quota": "5"}),
        "development:step": ("", {"leaving": "withdrew"}),
        "transfers:ask": ("", {"outside": "310000"}),
        "transfers:step": ("", {}),
        "transfers:report_step": ("", {"result": "guided"}),
        "transfers:arrive": (
            "",
            {
                "outside": "310000",
                "letter": "沪1号",
                "written_on": timezone.localdate().isoformat(),
                "name": "来试行",
                "id_number": make_id_number(birth_date=date(1985, 1, 1)),
                "ethnicity": "01",
                "education": "21",
                "occupation": "farmer",
                "joined_on": "2010-01-01",
                "converted_on": "2011-01-01",
            },
        ),
        "transfers:case_step": (
            "",
            {"on": timezone.localdate().isoformat(), "way": "phone", "result": "no_answer"},
        ),
        "disposals:open": ("", {"what": "remind:28:", "on": timezone.localdate().isoformat()}),
        "disposals:step": ("", {"on": timezone.localdate().isoformat()}),
        "reviews:open": ("", {"year": str(timezone.localdate().year - 1)}),
        "reviews:goal_agree": ("", {}),
        "reviews:step": ("", {"excused": []}),
        "reviews:put": ("", {}),
        "reviews:proposal": ("", {"way": "talk", "due_on": timezone.localdate().isoformat()}),
        "transfers:float": ("", {"since": "2026-01-01", "destination": "other_province", "host": ""}),
        "transfers:floating_step": ("", {"on": timezone.localdate().isoformat()}),
        "transfers:hint_step": ("", {"body": "branch_committee"}),
        "portal:release": (f"?in={world.west.code}&from=2012&to=2016", {}),
        "portal:withdraw": ("", {"document": "组字2017年第3号"}),
        "portal:answer": ("", {"outcome": "stands", "answer": "经核对无误。"}),
        "portal:pass_on": (
            "",
            {"to": Organization.rows.get(parent=world.west, kind="township_committee").code},
        ),
    } | {f"{noun}_export": (listed, PURPOSE | {"form": "xlsx"}) for noun in record_lists()}


ANSWERED = {
    "accounts:open_account": (200, "没有这个代码的党组织，或不在您的管理范围"),
    "organizations:export": (422, "没有这个党组织"),
    "members:search": (200, "没有符合条件的党员"),
    "members:export": (422, "没有这个党组织"),
}
"""Pages that exist for the intruder, too, and say that there is no such organization; all others are absent."""


def everything() -> dict[str, tuple]:
    """Number and digest of the rows of every table but that of sessions."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables "
            "WHERE schemaname IN ('p22', 'jobs') AND tablename <> 'django_session'"
        )
        found = {}
        for (table,) in cursor.fetchall():
            cursor.execute(f"SELECT count(*), md5(string_agg(t::text, ',' ORDER BY t::text)) FROM {table} t")
            found[table] = cursor.fetchone()
        return found


def sent(user, path: str, body: dict):
    """The answer to a POST of the user, what it changed, and the events it left; then all is undone."""
    back = transaction.savepoint()
    client = Client()
    client.force_login(user)
    before, events = everything(), Event.objects.count()
    response = client.post(path, body)
    text, after = text_of(response), everything()
    changed = {table for table in before | after if before.get(table) != after.get(table)}
    written = Event.objects.count() - events
    transaction.savepoint_rollback(back)
    return response.status_code, text, changed, written


def takes_post(user, view, path: str) -> bool:
    """True when a class has a method for it, or a function does not answer 405 (401: no session is known there);
    what it did is undone."""
    if hasattr(view, "view_class"):
        return hasattr(view.view_class, "post")
    back, client = transaction.savepoint(), Client()
    client.force_login(user)
    status = client.post(path).status_code
    transaction.savepoint_rollback(back)
    return status not in (401, 405)


def test_every_address_that_takes_a_post_is_tried(world):
    """A new address that takes one asks for its body here."""
    views = {name: part.callback for name, _route, part in routes()}
    paths = {name: path for name, path, _filtered in addresses(world)}
    takes = {name for name, view in views.items() if takes_post(world.officers["owner"], view, paths[name])}
    assert takes == {*good(world), *OWN}


def test_no_post_reaches_over_the_border(world):
    tried = set()
    for name, path, _filtered in addresses(world, side="west"):
        if name not in good(world):
            continue
        query, body = good(world)[name]
        status, text, changed, written = sent(world.officers["intruder"], path + query, body)
        kind = "organizations:export" if name.removesuffix("_export") in record_lists() else name
        expected, words = ANSWERED.get(kind, (404, "没有找到这个页面"))
        assert (status, changed, written) == (expected, set(), 0), f"{name} {path}"
        assert words in text, name
        assert not [person for person in (*PERSONS, "13900002222") if person in text], name
        tried.add(name)
    assert tried == set(good(world))


def test_the_same_posts_work_on_their_own_side(world):
    """The bodies above are good: what refuses them there is the border."""
    for name, path, _filtered in addresses(world, side="west"):
        if name not in good(world):
            continue
        query, body = good(world)[name]
        # A file is nobody's but its owner's, whatever the others may do.
        who = "west" if name.startswith("uploads:") or name == "exports:take" else "owner"
        # An appraisal is the branch's own, and its committee's (G-08); a hint (G-09) and a disposal, too.
        of_the_branch = ("reviews:open", "reviews:step", "reviews:goal_agree", "transfers:hint_step")
        of_the_branch += ("reviews:put", "reviews:proposal")
        of_the_branch += ("disposals:open", "disposals:step")
        who = "west_secretary" if name in of_the_branch else who
        status, text, changed, written = sent(world.officers[who], path + query, body)
        assert status in (200, 302), f"{name} {path} {status}"
        if name == "members:search":  # writes nothing (G-27)
            assert (changed, written) == (set(), 0) and "邹西平" in text
        else:
            assert changed and written, f"{name} {path}"


def test_a_role_over_the_border_is_refused_on_ones_own_page(world):
    """An account of one's own side, but an organization of the other."""
    mine = world.officers["east"]
    body = {"organization": world.west.code, "role": "branch_secretary"}
    status, _text, changed, written = sent(world.officers["intruder"], f"/accounts/{mine.uid}/give/", body)
    assert (status, changed, written) == (302, set(), 0)
