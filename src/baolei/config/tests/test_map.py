"""docs/map.md says what the declarations say."""

import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.django_db
def test_the_map_is_up_to_date(tmp_path):
    # A process of its own: other tests declare actions and permissions of their own.
    made = tmp_path / "map.md"
    subprocess.run([sys.executable, "-m", "baolei.config.cli", "map", str(made)], check=True)
    page = Path(__file__).parents[4] / "docs" / "map.md"
    assert page.read_text(encoding="utf-8") == made.read_text(encoding="utf-8"), (
        "./run baolei map docs/map.md"
    )
