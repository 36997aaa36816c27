"""Serve the platform: database, web and worker, each started again when it ends."""

import hashlib
import os
import socket
import sys

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, connections

from baolei.kernel.postgres import ensure_running
from baolei.kernel.postgres.inspection import unapplied_migrations
from baolei.kernel.supervisor import Child, Supervisor


class Command(BaseCommand):
    help = "启动平台：数据库、网页、后台任务，任何一个中断都会自动重启。"
    requires_system_checks = ()

    def add_arguments(self, parser):
        parser.add_argument("--host", default="127.0.0.1", help="监听地址（默认 127.0.0.1）")
        parser.add_argument("--port", type=int, default=8000, help="端口（默认 8000）")
        parser.add_argument("--workers", type=int, default=2, help="网页进程数（默认 2）")
        parser.add_argument("--no-worker", action="store_true", help="不启动后台任务")

    def handle(self, *, host: str, port: int, workers: int, no_worker: bool, **options):
        _refuse_taken_port(host, port)
        # The supervisor stops at the end what this process started, as `serve` or before it became that.
        started = settings.BAOLEI_EMBEDDED and (
            ensure_running() or os.environ.get("BAOLEI_DATABASE_STARTED_BY") == str(os.getpid())
        )
        if waiting := unapplied_migrations(connection):
            raise CommandError(f"还有 {waiting} 个数据库变更没有执行，请先运行 baolei migrate。")
        connections.close_all()
        if settings.SERVING:
            connection.close_pool()
        _collect_static()

        address = f"http://{'127.0.0.1' if host in ('0.0.0.0', '::') else host}:{port}/"
        supervisor = Supervisor(
            _children(host, port, workers, worker=not no_worker),
            embedded=settings.BAOLEI_EMBEDDED,
            health=f"{address}healthz",
            ready=lambda: self._say(f"已就绪，请用浏览器打开 {address} （按 Ctrl-C 停止）"),
        )
        supervisor.started_database = started
        supervisor.run()

    def _say(self, sentence: str) -> None:
        self.stdout.write(sentence)
        self.stdout.flush()


def _collect_static() -> None:
    """Collect and compress the static files unless none of them changed since the last time."""
    marker = settings.STATIC_ROOT / ".sources"
    seen = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list([]):
            found = os.stat(storage.path(path))
            seen.update(f"{path}\0{found.st_size}\0{found.st_mtime_ns}\n".encode())
    if marker.exists() and marker.read_text() == seen.hexdigest():
        return
    call_command("collectstatic", interactive=False, verbosity=0)
    marker.write_text(seen.hexdigest())


def _refuse_taken_port(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise CommandError(
                f"不能使用 {host} 的端口 {port}（{error.strerror}），请用 --port 换一个。"
                f"(Port {port} cannot be used: choose another with --port.)"
            ) from error


def _children(host: str, port: int, workers: int, *, worker: bool) -> list[Child]:
    # The product's role, whatever role this command was started with by another.
    environment = {**os.environ, "BAOLEI_DB_ROLE": "app", "PYTHONUNBUFFERED": "1"}
    environment.pop("BAOLEI_SERVING", None)
    web = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port),
        "--workers", str(workers), "--blocking-threads", "4", "--backlog", "256", "--backpressure", "64",
        "--respawn-failed-workers", "--workers-kill-timeout", "5", "--log-level", "warning",
        "--no-access-log", "baolei.config.wsgi:application",
    ]  # fmt: skip
    children = [Child("web", web, environment)]
    if worker:
        queue = [
            sys.executable, "-m", "baolei.config.cli", "procrastinate", "worker",
            "--delete-jobs", "successful", "--shutdown-graceful-timeout", "10",
        ]  # fmt: skip
        children.append(Child("worker", queue, environment))
    return children
