"""The addresses: each area brings its own."""

from importlib.util import find_spec

from django.urls import include, path

from baolei.config.desk import Desk
from baolei.config.health import healthz
from baolei.config.menu import home

AREAS = (
    *("accounts", "organizations", "members", "posts", "standards", "projects", "assistance", "meetings"),
    *(
        "training",
        "development",
        "transfers",
        "disposals",
        "coverage",
        "community",
        "inspections",
        "reviews",
        "honours",
    ),
    *("portal", "province", "kernel"),
)

urlpatterns = [path("healthz", healthz, name="healthz"), path("console/", home, name="console")]
urlpatterns += [path("desk/", Desk.as_view(), name="desk")]
urlpatterns += [
    path("", include(f"baolei.{area}.urls")) for area in AREAS if find_spec(f"baolei.{area}.urls")
]
