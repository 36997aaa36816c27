"""The embedded PostgreSQL: made, started, shared and stopped by the product itself (ADR 0001)."""

from baolei.kernel.postgres.cluster import ensure_running, is_running, stop
from baolei.kernel.postgres.layout import Layout, PostgresError, program, run

__all__ = ["Layout", "PostgresError", "ensure_running", "is_running", "program", "run", "stop"]
