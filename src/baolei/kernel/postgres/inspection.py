"""What is wrong with the database we are connected to, in sentences."""

from django.conf import settings
from django.db.migrations.executor import MigrationExecutor

OLDEST = 150000


def unapplied_migrations(connection) -> int:
    """Return how many migrations this database still lacks."""
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def complaints(connection) -> list[str]:
    """Return one sentence for each reason why the product must not run on this database."""
    found = []
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT current_setting('server_version_num')::int, pg_encoding_to_char(encoding), datctype,
                   datlocprovider::text,
                   (SELECT rolsuper FROM pg_roles WHERE rolname = current_user),
                   EXISTS (SELECT 1 FROM pg_extension WHERE extname = 'btree_gist')
            FROM pg_database WHERE datname = current_database()
            """
        )
        version, encoding, ctype, provider, superuser, has_gist = cursor.fetchone()
    if version < OLDEST:
        found.append(f"PostgreSQL {version // 10000} 太旧，至少需要 15。")
    if encoding != "UTF8":
        found.append(f"数据库编码是 {encoding}，必须是 UTF8。")
    if provider == "c" and ctype in ("C", "POSIX"):
        found.append(f"数据库的 lc_ctype 是 {ctype}，查不到中文；请用 LC_CTYPE 'C.UTF-8' 重新建库。")
    if superuser and settings.BAOLEI_DB_ROLE == "app":
        found.append("平台以数据库超级用户身份连接，审计记录失去保护；请用 baolei db prepare 建立的角色。")
    if not has_gist:
        found.append("缺少扩展 btree_gist，请运行 baolei migrate。")
    elif waiting := unapplied_migrations(connection):
        found.append(f"还有 {waiting} 个数据库变更没有执行，请运行 baolei migrate。")
    return found
