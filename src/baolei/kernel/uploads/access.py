"""Permission of uploads; what a file may hold is asked of its sheet besides."""

from django.utils.translation import gettext_lazy as _

from baolei.kernel.access import permission


class Can:
    UPLOAD = permission("uploads.upload.make", _("上传文件导入"))
