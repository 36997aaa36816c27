"""A table is declared once: its columns and filters make the page, the Excel and CSV file, the print and JSON.

Rows are tuples of `.values_list()`; no model instance is made for a cell.
"""

from baolei.kernel.tables.columns import (
    CodeColumn,
    Column,
    DateColumn,
    LinkColumn,
    NumberColumn,
    SpanColumn,
    TextColumn,
    YearColumn,
)
from baolei.kernel.tables.filters import ChoiceFilter, DateFilter, Filter, NumberFilter, SubtreeFilter
from baolei.kernel.tables.table import BoundTable, Order, Table, record_orders

__all__ = [
    "BoundTable",
    "ChoiceFilter",
    "CodeColumn",
    "Column",
    "DateColumn",
    "DateFilter",
    "Filter",
    "LinkColumn",
    "NumberColumn",
    "NumberFilter",
    "Order",
    "SpanColumn",
    "SubtreeFilter",
    "Table",
    "TextColumn",
    "YearColumn",
    "record_orders",
]
