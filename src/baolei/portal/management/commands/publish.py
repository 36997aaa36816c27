"""`baolei publish DIR`: the public pages as files for any web server, with no database behind them."""

import re
import time
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from baolei.portal.folder import Busy, NotOurs, replace
from baolei.portal.publishing import Broken, NothingReleased, pages

WRONG = 2
"""Exit code of a request that cannot be carried out."""
TOLD_EVERY = 50


class Command(BaseCommand):
    help = "把已发布的公开页面写成静态网页，公众访问时不连数据库。"

    def add_arguments(self, parser):
        parser.add_argument(
            "folder", type=Path, metavar="DIR", help="新目录、空目录，或上一次 publish 写成的目录"
        )
        parser.add_argument(
            "--live", default="", metavar="URL", help="本平台的网址；写明时，搜索和登录指向它，否则不出现"
        )

    def handle(self, *, folder: Path, live: str, **options):
        live = live.rstrip("/")
        if live and not re.fullmatch(r"https?://[A-Za-z0-9.\-\[\]:]+(/[\w./-]*)?", live):
            raise CommandError(_("--live 请写成 https://register.example 这样的网址。"), returncode=WRONG)
        began = time.monotonic()

        def progress(done: int) -> None:
            if done % TOLD_EVERY == 0:
                self.stdout.write(_("已写 %(number)s 页……") % {"number": done})

        try:
            number = replace(folder, pages(live=live, progress=progress))
        except NothingReleased:
            raise CommandError(
                _("还没有发布过任何一期，没有可以公开的页面；请先在“公开数据”中发布。"), returncode=WRONG
            ) from None
        except NotOurs as error:
            raise CommandError(
                _("“%(folder)s”里有别的内容，不会覆盖；请换一个新目录。") % {"folder": error},
                returncode=WRONG,
            ) from None
        except Busy:
            raise CommandError(_("有人正在写这个目录，请稍后再试。"), returncode=WRONG) from None
        except Broken as error:
            raise CommandError(
                _("有一页不能写成文件，原有内容没有改动：%(page)s") % {"page": error}
            ) from None
        except OSError as error:
            raise CommandError(_("不能写入：%(error)s") % {"error": error}, returncode=WRONG) from None
        self.stdout.write(
            _("%(folder)s：%(number)s 个文件，%(seconds).1f 秒")
            % {"folder": folder, "number": number, "seconds": time.monotonic() - began}
        )
