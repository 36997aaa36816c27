from baolei.inspections import pages
from baolei.kernel.pages.records import record_urls

app_name = "inspections"

urlpatterns = [
    *record_urls("inspections/visits", pages.VisitList),
    *record_urls("inspections/weak", pages.WeakOrganizationList),
]
