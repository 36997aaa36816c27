"""An instance of its own, from outside: dumped and restored it is equal; killed again and again it is sound.

About a minute and a half; `-m "not slow"` leaves it out. BAOLEI_KILLS says how often it is killed (default 3).
"""

import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from uuid import uuid4

import pytest

from baolei.kernel.places import checkout, instance_root

pytestmark = pytest.mark.slow

BAOLEI = Path(sys.executable).with_name("baolei")
KILLS = int(os.environ.get("BAOLEI_KILLS", "3"))
DIGESTS = """
import django, json
django.setup()
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute("SELECT format('%I.%I', schemaname, tablename) FROM pg_tables WHERE schemaname IN ('p22', 'jobs')")
    found = {}
    for (table,) in cursor.fetchall():
        cursor.execute(f"SELECT count(*), md5(string_agg(t::text, ',' ORDER BY t::text)) FROM {table} t")
        found[table] = cursor.fetchone()
print(json.dumps(found))
"""


class Instance:
    """A directory with a database of its own, and the commands in it."""

    def __init__(self):
        root = instance_root()
        self.root = root.parent / f"{root.name}-test-{uuid4().hex[:8]}"
        taken = ("DATABASE_", "BAOLEI_", "DJANGO_", "PYTEST_")
        self.environment = {k: v for k, v in os.environ.items() if not k.startswith(taken)} | {
            "BAOLEI_DATA": str(self.root),
            "BAOLEI_DEMO": "1",
            "DJANGO_SETTINGS_MODULE": "baolei.config.settings",
        }

    def run(self, *words: str, **more) -> str:
        done = subprocess.run([BAOLEI, *words], env=self.environment | more, capture_output=True, text=True)
        assert done.returncode == 0, f"{words}: {done.stdout} {done.stderr}"
        return done.stdout

    def start(self, *words: str) -> subprocess.Popen:
        return subprocess.Popen(
            [BAOLEI, *words],
            env=self.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def digests(self) -> dict[str, list]:
        made = [sys.executable, "-c", DIGESTS]
        environment = self.environment | {"BAOLEI_DB_ROLE": "owner"}
        return json.loads(
            subprocess.run(made, env=environment, capture_output=True, text=True, check=True).stdout
        )

    def broken(self) -> list[dict]:
        done = subprocess.run(
            [BAOLEI, "verify", "--format", "json"], env=self.environment, capture_output=True, text=True
        )
        assert done.stdout.startswith("["), done.stderr
        return [law for law in json.loads(done.stdout) if law["violations"]]

    def remove(self) -> None:
        subprocess.run([BAOLEI, "db", "stop"], env=self.environment, capture_output=True)
        shutil.rmtree(self.root, ignore_errors=True)


@pytest.fixture(scope="module")
def instance():
    made = Instance()
    try:
        made.run("db", "start")
        made.run("migrate")
        made.run("import", str(checkout() / "examples" / "township"))
        yield made
    finally:
        made.remove()


def test_dumped_and_restored_it_is_equal(instance, tmp_path):
    file = tmp_path / "all.dump"
    assert instance.broken() == []
    instance.run("db", "dump", str(file))
    assert file.stat().st_mode & 0o777 == 0o600
    before, other = instance.digests(), Instance()
    try:
        other.root.mkdir(parents=True)
        shutil.copytree(instance.root / "secrets", other.root / "secrets")
        shutil.copystat(instance.root, other.root)
        if os.geteuid() == 0:
            owner = instance.root.stat()
            os.chown(other.root, owner.st_uid, owner.st_gid)
        other.run("db", "restore", str(file))
        other.run("migrate")
        other.run("check")
        after = other.digests()
        assert set(after) == set(before) and len(before) > 50
        assert {name: pair for name, pair in after.items() if pair != before[name]} == {}
        assert other.broken() == []
        # The keys came along: what lies sealed can be read.
        person = "from baolei.members.models import Member; from baolei.kernel.secrets import open_field; "
        person += "print(len(open_field(Member.rows.order_by('pk').first(), 'id_number')))"
        assert other.run("shell", "-v", "0", "-c", person).split()[-1] == "18"
        refused = subprocess.run(
            [BAOLEI, "db", "restore", str(file)], env=other.environment, capture_output=True, text=True
        )
        assert refused.returncode and "不是空的" in refused.stderr
    finally:
        other.remove()


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def changed(folder: Path, number: int) -> Path:
    """The package of the township with other names of its units, so that each import has something to write."""
    shutil.copytree(checkout() / "examples" / "township", folder)
    lines = (folder / "organizations.csv").read_text("utf-8").splitlines()
    head = lines[0].split(",")
    place = head.index("short_name") if "short_name" in head else 2
    rows = [line.split(",") for line in lines[1:]]
    for row in rows:
        row[place] = f"{row[place].rstrip('甲乙丙丁')}{'甲乙丙丁'[number % 4]}"
    text = "\n".join([lines[0], *(",".join(row) for row in rows)])
    (folder / "organizations.csv").write_text(text + "\n", "utf-8")
    return folder


def test_killed_again_and_again_it_is_sound(instance, tmp_path):
    """kill -9 of the importer, of the web server with its worker, and of the database, at any moment."""
    chance = random.Random(22)
    for number in range(KILLS):
        package = changed(tmp_path / str(number), number)
        before = instance.digests()["p22.organizations_organization"]
        importer = instance.start("import", str(package))
        served = instance.start("serve", "--port", str(free_port())) if number % 2 else None
        time.sleep(chance.uniform(0.3, 3))
        if number % 3 == 2:
            postmaster = int((instance.root / "data" / "postmaster.pid").read_text().split()[0])
            os.kill(postmaster, signal.SIGKILL)
        for process in filter(None, (importer, served)):
            with_group = os.getpgid(process.pid) if process.poll() is None else None
            if with_group:
                os.killpg(with_group, signal.SIGKILL)
            process.wait()
        instance.run("db", "start")
        assert instance.broken() == [], number
        after = instance.digests()["p22.organizations_organization"]
        assert after[0] == before[0], number
        # Nothing is in the way of the next one, which finds the rows as they were or as they are to be.
        instance.run("import", str(package))
        assert instance.broken() == [], number
        again = instance.digests()["p22.organizations_organization"]
        instance.run("import", str(package))
        assert instance.digests()["p22.organizations_organization"] == again, number


def test_behind_tls_the_deployment_check_has_nothing_to_say(instance):
    tls = {"BAOLEI_HOSTS": "party.example", "BAOLEI_BEHIND_PROXY": "1", "BAOLEI_DEMO": "0"}
    done = subprocess.run(
        [BAOLEI, "check", "--deploy", "--fail-level", "WARNING"],
        env=instance.environment | tls,
        capture_output=True,
        text=True,
    )
    assert (done.returncode, "security.W" in done.stderr) == (0, False), done.stderr


def test_secrets_are_its_owners_alone(instance):
    folder = instance.root / "secrets"
    assert folder.stat().st_mode & 0o077 == 0
    assert {file.stat().st_mode & 0o777 for file in folder.iterdir()} == {0o600}
