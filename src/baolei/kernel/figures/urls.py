from django.urls import path

from baolei.kernel.figures import pages

app_name = "figures"
urlpatterns = [
    path("", pages.overview, name="overview"),
    path("<str:code>.json", pages.figure_json, name="json"),
    path("<str:code>.xlsx", pages.figure_xlsx, name="xlsx"),
    path("<str:code>/rows/", pages.rows_page, name="rows"),
    path("<str:code>/", pages.figure_page, name="figure"),
]
