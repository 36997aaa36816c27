"""`baolei publish`: the public pages as files, with the same numbers, whole links and nothing of the inside."""

import posixpath
import re
import signal
import subprocess
import sys
from html import unescape
from io import StringIO
from urllib.parse import urlsplit

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from baolei.organizations.models import Organization
from baolei.portal import actions, folder, publishing
from baolei.portal.tests.factories import SYSTEM, enrol, make_edition, make_land
from baolei.portal.tests.test_pages import crawl

pytestmark = pytest.mark.django_db


@pytest.fixture
def land():
    land = make_land()
    enrol(land.branches["东山县"], 3)
    enrol(land.branches["西岭县"], 61, sex="2")
    enrol(land.branches["松江省"], 75)
    return land


def publish(where, **given) -> str:
    out = StringIO()
    call_command("publish", where, stdout=out, **given)
    return out.getvalue()


def files_of(where) -> dict[str, bytes]:
    return {p.relative_to(where).as_posix(): p.read_bytes() for p in where.rglob("*") if p.is_file()}


def pages_of(where) -> dict[str, str]:
    return {name: text.decode() for name, text in files_of(where).items() if name.endswith(".html")}


def file_of(address: str) -> str:
    return f"{address[1:]}index.html"


def test_every_public_page_is_a_file_with_the_same_numbers(client, land, tmp_path):
    edition = make_edition(land.province)
    make_edition(land.prefecture)
    said = publish(tmp_path / "site", live="https://register.example")
    assert re.search(r"\d+ 个文件，\d+\.\d 秒", said)
    made = pages_of(tmp_path / "site")
    live = {file_of(a): text for a, (status, text) in crawl(client).items() if status == 200}
    asks = {file_of(reverse(name)) for name in publishing.ASKS}
    assert set(live) - asks == set(made) and len(made) > 6
    for name, text in made.items():
        page = client.get(f"/{name.removesuffix('index.html')}")
        assert page.status_code == 200
        mine, theirs = (
            re.sub(r"<[^>]*>|\s+", " ", re.search(r"<main.*</main>", t, re.DOTALL)[0])
            for t in (text, page.content.decode())
        )
        assert mine == theirs, name
    figure = made[f"lookback/{edition.uid}/members.total/index.html"]
    assert 'class="figure-number"><strong>139</strong>' in figure


def test_links_lead_to_files_below_the_folder(land, tmp_path):
    make_edition(land.province)
    publish(tmp_path / "site")
    made = files_of(tmp_path / "site")
    followed = set()
    for name, text in pages_of(tmp_path / "site").items():
        for link in re.findall(r'\s(?:href|src|action)="([^"]*)"', text):
            target = urlsplit(unescape(link))
            assert not target.scheme and not target.netloc and not target.path.startswith("/"), (
                f"{name}: {link}"
            )
            if not target.path:
                assert f'id="{target.fragment}"' in text, f"{name}: {link}"
                continue
            to = posixpath.normpath(posixpath.join(posixpath.dirname(name), target.path))
            assert to in made, f"{name}: {link}"
            if target.fragment:
                assert f'id="{target.fragment}"' in made[to].decode(), f"{name}: {link}"
            followed.add(to)
    # Nothing lies there that no page leads to, but for the mark.
    assert set(made) - followed == {folder.MARK}
    for name, content in made.items():
        if name.endswith((".css", ".js")):
            assert not re.search(
                rb"url\((?!\"?data:)|https?://(?!www\.w3\.org)[^ ]*\.(js|css|woff)", content
            ), name


def test_no_form_no_host_no_session_and_nobody_below_a_county(land, tmp_path):
    edition = make_edition(land.province)
    publish(tmp_path / "site")
    townships = Organization.rows.filter(kind__in=("township_committee", "branch"))
    inner = {text for names in townships.values_list("short_name", "code") for text in names}
    inner |= {edition.released_by_name, "csrfmiddlewaretoken", "/sign-in/", "/console/", "localhost", "<form"}
    for name, text in pages_of(tmp_path / "site").items():
        assert not [word for word in inner if word and word in text], name
        assert not re.search(r"(?:href|src|action)=\"(?:https?:)?//", text), name


def test_with_the_live_address_search_and_signing_in_lead_there(land, tmp_path):
    make_edition(land.province)
    publish(tmp_path / "site", live="https://register.example/")
    home = (tmp_path / "site" / "index.html").read_text()
    assert 'action="https://register.example/search/"' in home
    assert 'href="https://register.example/complaints/new/?page=home"' in home
    assert 'href="https://register.example/sign-in/"' in home
    for wrong in ("register.example", "javascript:alert(1)", 'https://x/"><b>'):
        with pytest.raises(CommandError, match="--live"):
            publish(tmp_path / "other", live=wrong)
    assert not (tmp_path / "other").exists()


