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
from baolei.members.models import Member
from baolei.members.tests.packages import rows, write
from baolei.organizations.models import Organization

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]

# The importer stops for good after the members were written, before the transaction ends.
PROGRAM = """
import sys, time, django
django.setup()
from baolei.kernel.access import Actor
from baolei.kernel.imports import import_path

def progress(stage, done, total):
    if stage.startswith("写入") and "以往" in stage:
        print("here", flush=True)
        time.sleep(600)

import_path(sys.argv[1], actor=Actor.system("测试"), progress=progress)
"""


def test_killed_in_the_middle(tmp_path):
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
    importer = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(folder)], stdout=subprocess.PIPE, env=environment
    )
    try:
        assert importer.stdout.readline() == b"here\n"
        assert Batch.objects.get().state == Batch.State.RUNNING
        assert not Member.rows.exists()
    finally:
        importer.send_signal(signal.SIGKILL)
        importer.wait()
        importer.stdout.close()
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
