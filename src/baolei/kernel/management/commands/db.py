"""The embedded database: start, stop, look, dump and restore; prepare a server of one's own."""

import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

import psycopg
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from psycopg import sql

from baolei.kernel import postgres
from baolei.kernel.audit import CONTINUE_AFTER_RESTORE
from baolei.kernel.postgres import roles
from baolei.kernel.postgres.layout import PORT, layout
from baolei.kernel.secretfiles import secret_text


class Command(BaseCommand):
    help = "内置数据库：启动、停止、状态、命令行、备份、恢复；为外部服务器建立角色和数据库。"
    requires_system_checks = ()
    requires_migrations_checks = False

    def add_arguments(self, parser):
        verbs = parser.add_subparsers(dest="verb", required=True, metavar="start|stop|status|...")
        verbs.add_parser("start", help="启动（需要时先建立）")
        verbs.add_parser("stop", help="停止")
        verbs.add_parser("status", help="是否在运行，文件在何处")
        shell = verbs.add_parser("shell", help="打开 psql")
        shell.add_argument("--role", choices=["app", "owner", "admin"], default="app")
        verbs.add_parser("dump", help="备份到一个文件").add_argument("file", type=Path)
        verbs.add_parser("restore", help="从备份恢复到空库").add_argument("file", type=Path)
        prepare = verbs.add_parser("prepare", help="在外部服务器上建立角色和数据库")
        prepare.add_argument("admin_url", help="管理员的连接地址，如 postgresql://postgres@host/postgres")

    def handle(self, *, verb: str, **options):
        if verb == "prepare":
            return self._prepare(options["admin_url"])
        if not settings.BAOLEI_EMBEDDED and verb in ("start", "stop", "shell"):
            raise CommandError("已设置 DATABASE_URL，数据库不由本程序管理。")
        return getattr(self, f"_{verb}")(options)

    def _start(self, options):
        started = postgres.ensure_running()
        self.stdout.write("数据库已启动。" if started else "数据库已在运行。")

    def _stop(self, options):
        self.stdout.write("数据库已停止。" if postgres.stop() else "数据库没有在运行。")

    def _status(self, options):
        if not settings.BAOLEI_EMBEDDED:
            self.stdout.write("使用 DATABASE_URL 指定的服务器。")
            return
        place = layout()
        running = postgres.is_running()
        self.stdout.write(
            f"{'运行中' if running else '未运行'}  数据 {place.data}  套接字 {place.socket_dir}"
        )
        if not running:
            sys.exit(3)

    def _shell(self, options):
        postgres.ensure_running()
        place, role = layout(), f"baolei_{options['role']}"
        environment = {
            **os.environ,
            "PGPASSWORD": secret_text(f"database_{options['role']}"),
            "PGOPTIONS": settings.DATABASES["default"]["OPTIONS"]["options"],
        }
        command = [postgres.program("psql"), "-h", str(place.socket_dir), "-p", str(PORT), "-U", role]
        os.execve(command[0], [*command, roles.DATABASE], environment)

    def _dump(self, options):
        file: Path = options["file"]
        draft = file.with_name(file.name + ".part")
        # The file holds persons' records: nobody else may read it.
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with open(handle, "wb") as out:
            self._tool("pg_dump", "--format=custom", "--no-owner", stdout=out)
        os.replace(draft, file)
        self.stdout.write(
            f"已备份到 {file}（{file.stat().st_size:,} 字节）；密钥不在其中，请另外保存 secrets 目录。"
        )

    def _restore(self, options):
        file: Path = options["file"]
        if not file.is_file():
            raise CommandError(f"没有这个文件：{file}")
        if settings.BAOLEI_EMBEDDED:
            postgres.ensure_running()
        with self._connect() as connection:
            found = connection.execute(
                "SELECT 1 FROM pg_tables WHERE schemaname = %s LIMIT 1", [settings.BAOLEI_SCHEMA]
            ).fetchone()
            if found:
                raise CommandError("数据库不是空的：请恢复到新的实例（BAOLEI_DATA 指向新目录）。")
            for schema in (settings.BAOLEI_SCHEMA, settings.BAOLEI_JOBS_SCHEMA):
                connection.execute(sql.SQL("DROP SCHEMA IF EXISTS {}").format(sql.Identifier(schema)))
        with open(file, "rb") as source:
            self._tool(
                "pg_restore", "--no-owner", "--exit-on-error", "--single-transaction", "--no-comments",
                stdin=source,
            )  # fmt: skip
        with self._connect() as connection:
            schemas = sql.SQL(", ").join(map(sql.Identifier, (settings.BAOLEI_SCHEMA, "public")))
            connection.execute(sql.SQL("SET search_path TO {}").format(schemas))
            connection.execute(CONTINUE_AFTER_RESTORE)
        self.stdout.write("已恢复。请执行 baolei migrate，再执行 baolei check。")

    def _prepare(self, admin_url: str):
        owner, app = secret_text("database_owner"), secret_text("database_app")
        with psycopg.connect(admin_url, autocommit=True) as connection:
            roles.prepare(connection, owner_password=owner, app_password=app)
            host, port = connection.info.host, connection.info.port
        where = f"{'' if host.startswith('/') else host}:{port}/{roles.DATABASE}"
        more = f"?host={quote(host, safe='')}" if host.startswith("/") else ""
        self.stdout.write(f"DATABASE_URL=postgresql://{roles.APP}:{app}@{where}{more}")
        self.stdout.write(f"DATABASE_OWNER_URL=postgresql://{roles.OWNER}:{owner}@{where}{more}")

    def _parameters(self) -> dict[str, str]:
        database = settings.DATABASES["default"]
        return {
            "host": database.get("HOST") or "",
            "port": str(database.get("PORT") or PORT),
            "user": database.get("USER") or "",
            "password": database.get("PASSWORD") or "",
            "dbname": database["NAME"],
        }

    def _connect(self) -> psycopg.Connection:
        return psycopg.connect(**self._parameters(), autocommit=True)

    def _tool(self, name: str, *arguments: str, **streams) -> None:
        if settings.BAOLEI_EMBEDDED:
            postgres.ensure_running()
        given = self._parameters()
        command = [postgres.program(name), "-h", given["host"], "-p", given["port"], "-U", given["user"]]
        done = subprocess.run(
            [*command, "-d", given["dbname"], *arguments],
            env={**os.environ, "PGPASSWORD": given["password"]},
            stderr=subprocess.PIPE,
            text=False,
            **streams,
        )
        if done.returncode:
            raise CommandError(f"{name}：{done.stderr.decode(errors='replace').strip()}")
