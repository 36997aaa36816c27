from baolei.kernel.pages.records import record_urls
from baolei.standards import pages

app_name = "standards"

urlpatterns = [
    *record_urls("standards/readings", pages.ReadingList),
    *record_urls("standards/pays", pages.PayList),
    *record_urls("standards/thresholds", pages.ThresholdList),
    *record_urls("standards/facilities", pages.FacilityList),
    *record_urls("standards/marks", pages.MarkList),
]
