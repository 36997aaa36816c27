"""kill -9 of the importer in the middle: the register is as before, and the next import is not hindered."""

import os
import signal
import subprocess
import sys
from urllib.parse import quote

import pytest
from django.db import connection

from baolei.kernel.access import Actor
from baolei.kernel.imports import import_path
from baolei.kernel.models import Batch
from baolei.kernel.places import instance_root
from baolei.members.models import Member
from baolei.members.tests.packages import rows, write
from baolei.organizations.models import Organization

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]

# The importer stops for good while a sheet is written, before the transaction ends. Workers of its own have read
# all files by then; what they read waits on the disk.
PROGRAM = """
import sys, time, django
django.setup()
from baolei.kernel.access import Actor
from baolei.kernel.imports import ahead, import_path, package, run

run.SMALL, package.CHUNK, ahead.HELD = 0, 400, 0

def progress(stage, done, total):
    if stage == sys.argv[2]:
        print("here", flush=True)
        time.sleep(600)

import_path(sys.argv[1], actor=Actor.system("测试"), progress=progress)
"""


@pytest.mark.parametrize("stage", ["写入 党员", "写入 以往组织关系"])
def test_killed_in_the_middle(tmp_path, stage):
    folder = write(tmp_path / "package", rows())
    about = connection.settings_dict
    connection.ensure_connection()
    server = connection.connection.info  # the host may stand in the options of a foreign server's address
    address = (
        f"postgresql://{quote(about['USER'])}:{quote(about['PASSWORD'])}@{quote(server.host, safe='')}"
        f":{server.port}/{about['NAME']}"
    )
    environment = {
        **os.environ,
        "DATABASE_URL": address,
        "DATABASE_OWNER_URL": address,
        "BAOLEI_DB_ROLE": "owner",
        "DJANGO_SETTINGS_MODULE": "baolei.config.settings",
        "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
    }
    files = sorted(os.listdir(instance_root()))
    importer = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(folder), stage],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment,
    )
    try:
        assert importer.stdout.readline() == b"here\n"
        assert Batch.objects.get().state == Batch.State.RUNNING
        assert sorted(os.listdir(instance_root())) == files
    finally:
        importer.send_signal(signal.SIGKILL)
        # Its workers write to the same standard error: it ends when the last of them is gone.
        importer.communicate(timeout=60)
    _wait_for_the_end_of_its_session()
    assert not Organization.rows.exists()
    assert not Member.rows.exists()
    assert import_path(folder, actor=Actor.system("测试")).problems == []
    assert sorted(Batch.objects.values_list("state", flat=True)) == [Batch.State.BROKEN, Batch.State.DONE]
    assert Member.rows.count() == 4


def _wait_for_the_end_of_its_session() -> None:
    """The server notices a dead client when it next reads; the advisory lock tells."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(hashtext('kernel.imports'))")
        cursor.execute("SELECT pg_advisory_unlock(hashtext('kernel.imports'))")
