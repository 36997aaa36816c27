"""Pages: a permission, a scope, a title; the rest is declared. Absent and forbidden are the same answer (404).

Signing in is asked for by middleware, `request.actor` is set there too. GET never writes.
"""

from baolei.kernel.pages.base import DetailPage, FormPage, Page, needs, related, related_links
from baolei.kernel.pages.export import ExportPage
from baolei.kernel.pages.lists import ListPage

__all__ = [
    "DetailPage",
    "ExportPage",
    "FormPage",
    "ListPage",
    "Page",
    "needs",
    "related",
    "related_links",
]
