"""The launcher as several processes and crashes meet it, the secrets, and the privileges."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psycopg
import pytest
from django.db import connection

from baolei.kernel.postgres.inspection import complaints
from baolei.kernel.postgres.layout import PORT, SOCKET_LIMIT, Layout

ENSURE = "from baolei.kernel.postgres import ensure_running; print(ensure_running())"


class Instance:
    """A server of its own in a directory of its own, driven through processes as in real life."""

    def __init__(self, root: Path):
        self.root = root
        self.environment = {**os.environ, "BAOLEI_DATA": str(root)}
        self.environment.pop("DATABASE_URL", None)

    def python(self, code: str) -> subprocess.Popen:
        return subprocess.Popen(
            [sys.executable, "-c", code], env=self.environment, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip

    def ensure(self) -> str:
        child = self.python(ENSURE)
        out, err = child.communicate(timeout=60)
        assert child.returncode == 0, err
        return out.strip()

    @property
    def pid(self) -> int:
        return int((self.root / "data/postmaster.pid").read_text().split()[0])

    def connect(self, role: str = "admin", database: str = "baolei") -> psycopg.Connection:
        return psycopg.connect(
            host=str(Layout(self.root, None).socket_dir), port=PORT, user=f"baolei_{role}", dbname=database,
            password=(self.root / f"secrets/database_{role}").read_text().strip(), autocommit=True,
        )  # fmt: skip


@pytest.fixture(scope="module")
def instance():
    # Not pytest's own directory: the account that runs the database could not enter it.
    root = Path(tempfile.mkdtemp(prefix="baolei-test-"))
    os.chmod(root, 0o755)
    made = Instance(root)
    yield made
    made.python("from baolei.kernel.postgres import stop; stop()").communicate(timeout=60)
    shutil.rmtree(root)


def test_eight_starters_make_one_server(instance):
    starters = [instance.python(ENSURE) for _ in range(8)]
    answers = [child.communicate(timeout=120) for child in starters]
    assert [child.returncode for child in starters] == [0] * 8, answers
    with instance.connect() as server:
        server.execute("CREATE TABLE IF NOT EXISTS public.kept (n int)")
        assert server.execute("SHOW fsync").fetchone() == ("on",)
        assert server.execute("SHOW listen_addresses").fetchone() == ("",)
        assert server.execute("SELECT datctype FROM pg_database WHERE datname = 'baolei'").fetchone() == (
            "C.UTF-8",
        )


def test_only_one_starter_says_that_it_started(instance):
    instance.ensure()
    instance.python("from baolei.kernel.postgres import stop; stop()").communicate(timeout=60)
    starters = [instance.python(ENSURE) for _ in range(4)]
    said = sorted(child.communicate(timeout=60)[0].strip() for child in starters)
    assert said == ["False", "False", "False", "True"]


def test_a_killed_server_comes_back_with_its_rows(instance):
    instance.ensure()
    with instance.connect() as server:
        server.execute("CREATE TABLE IF NOT EXISTS public.kept (n int)")
        server.execute("INSERT INTO public.kept VALUES (1)")
        before = server.execute("SELECT count(*) FROM public.kept").fetchone()
    old = instance.pid
    os.kill(old, signal.SIGKILL)
    assert instance.ensure() == "True"
    assert instance.pid != old
    with instance.connect() as server:
        assert server.execute("SELECT count(*) FROM public.kept").fetchone() == before


def test_a_pid_given_to_a_stranger_does_not_stop_the_start(instance):
    instance.ensure()
    file = instance.root / "data/postmaster.pid"
    os.kill(instance.pid, signal.SIGKILL)
    stranger = subprocess.Popen(["sleep", "60"])
    try:
        lines = file.read_text().split("\n")
        file.write_text("\n".join([str(stranger.pid), *lines[1:]]))
        assert instance.ensure() == "True"
        assert instance.pid != stranger.pid
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_the_end_of_a_starter_does_not_end_the_server(instance):
    instance.ensure()
    pid = instance.pid
    child = instance.python(f"{ENSURE}; import os, signal; os.kill(os.getpid(), signal.SIGTERM)")
    child.communicate(timeout=60)
    time.sleep(0.3)
    assert instance.pid == pid
    assert instance.ensure() == "False"


def test_data_of_another_major_version_are_refused_in_a_sentence(instance):
    instance.ensure()
    instance.python("from baolei.kernel.postgres import stop; stop()").communicate(timeout=60)
    version = instance.root / "data/PG_VERSION"
    told = version.read_text()
    version.write_text("9\n")
    try:
        child = subprocess.run(
            [sys.executable, "-m", "baolei.config.cli", "db", "start"],
            env=instance.environment, capture_output=True, text=True, timeout=60,
        )  # fmt: skip
    finally:
        version.write_text(told)
    assert child.returncode == 1
    assert "PostgreSQL 9" in child.stderr
    assert "Traceback" not in child.stderr


def test_roles_have_no_more_power_than_they_need(instance):
    instance.ensure()
    with instance.connect() as server:
        rows = server.execute(
            "SELECT rolname, rolsuper, rolcreatedb, rolcreaterole FROM pg_roles"
            " WHERE rolname IN ('baolei_app', 'baolei_owner') ORDER BY 1"
        ).fetchall()
    assert rows == [("baolei_app", False, False, False), ("baolei_owner", False, True, False)]


def test_secrets_are_readable_by_their_owner_only(instance):
    instance.ensure()
    folder = instance.root / "secrets"
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {file.stat().st_mode & 0o777 for file in folder.iterdir()} == {0o600}


def test_processes_that_make_a_secret_at_once_agree(instance):
    code = "from baolei.kernel.secretfiles import secret; print(secret('contested', 32).hex())"
    children = [instance.python(code) for _ in range(6)]
    values = {child.communicate(timeout=60)[0].strip() for child in children}
    assert len(values) == 1
    assert len(values.pop()) == 64


@pytest.mark.parametrize("length", [10, 80, 200])
def test_the_path_of_the_socket_fits_into_its_address(length):
    place = Layout(Path("/") / ("d" * length), None)
    assert len(os.fsencode(place.socket)) <= SOCKET_LIMIT


@pytest.mark.database
@pytest.mark.django_db
def test_tables_lie_in_their_schemas():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT schemaname, bool_and(tablename LIKE 'procrastinate%%'), bool_or(tablename LIKE 'procrastinate%%')"
            " FROM pg_tables WHERE schemaname !~ '^(pg_|information_schema)' GROUP BY 1 ORDER BY 1"
        )
        assert cursor.fetchall() == [("jobs", True, True), ("p22", False, False)]


@pytest.mark.database
@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE kernel_event SET action = ''",
        "DELETE FROM kernel_event",
        "TRUNCATE kernel_event",
        "DELETE FROM kernel_event_default",
        "DELETE FROM kernel_auditseal",
        "CREATE TABLE p22.own (n int)",
    ],
)
def test_the_product_may_not(statement):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE baolei_app")
        with pytest.raises(Exception, match=r"permission denied|must be owner"):
            cursor.execute(statement)


@pytest.mark.database
@pytest.mark.django_db
def test_the_product_may_read_and_write_members():
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE baolei_app")
        cursor.execute("SELECT count(*) FROM members_member")
        cursor.execute("DELETE FROM members_member WHERE false")
        cursor.execute("SELECT count(*) FROM jobs.procrastinate_jobs")


@pytest.mark.database
@pytest.mark.django_db
def test_the_test_database_is_one_the_product_may_run_on():
    assert complaints(connection) == []
