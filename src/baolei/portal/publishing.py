"""The public pages as files: what a stranger reads, rendered by the same views, with links from file to file.

Nothing is made twice: each page is asked of the product's own handler as a stranger would, and only its links are
rewritten. What needs the product behind it (search, complaints, signing in) is left out, or leads to its live address.
"""

import posixpath
import re
import warnings
from collections.abc import Callable, Iterator
from functools import partial
from html import escape, unescape
from io import BytesIO
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.handlers.base import BaseHandler
from django.core.handlers.wsgi import WSGIRequest
from django.db import connection, transaction
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from baolei.portal import queries
from baolei.portal.lookback.facts import edition_facts
from baolei.portal.models import Edition

COPY = "baolei.copy"
"""Key of a request's META for pages that become files: the live address, or empty. No header can set it."""

ASKS = ("portal:search", "portal:complain", "portal:slip", "accounts:sign_in")
"""What needs the product behind it: absent in a copy, or at the live address."""

_LINK = re.compile(r'(\s(?:href|src|action)=")(/[^"]*)(")')


class NothingReleased(Exception):
    """No edition is open to the public."""


class Broken(Exception):
    """A public page failed, or leads to an address that is none; the message names it."""


def pages(
    *, live: str = "", progress: Callable[[int], None] = lambda done: None
) -> Iterator[tuple[str, bytes]]:
    """(name of the file, content) of every public page and of what it needs, all from one moment.

    Raises NothingReleased, or Broken for an answer other than 200.
    """
    is_outermost = not connection.in_atomic_block  # a test's own transaction has begun to read
    with transaction.atomic():
        if is_outermost:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        editions = released()
        if not editions:
            raise NothingReleased
        yield from _rendered(editions, live, progress)


def released() -> list[Edition]:
    """The editions that are open to the public, older ones too."""
    return list(queries.published().filter(state=Edition.State.RELEASED))


def _rendered(
    editions: list[Edition], live: str, progress: Callable[[int], None]
) -> Iterator[tuple[str, bytes]]:
    handler = BaseHandler()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of collected static files there need be none here
        handler.load_middleware()
    addresses = list(_addresses(editions))
    known, needed = set(addresses), set()
    for number, address in enumerate(addresses, start=1):
        response = _ask(handler, address, live)
        name = _file_of(address)
        relinked = partial(_relinked, name=name, known=known, needed=needed, live=live)
        yield name, _LINK.sub(relinked, response.content.decode()).encode()
        progress(number)
    for name in sorted(needed):
        yield f"static/{name}", _static(name)


def _addresses(editions: list[Edition]) -> Iterator[str]:
    """The home page, headlines, corrections, glossary, each article and the page of each of its numbers."""
    yield reverse("portal:home")
    for name in ("lookback", "corrections", "glossary"):
        yield reverse(f"portal:{name}")
    for edition in editions:
        yield reverse("portal:article", args=[edition.uid])
        facts = edition_facts(edition)
        codes = dict.fromkeys(queries.figures_of(edition).values_list("code", flat=True))
        for code in codes:
            if facts.on_page(code) is not None:
                yield reverse("portal:figure", args=[edition.uid, code])


def _ask(handler: BaseHandler, address: str, live: str) -> HttpResponse:
    """The answer to a stranger. Raises Broken for another status than 200."""
    request = WSGIRequest(
        {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": address,
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "HTTP_HOST": "localhost",
            "wsgi.input": BytesIO(),
            "wsgi.url_scheme": "http",
            COPY: live,
        }
    )
    # Asked without the signals around a request: they would close the connection of this one moment.
    response = handler.get_response(request)
    if response.status_code != 200:
        raise Broken(f"{address}: {response.status_code}")
    return response


def _relinked(link: re.Match, *, name: str, known: set[str], needed: set[str], live: str) -> str:
    """The link from the file `name` to the file that its target becomes."""
    target = urlsplit(unescape(link[2]))
    if target.path.startswith(settings.STATIC_URL):
        asset = target.path.removeprefix(settings.STATIC_URL)
        needed.add(asset)
        to = f"static/{asset}"
    elif target.path in known:
        to = _file_of(target.path)
    elif live and target.path in {reverse(name) for name in ASKS}:
        return f"{link[1]}{escape(live)}{link[2]}{link[3]}"
    else:
        raise Broken(f"{name}: {target.path}")
    way = posixpath.relpath(to, posixpath.dirname(name) or ".")
    return link[1] + escape(way + (f"#{target.fragment}" if target.fragment else "")) + link[3]


def _file_of(address: str) -> str:
    return f"{address[1:]}index.html"


def _static(name: str) -> bytes:
    """A static file by its name. Raises Broken when it is missing."""
    found = finders.find(name) or Path(settings.STATIC_ROOT, name)
    try:
        return Path(found).read_bytes()
    except OSError:
        raise Broken(_("缺少文件 %(name)s") % {"name": name}) from None


def copy_of(meta: dict) -> dict[str, str] | None:
    """What templates ask: None on the product's own pages, else the live address, if any, of a page that becomes a file."""
    return {"live": meta[COPY]} if COPY in meta else None
