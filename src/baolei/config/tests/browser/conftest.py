"""A real browser over a small made-up province: one browser a run, the rows and the server of a module made once."""

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from itertools import count

import pytest
from django.db import connection
from django.test import Client, override_settings
from playwright.sync_api import ConsoleMessage, Page, expect
from pytest_django.live_server_helper import LiveServer

from baolei.accounts.models import User
from baolei.accounts.tests.factories import GrantFactory, UserFactory
from baolei.members.models import Member
from baolei.members.tests.factories import make_id_number
from baolei.members.tests.world import make_person
from baolei.portal.models import Edition
from baolei.portal.tests.factories import Land, make_edition, make_land

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
DESK, PHONE = 1440, 320
PATIENCE = 8_000
"""Milliseconds that a page may take on a busy machine."""

expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict) -> dict:
    chromium = shutil.which("chromium")
    if chromium is None:
        missing = "no chromium on this machine: apt-get install chromium"
        (pytest.fail if os.environ.get("CI") else pytest.skip)(missing)
    return {**browser_type_launch_args, "executable_path": chromium, "args": list(FLAGS)}


@pytest.fixture(scope="session")
def base_url() -> None:
    """None: the windows below know their address. The plugin's own fixture warns under pytest 9."""


@dataclass
class World:
    """A land with members and one released edition. `ours` are persons of 东山县; `users` by what they are."""

    address: str
    land: Land
    edition: Edition
    ours: dict[str, Member]
    users: dict[str, User]


ID_NUMBER = "222404197003150011"
PHONE_NUMBER = "13900001111"


def _make_rows() -> dict:
    land = make_land()
    serials = count(1)  # every number real and its own, so that every file opens

    def enrol(place: str, name: str, **given) -> Member:
        given.setdefault("id_number", make_id_number(serial=next(serials)))
        return make_person(land.branches[place], name, **given)

    later = {"joined_on": date(2015, 7, 1), "sex": "2", "education": "11"}
    for place, in_2012, in_2015 in (("东山县", 7, 3), ("西岭县", 9, 6), ("松江省", 6, 0)):
        for given in [{}] * in_2012 + [later] * in_2015:
            enrol(place, "王试", **given)
    ours = {
        "高东升": enrol("东山县", "高东升", id_number=ID_NUMBER, phone=PHONE_NUMBER),
        "高远": enrol("东山县", "高远", phone="13900003333"),
        "王明": enrol("东山县", "王明", joined_on=date(2018, 7, 1)),
    }
    edition = make_edition(land.province)
    county = land.branches["东山县"].parent.parent
    users = {
        role: GrantFactory(
            user=UserFactory(username=role, name=name, office=office, password="!"),
            organization=place,
            role=role,
        ).user
        for role, name, office, place in (
            ("province_officer", "孙试行", "省委组织部试验员", land.province),
            ("department_officer", "周试行", "县委组织部试验员", county),
            ("data_protection_officer", "吴试行", "个人信息保护负责人", land.province),
        )
    }
    users["member"] = UserFactory(
        username="member", name="高东升", office="", member_id=ours["高东升"].pk, password="!"
    )
    return {"land": land, "edition": edition, "ours": ours, "users": users}


def _forget_rows() -> None:
    """Empty all tables. The record of events refuses that even its owner, whom the tests are, until told otherwise."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables WHERE schemaname = 'p22' "
            "AND tablename NOT IN ('django_migrations', 'django_content_type', 'auth_permission')"
        )
        tables = [name for (name,) in cursor]
        for switch in ("DISABLE", "ENABLE"):
            for table in tables:
                cursor.execute(f"ALTER TABLE {table} {switch} TRIGGER USER")
            if switch == "DISABLE":
                cursor.execute(f"TRUNCATE {', '.join(tables)} RESTART IDENTITY")


@pytest.fixture
def _django_db_helper() -> None:
    """Nothing: pytest-django would wrap a test in a transaction, or empty the tables after it."""


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    """Rows that the server's threads see as well: committed, kept for the module, then forgotten."""
    with django_db_blocker.unblock(), override_settings(BAOLEI_DEMO=True):
        assert connection.settings_dict["NAME"].startswith("test_"), "these tests empty the database"
        try:
            rows = _make_rows()
            server = LiveServer("localhost")
            try:
                yield World(address=server.url, **rows)
            finally:
                server.stop()
        finally:
            _forget_rows()
            connection.close()


@pytest.fixture
def visit(new_context, world) -> Callable[..., Page]:
    """Open a window as a user (a stranger without one). What its console complains of fails the test."""
    said = []

    def note(message: ConsoleMessage) -> None:
        # A page that answers 404 or 400 itself is reported too; everything a page loads must be there.
        own_status = message.text.startswith("Failed to load resource") and (
            message.page is not None and message.location["url"] == message.page.url
        )
        if message.type in ("error", "warning") and not own_status:
            said.append(f"{message.page and message.page.url}: {message.text}")

    def open_window(
        user: User | None = None, *, width: int = DESK, script: bool = True, touch: bool = False
    ) -> Page:
        context = new_context(
            base_url=world.address,
            viewport={"width": width, "height": 900},
            java_script_enabled=script,
            has_touch=touch,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            permissions=["clipboard-read", "clipboard-write"],
        )
        context.set_default_timeout(PATIENCE)
        context.on("console", note)
        context.on("weberror", lambda error: said.append(f"{error.page and error.page.url}: {error.error}"))
        if user is not None:
            client = Client()
            client.force_login(user)
            session = client.cookies["sessionid"].value
            context.add_cookies([{"name": "sessionid", "value": session, "url": world.address}])
        return context.new_page()

    yield open_window
    assert not said, said
