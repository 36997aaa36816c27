"""Numbers of a sheet fit the column of the model: one that is too long is a problem of its row, no failure."""

import pytest

from baolei.kernel.imports.problems import Wrong
from baolei.kernel.imports.records import NumberColumn
from baolei.kernel.imports.records.columns import fitted
from baolei.organizations.models import Organization
from baolei.standards.models import Reading


def test_whole_number_has_as_many_digits_as_its_field():
    column = fitted(NumberColumn("next_ordinal", "序号"), Organization)
    assert column.parse("999,999,999", "2016-12-31") == "999999999"
    with pytest.raises(Wrong, match=r"number\.format"):
        column.parse("1000000000", "2016-12-31")
    assert fitted(NumberColumn("year", "年度"), Reading).digits == 4


def test_decimal_number_keeps_its_length():
    column = fitted(NumberColumn("value", "数值", decimals=2), Reading)
    assert column.parse("123456789012345.67", "2016-12-31") == "123456789012345.67"
