"""A whole data package as one .zip: unpacked where clear numbers may stand, and nothing but its own files read."""

import io
import json
import zipfile
import zlib
from pathlib import Path, PurePosixPath
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from baolei.kernel.access import Actor
from baolei.kernel.imports.sheets import SHEETS, Sheet
from baolei.kernel.uploads.grids import UnreadableFile

PACKAGE = "package"
ABOUT = "datapackage.json"
LARGEST = 400_000_000
"""Bytes of a package when it is unpacked; larger ones come by command."""
FILES = 200


class PackageKind:
    """What stands in the place of a sheet for an upload of several."""

    name = PACKAGE
    title = gettext_lazy("资料包（多张表的 .zip）")
    columns: tuple = ()


def kind_of(name: str) -> Sheet | PackageKind:
    """What an upload holds."""
    return PackageKind() if name == PACKAGE else SHEETS[name]


def importable(actor: Actor) -> list[Sheet]:
    """The sheets that the actor may import, in the order of packages."""
    return [sheet for sheet in SHEETS.values() if sheet.needs is not None and actor.can(sheet.needs)]


def require(actor: Actor, name: str) -> None:
    """Raises PermissionDenied when the actor may not import it; of a package each file is asked when it is read."""
    if name != PACKAGE:
        actor.require(SHEETS[name].needs)
    elif not importable(actor):
        raise PermissionDenied


def unpacked(data: bytes, folder: Path) -> Path:
    """Write the files of a package below the folder and return where they lie. Raises UnreadableFile."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            place = _written(archive, folder)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError):
        raise UnreadableFile(_("不是能读的 .zip 文件，或有密码。请重新压缩后再上传。")) from None
    _checked(place)
    return place


def _written(archive: zipfile.ZipFile, folder: Path) -> Path:
    members = [one for one in archive.infolist() if not one.is_dir() and not _hidden(one.filename)]
    if len(members) > FILES or sum(one.file_size for one in members) > LARGEST:
        raise UnreadableFile(_("资料包解开后太大。请分成几个，或由系统管理员用命令导入。"))
    about = [one for one in members if PurePosixPath(one.filename).name == ABOUT]
    if len(about) != 1:
        raise UnreadableFile(
            _("压缩包里要有一个 datapackage.json，说明有哪些文件。请用导出的资料包或按格式说明制作。")
        )
    top = PurePosixPath(about[0].filename).parent
    left = LARGEST
    for one in members:
        path = PurePosixPath(one.filename)
        # One level, no way out: a name is only a name.
        if path.parent != top or path.suffix.lower() not in (".csv", ".json"):
            continue
        with archive.open(one) as source:
            content = source.read(left + 1)
        left -= len(content)
        if left < 0:  # what the archive says of its sizes is only said
            raise UnreadableFile(_("资料包解开后太大。请分成几个，或由系统管理员用命令导入。"))
        target = folder / path.name
        target.touch(mode=0o600)
        target.write_bytes(content)
    return folder


def _hidden(name: str) -> bool:
    return "__MACOSX" in name or PurePosixPath(name).name.startswith(".")


def _checked(folder: Path) -> None:
    """Of what datapackage.json names nothing lies elsewhere, and it has the form that the import reads."""
    try:
        about: Any = json.loads((folder / ABOUT).read_text("utf-8"))
        resources = about["resources"]
        paths = [(str(one["name"]), one["path"]) for one in resources]
        fits = isinstance(about.get("baolei", {}), dict) and len(dict(paths)) == len(paths) > 0
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        fits = False
    if not fits:
        raise UnreadableFile(_("datapackage.json 读不懂。请用导出的资料包或按格式说明制作。"))
    for _name, path in paths:
        if (
            not isinstance(path, str)
            or path in ("", ".", "..")
            or path != PurePosixPath(path).name
            or "\\" in path
        ):
            raise UnreadableFile(_("datapackage.json 里的文件必须和它放在一起。"))
