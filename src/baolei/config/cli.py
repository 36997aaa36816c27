"""The `baolei` command: picks the database role, starts the embedded server if needed, runs Django's."""

import os
import sys

# Commands that change tables or load in bulk work as the tables' owner; everything else as the product.
OWNER_COMMANDS = {
    "db", "demo", "dbshell", "flush", "import", "makemigrations", "migrate", "sqlmigrate", "squashmigrations",
}  # fmt: skip
# Commands that need no database, or look after it themselves.
WITHOUT_DATABASE = {
    "",
    "collectstatic",
    "compilemessages",
    "db",
    "formats",
    "generate",
    "help",
    "makemessages",
    "map",
    "serve",
    "version",
}


def main() -> None:
    """Run one command of the platform; a database that cannot start is told in one sentence."""
    command = next((word for word in sys.argv[1:] if not word.startswith("-")), "")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "baolei.config.settings")
    os.environ.setdefault("BAOLEI_DB_ROLE", "owner" if command in OWNER_COMMANDS else "app")
    if command in ("serve", "collectstatic"):
        os.environ.setdefault("BAOLEI_SERVING", "1")
    wanted = command not in WITHOUT_DATABASE and not {"-h", "--help", "--version"} & set(sys.argv)
    from baolei.kernel.postgres import PostgresError, ensure_running

    try:
        if command == "demo":
            _mark_demo()
        if wanted and not os.environ.get("DATABASE_URL"):
            if ensure_running():
                # `demo` becomes `serve` in this very process, which then stops what it started.
                os.environ["BAOLEI_DATABASE_STARTED_BY"] = str(os.getpid())
        from django.core.management import execute_from_command_line

        execute_from_command_line(["baolei", *sys.argv[1:]])
    except PostgresError as error:
        sys.exit(f"baolei: {error}")
    except KeyboardInterrupt:
        sys.exit(130)


def _mark_demo() -> None:
    """Remember that this instance holds made-up data, for every later command and page."""
    from baolei.kernel.places import instance_root

    os.environ["BAOLEI_DEMO"] = "1"
    instance_root().mkdir(parents=True, exist_ok=True)
    (instance_root() / "demo").touch()


if __name__ == "__main__":
    main()
