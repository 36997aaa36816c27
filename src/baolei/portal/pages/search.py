"""The public search and the glossary."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from baolei.portal.complaints.subjects import about
from baolei.portal.pages.public import home_crumb, public
from baolei.portal.search.finding import LONGEST, marked, search, words_of
from baolei.portal.search.glossary import GLOSSARY

KINDS = (
    ("terms", gettext_lazy("词语")),
    ("figures", gettext_lazy("数据")),
    ("sentences", gettext_lazy("文章")),
)


@public
def find(request: HttpRequest) -> HttpResponse:
    """What released editions and the glossary say of the words; the words are neither kept nor logged (G-27)."""
    text = request.GET.get("q", "").strip()[:LONGEST]
    words = words_of(text)
    found = search(words) if words else {}
    context = {
        "words": text if words else "",
        "groups": [
            {
                "title": label,
                "more": found[kind].more,
                "lines": [
                    (entry, marked(entry.title, words), marked(entry.text, words))
                    for entry in found[kind].entries
                ],
            }
            for kind, label in KINDS
            if kind in found
        ],
        "about": about(page="search"),
        "crumbs": [home_crumb(), (_("搜索"), "")],
    }
    response = render(request, "portal/search.html", context)
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@public
def glossary(request: HttpRequest) -> HttpResponse:
    """What the words on the public pages mean."""
    context = {
        "terms": GLOSSARY,
        "about": about(page="glossary"),
        "crumbs": [home_crumb(), (_("词语解释"), "")],
    }
    return render(request, "portal/glossary.html", context)
