"""Making, starting and stopping the server, safe for several processes at once and after any crash.

The order of things: one file lock per instance; the cluster is made beside its place and renamed, so
there is never half of one; a pid file left by a killed server is removed only when no process works in
the data directory any more. Nothing here stops the server at exit: `serve` or `baolei db stop` does.
"""

import fcntl
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

from baolei.kernel.postgres.layout import PORT, Layout, PostgresError, layout, make_directory, run
from baolei.kernel.postgres.roles import prepare_embedded
from baolei.kernel.postgres.tuning import configuration
from baolei.kernel.secretfiles import secret_text

MIB = 1024 * 1024
NEEDED_FREE = 300 * MIB  # an empty cluster with its first write-ahead log, and room to breathe
START_SECONDS = 600  # recovery after a crash may be long
ORPHAN_SECONDS = 15  # how long killed servers' children may take to leave by themselves


def is_running() -> bool:
    """Tell whether the instance's server accepts connections."""
    place = layout()
    return (place.data / "postmaster.pid").exists() and _answer(place) == 0


def ensure_running() -> bool:
    """Make and start the instance's server unless it runs; return True if this call started it.

    Raises PostgresError with one sentence when that is impossible.
    """
    place = layout()
    if place.ready.exists() and (place.data / "postmaster.pid").exists() and _answer(place) == 0:
        return False
    make_directory(place.root, 0o755)
    _check_reachable(place)
    with open(place.root / "lock", "a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        make_directory(place.socket_dir, 0o755, place.account)
        make_directory(place.log.parent, 0o750, place.account)
        if not (place.data / "PG_VERSION").exists():
            _make_cluster(place)
        _check_version(place)
        started = _answer(place) != 0
        if started:
            _start(place)
        if not place.ready.exists():
            prepare_embedded(place)
            place.ready.touch()
        return started


def stop() -> bool:
    """Stop the instance's server, waiting for it; return False if it did not run."""
    place = layout()
    if not (place.data / "postmaster.pid").exists():
        return False
    with open(place.root / "lock", "a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        _clear_stale(place)
        if not (place.data / "postmaster.pid").exists():
            return False
        done = run(place, "pg_ctl", "-D", place.data, "-m", "fast", "-w", "-t", 120, "stop")
        if done.returncode:
            raise PostgresError(
                f"数据库未能停止：{done.stderr.strip()}。(The database did not stop: see {place.log}.)"
            )
        return True


def _answer(place: Layout) -> int:
    """Return pg_isready's code: 0 accepts, 1 starting or stopping, 2 no answer."""
    if not place.socket.exists():
        return 2
    return run(place, "pg_isready", "-q", "-h", place.socket_dir, "-p", PORT, "-t", 3).returncode


def _check_reachable(place: Layout) -> None:
    """Refuse a place below a directory that the server's account may not enter."""
    if place.account is None:
        return
    probe = subprocess.run(
        ["/bin/sh", "-c", 'cd "$1"', "sh", str(place.root)],
        user=place.account.pw_uid,
        group=place.account.pw_gid,
        extra_groups=[],
        cwd="/",
        capture_output=True,
    )
    if probe.returncode:
        raise PostgresError(
            f"数据目录 {place.root} 不允许账户 {place.account.pw_name} 进入，请用 BAOLEI_DATA 指定另一处，"
            f"例如 /var/lib/baolei/数据。(The account {place.account.pw_name} cannot enter {place.root}: "
            "point BAOLEI_DATA elsewhere.)"
        )


def _make_cluster(place: Layout) -> None:
    free = shutil.disk_usage(place.root).free
    if free < NEEDED_FREE:
        raise PostgresError(
            f"磁盘空间不足：{place.root} 只剩 {free // MIB} MB，至少需要 {NEEDED_FREE // MIB} MB。"
            f"(No disk space: {free // MIB} MB left at {place.root}.)"
        )
    # Beside its final place, in a directory that the server's account may write.
    nursery = place.root / "making"
    shutil.rmtree(nursery, ignore_errors=True)
    make_directory(nursery, 0o700, place.account)
    draft, password = nursery / "data", nursery / "password"
    handle = os.open(password, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(handle, "w") as out:
        out.write(secret_text("database_admin"))
        if place.account is not None:
            os.fchown(out.fileno(), place.account.pw_uid, place.account.pw_gid)
    # ctype C.UTF-8: with C, text search finds nothing in Chinese. Builtin: no ICU in the wheel.
    made = run(
        place, "initdb", "-D", draft, "-U", "baolei_admin", "-E", "UTF8", "-k", "--auth=scram-sha-256",
        f"--pwfile={password}", "--locale-provider=builtin", "--builtin-locale=C.UTF-8",
        "--lc-collate=C", "--lc-ctype=C.UTF-8", "--lc-messages=C",
    )  # fmt: skip
    if made.returncode:
        raise PostgresError(
            f"数据库未能建立：{_last_line(made.stderr)}。(initdb failed: {_last_line(made.stderr)}.)"
        )
    with open(draft / "postgresql.conf", "a", encoding="utf-8") as conf:
        conf.write("\ninclude_if_exists = 'baolei.conf'\ninclude_if_exists = '../local.conf'\n")
    place.ready.unlink(missing_ok=True)
    shutil.rmtree(place.data, ignore_errors=True)  # a directory without PG_VERSION is no cluster
    os.rename(draft, place.data)
    shutil.rmtree(nursery)


def _check_version(place: Layout) -> None:
    made_by = (place.data / "PG_VERSION").read_text().strip()
    ours = run(place, "postgres", "--version").stdout.split()[-1].partition(".")[0]
    if made_by != ours:
        raise PostgresError(
            f"数据由 PostgreSQL {made_by} 建立，现在的程序是 {ours}：请先用旧版本执行 baolei db dump，"
            f"再用新版本 baolei db restore。(The data were made by PostgreSQL {made_by}, the programs are {ours}: "
            "dump with the old version, restore with the new one.)"
        )


def _start(place: Layout) -> None:
    _clear_stale(place)
    conf = place.data / "baolei.conf"
    conf.write_text(configuration(place), "utf-8")
    if place.account is not None:
        os.chown(conf, place.account.pw_uid, place.account.pw_gid)
    # Output goes to a file, never a pipe: the server would hold a pipe open for as long as it lives.
    with open(place.root / "log" / "start.log", "w") as out:
        done = run(
            place, "pg_ctl", "-D", place.data, "-w", "-t", START_SECONDS, "-l", place.log, "start",
            capture_output=False, stdout=out, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
    if done.returncode:
        why = _last_line(place.log.read_text("utf-8", "replace")) if place.log.exists() else ""
        raise PostgresError(
            f"数据库未能启动：{why}，详见 {place.log}。(The database did not start: see {place.log}.)"
        )


def _clear_stale(place: Layout) -> None:
    """Remove the pid file of a killed server once its last process has left.

    Every process of a server has the data directory as its working directory; a zombie has none and a
    stranger that was given the recorded number has another. pg_ctl alone refuses to start in both cases.
    """
    pid_file = place.data / "postmaster.pid"
    if not Path("/proc/self/cwd").exists():
        return  # not Linux: pg_ctl's own check has to do
    patience = time.monotonic() + ORPHAN_SECONDS
    while pid_file.exists():
        try:
            recorded = int(pid_file.read_text().split("\n", 1)[0])
        except (FileNotFoundError, ValueError):
            recorded = 0
        at_work = _working_in(place.data)
        if recorded in at_work:
            return
        if not at_work:
            for file in (pid_file, place.socket.with_name(place.socket.name + ".lock"), place.socket):
                file.unlink(missing_ok=True)
            return
        if time.monotonic() > patience:
            for pid in at_work:
                _signal(pid, signal.SIGQUIT)
        time.sleep(0.05)


def _working_in(directory: Path) -> set[int]:
    here = os.stat(directory)
    found = set()
    for entry in os.scandir("/proc"):
        if entry.name.isdigit():
            try:
                if os.path.samestat(os.stat(f"/proc/{entry.name}/cwd"), here):
                    found.add(int(entry.name))
            except OSError:
                continue
    return found


def _signal(pid: int, number: signal.Signals) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        pass


def _last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else "?"
