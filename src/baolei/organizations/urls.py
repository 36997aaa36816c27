from django.urls import path

from baolei.kernel.api import lists
from baolei.organizations import change_pages, pages

app_name = "organizations"

urlpatterns = [
    path("organizations/", pages.Tree.as_view(), name="tree"),
    path("organizations/list/", pages.OrganizationList.as_view(), name="list"),
    path("organizations/export/", pages.OrganizationExport.as_view(), name="export"),
    path("organizations/<uuid:uid>/", pages.OrganizationDetail.as_view(), name="detail"),
    path("organizations/<uuid:uid>/history/", pages.OrganizationHistory.as_view(), name="history"),
    path("organizations/<uuid:uid>/changes/", change_pages.OrganizationChanges.as_view(), name="changes"),
    *(
        path(f"organizations/<uuid:uid>/{page.name}/", page.as_view(), name=page.name)
        for page in change_pages.PAGES
    ),
    path("api/v1/organizations/", lists.rows, {"name": "organizations"}, name="api_rows"),
    path("api/v1/organizations/<str:code>/", lists.row, {"name": "organizations"}, name="api_row"),
]
