"""A small land and its released edition; a module may give a land of its own."""

import pytest

from baolei.portal.tests.factories import enrol, make_edition, make_land


@pytest.fixture
def land():
    land = make_land()
    enrol(land.branches["东山县"], 6)
    enrol(land.branches["西岭县"], 7)
    return land


@pytest.fixture
def edition(land):
    return make_edition(land.province)
