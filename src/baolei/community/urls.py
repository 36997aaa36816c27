from baolei.community import pages
from baolei.kernel.pages.records import record_urls

app_name = "community"

urlpatterns = [
    *record_urls("community/checkins", pages.CheckInList),
    *record_urls("community/services", pages.ServiceRecordList),
    *record_urls("community/needs", pages.NeedList),
]
