"""The yardstick of a page: a bare Django view of the query that the member list page makes, without the product.

No middleware and no sign-in (with BENCH_STANDARD=1 Django's own session and sign-in), no filters, no count, a
plain template. Served by the same web server, over the same database, as the same role.
"""

import os
from pathlib import Path

TEMPLATE = """<!DOCTYPE html>
<html lang="zh-Hans"><head><meta charset="utf-8"><title>党员名单</title></head><body><h1>党员名单</h1>
<table><thead><tr><th>姓名</th><th>性别</th><th>出生年份</th><th>民族</th><th>学历</th><th>党籍状态</th>
<th>入党日期</th><th>所在党支部</th></tr></thead><tbody>
{% for m in members %}<tr><th><a href="/members/{{ m.uid }}/">{{ m.name }}</a></th><td>{{ m.sex }}</td>
<td>{{ m.birth_date|date:"Y" }}</td><td>{{ m.ethnicity }}</td><td>{{ m.education }}</td><td>{{ m.standing }}</td>
<td>{{ m.joined_on|date:"Y-m-d" }}</td><td>{{ m.branch__short_name }}</td></tr>
{% endfor %}</tbody></table></body></html>
"""

os.environ["DJANGO_SETTINGS_MODULE"] = "bench.inside.settings"
os.environ["BENCH_TEMPLATE"] = TEMPLATE
os.environ["BAOLEI_SERVING"] = "1"

from django.contrib.auth.decorators import login_not_required  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.http import HttpRequest, HttpResponse  # noqa: E402
from django.shortcuts import render  # noqa: E402
from django.urls import path  # noqa: E402

application = get_wsgi_application()

from baolei.members.codes import COUNTED  # noqa: E402
from baolei.members.models import Member  # noqa: E402

KEY = Path(os.environ["BENCH_KEY_FILE"]).read_text()
FIELDS = (
    "uid",
    "name",
    "sex",
    "birth_date",
    "ethnicity",
    "education",
    "standing",
    "joined_on",
    "branch__short_name",
)


def members(request: HttpRequest) -> HttpResponse:
    rows = Member.rows.filter(branch_key__gte=KEY, branch_key__lt=KEY + "~", standing__in=COUNTED)
    found = rows.order_by("name_py", "branch_key", "pk").values(*FIELDS)[:51]
    return render(request, "members.html", {"members": found})


@login_not_required
def healthz(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok")


urlpatterns = [path("members/", members), path("healthz", healthz)]
