"""docs/map.md says what the declarations say."""

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

TOP = Path(__file__).parents[4]


@pytest.mark.django_db
def test_the_map_is_up_to_date(tmp_path):
    # A process of its own: other tests declare actions and permissions of their own.
    made = tmp_path / "map.md"
    subprocess.run([sys.executable, "-m", "baolei.config.cli", "map", str(made)], check=True)
    page = TOP / "docs" / "map.md"
    assert page.read_text(encoding="utf-8") == made.read_text(encoding="utf-8"), (
        "./run baolei map docs/map.md"
    )


def test_the_map_names_the_layers_that_the_import_linter_holds():
    contract = tomllib.loads((TOP / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ][0]
    layers = " > ".join(layer.replace(" |", ",") for layer in contract["layers"])
    assert layers in " ".join((TOP / "docs" / "map.md").read_text(encoding="utf-8").split())
