import pytest

from baolei.accounts.tests.factories import GrantFactory
from baolei.kernel.access import Actor
from baolei.kernel.imports import import_path
from baolei.kernel.uploads import sealed
from baolei.members.tests.packages import TOWN, rows, write
from baolei.members.tests.workbooks import town


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(sealed, "instance_root", lambda: tmp_path / "instance")
    return tmp_path / "instance" / "uploads"


@pytest.fixture
def clerk(client, tmp_path, folder):
    """An officer of the township, whose register holds the small package."""
    import_path(write(tmp_path / "register", rows()), actor=Actor.system("测试"))
    client.force_login(GrantFactory(role="township_officer", organization=town(TOWN)).user)
    return client
