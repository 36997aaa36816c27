from django.urls import path

from baolei.kernel.api import figures, lists, openapi

app_name = "api"
urlpatterns = [
    path("openapi.json", openapi.document, name="openapi"),
    path("figures/", figures.figure_list, name="figures"),
    path("figures/<str:code>/", figures.figure_value, name="figure"),
    path("figures/<str:code>/children/", figures.figure_children, name="children"),
    path("lists/<str:name>/", lists.rows, name="rows"),
]
