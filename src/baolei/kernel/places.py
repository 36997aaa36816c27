"""Where an instance keeps its files: one directory, and what lies in it.

data/      the embedded database's files
run/       its socket (or a short directory elsewhere, see `kernel.postgres`)
ballots/   the key of each open box of ballots, never copied
secrets/   keys and passwords made at the first start, 0600
static/    collected static files
truth.csv  of a demo only: what is true of the planted cases (`kernel.demo.TRUTH`)
"""

import functools
import hashlib
import os
from pathlib import Path

SHARED_ROOT = Path("/var/lib/baolei")


def checkout() -> Path | None:
    """Return the directory of the checkout, or None when the package was installed as a wheel."""
    top = Path(__file__).resolve().parents[3]
    return top if (top / "pyproject.toml").exists() and (top / "run").exists() else None


@functools.cache
def instance_root() -> Path:
    """Return the directory of this instance's data; it need not exist yet.

    `BAOLEI_DATA` wins. As root the files go below /var/lib/baolei, where the ordinary account that runs
    the database can reach them; otherwise into `.data/` of the checkout, or the user's data directory.
    """
    if given := os.environ.get("BAOLEI_DATA"):
        return Path(given).resolve()
    top = checkout()
    if os.geteuid() == 0:
        if top is None:
            return SHARED_ROOT / "instance"
        return SHARED_ROOT / f"{top.name}-{hashlib.sha256(os.fsencode(top)).hexdigest()[:8]}"
    if top is not None:
        return top / ".data"
    home = os.environ.get("XDG_DATA_HOME") or os.path.expanduser("~/.local/share")
    return Path(home) / "baolei"
