"""Lists that leave the product: the audit row of an export."""

from django.utils.translation import gettext_lazy as _

from baolei.kernel.actions import action
from baolei.organizations.access import Can


@action("organizations.organization.export", words=_("导出党组织名册"), needs=Can.EXPORT)
def export_organizations(target, *, actor, purpose: str, form: str, rows: int, filters: str) -> None:
    """Record that the actor takes a list of `rows` organizations; the file itself is made by the page."""
