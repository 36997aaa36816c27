"""The server's settings, fitted to the machine."""

import os

from baolei.kernel.postgres.layout import PORT, Layout

MIB = 1024 * 1024


def configuration(place: Layout) -> str:
    """Return the text of baolei.conf; an operator's own settings go into local.conf beside the data."""
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // MIB
    cores = os.cpu_count() or 1
    settings = {
        "listen_addresses": "''",
        "port": PORT,
        "unix_socket_directories": f"'{place.socket_dir}'",
        "max_connections": 100,
        "shared_buffers": f"{min(1024, max(128, memory // 16))}MB",
        "effective_cache_size": f"{max(256, memory // 2)}MB",
        "maintenance_work_mem": f"{min(512, max(64, memory // 16))}MB",
        "work_mem": f"{32 if memory >= 4096 else 8}MB",
        "max_parallel_maintenance_workers": max(1, min(4, cores - 1)),
        "random_page_cost": 1.1,
        "jit": "off",
        "fsync": "on",
        # No replica reads this server's log: the least log, which COPY into a new table hardly needs.
        "wal_level": "minimal",
        "max_wal_senders": 0,
        "max_wal_size": "8GB" if memory >= 4096 else "2GB",
        "checkpoint_timeout": "15min",
        "autovacuum": "on",
        "track_io_timing": "off",
        "timezone": "'Asia/Shanghai'",
        "log_timezone": "'Asia/Shanghai'",
        "log_min_messages": "warning",
        # Statements may hold names and numbers of persons: never into the log, not even of errors.
        "log_min_error_statement": "panic",
        "log_parameter_max_length_on_error": 0,
        "log_error_verbosity": "terse",
    }
    return "".join(f"{name} = {value}\n" for name, value in settings.items())
