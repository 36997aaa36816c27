"""Bring the database to the present tables: schemas, extension, migrations, privileges."""

from django.conf import settings
from django.core.management.commands import migrate
from django.db import connections
from django.db.migrations.recorder import MigrationRecorder

from baolei.kernel.postgres.privileges import grant_privileges, make_schemas, search_in

QUEUE = "procrastinate"


class Command(migrate.Command):
    """Django's `migrate`, with the queue's tables in a schema of their own and privileges at the end."""

    def handle(self, *args, **options):
        if options["plan"] or options["check_unapplied"]:
            return super().handle(*args, **options)
        connection = connections[options["database"]]
        province, jobs = settings.BAOLEI_SCHEMA, settings.BAOLEI_JOBS_SCHEMA
        make_schemas(connection)
        # The record of migrations belongs to the province, so it is made before the queue's turn.
        search_in(connection, province, jobs)
        MigrationRecorder(connection).ensure_schema()
        if options["app_label"] in (None, QUEUE):
            search_in(connection, jobs, province)
            queue = {**options, "run_syncdb": False}
            if options["app_label"] is None:
                queue |= {"app_label": QUEUE, "migration_name": None, "verbosity": 0}
            super().handle(*args, **queue)
            search_in(connection, province, jobs)
        if options["app_label"] != QUEUE:
            super().handle(*args, **options)
        grant_privileges(connection)