def test_the_demo_says_so_on_every_page(land, tmp_path, settings):
    make_edition(land.province)
    publish(tmp_path / "real")
    assert not any("演示数据" in text for text in pages_of(tmp_path / "real").values())
    settings.BAOLEI_DEMO = True
    publish(tmp_path / "demo")
    assert all("演示数据" in text for text in pages_of(tmp_path / "demo").values())


def test_again_is_the_same_to_the_byte_and_a_withdrawn_edition_goes(land, tmp_path):
    kept, edition = make_edition(land.prefecture), make_edition(land.province)
    site = tmp_path / "site"
    publish(site)
    before = files_of(site)
    publish(site)
    assert files_of(site) == before and [p.name for p in tmp_path.iterdir()] == ["site"]
    actions.withdraw(edition, actor=SYSTEM, document="组字2017年第3号")
    publish(site)
    names = set(files_of(site))
    assert f"lookback/{kept.uid}/index.html" in names
    assert not [name for name in names if str(edition.uid) in name]


def test_refuses_without_an_edition_and_another_folder(land, tmp_path):
    with pytest.raises(CommandError, match="还没有发布过"):
        publish(tmp_path / "site")
    assert not list(tmp_path.iterdir())
    make_edition(land.province)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("keep")
    (tmp_path / "file").write_text("keep")
    for name in ("mine", "file"):
        with pytest.raises(CommandError, match="不会覆盖"):
            publish(tmp_path / name)
    assert (tmp_path / "mine" / "letter.txt").read_text() == "keep"
    with pytest.raises(CommandError, match="不能写入"):
        publish(tmp_path / "none" / "site")
    (tmp_path / "empty").mkdir()
    publish(tmp_path / "empty")
    assert (tmp_path / "empty" / "index.html").exists()


def test_a_page_that_fails_leaves_the_old_folder(land, tmp_path, monkeypatch):
    make_edition(land.province)
    site = tmp_path / "site"
    publish(site)
    before = files_of(site)

    def broken(*args, **given):
        raise publishing.Broken("/lookback/: 500")

    monkeypatch.setattr(publishing, "_static", broken)
    with pytest.raises(CommandError, match="原有内容没有改动"):
        publish(site)
    assert files_of(site) == before and [p.name for p in tmp_path.iterdir()] == ["site"]


ENDLESS = """
import itertools, sys, time
from pathlib import Path
from baolei.portal.folder import replace
def files():
    yield "index.html", b"new"
    print("half", flush=True)
    time.sleep(60)
replace(Path(sys.argv[1]), files())
"""


def test_killed_in_the_middle_the_old_folder_stays_and_the_next_run_clears_up(tmp_path):
    site = tmp_path / "site"
    folder.replace(site, [("index.html", b"old")])
    run = subprocess.Popen([sys.executable, "-c", ENDLESS, site], stdout=subprocess.PIPE)
    assert run.stdout.readline() == b"half\n"
    with pytest.raises(folder.Busy):
        folder.replace(site, [])
    run.send_signal(signal.SIGKILL)
    run.wait()
    run.stdout.close()
    assert (site / "index.html").read_bytes() == b"old"
    assert folder.replace(site, [("index.html", b"new")]) == 1
    assert (site / "index.html").read_bytes() == b"new" and [p.name for p in tmp_path.iterdir()] == ["site"]


@pytest.mark.parametrize("exchange", [True, False])
def test_a_folder_is_replaced_with_and_without_the_systems_exchange(tmp_path, monkeypatch, exchange):
    if not exchange:
        monkeypatch.setattr(folder, "_exchanged", lambda one, other: False)
    site = tmp_path / "site"
    for content in (b"1", b"2"):
        folder.replace(site, [("a/index.html", content)])
    assert (site / "a" / "index.html").read_bytes() == b"2" and [p.name for p in tmp_path.iterdir()] == [
        "site"
    ]
    # Ended between the two renamings of the run before: the old one comes back first.
    site.rename(tmp_path / ".site.old")
    with pytest.raises(RuntimeError):
        folder.replace(site, _failing())
    assert (site / "a" / "index.html").read_bytes() == b"2"


def _failing():
    yield "index.html", b"3"
    raise RuntimeError
