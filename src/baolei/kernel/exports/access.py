"""Permission of the second person."""

from django.utils.translation import gettext_lazy as _

from baolei.kernel.access import permission


class Can:
    AGREE = permission("exports.request.agree", _("复核导出名单"))
