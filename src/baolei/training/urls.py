from baolei.kernel.pages.records import record_urls
from baolei.training import pages

app_name = "training"

urlpatterns = [
    *record_urls("training/bases", pages.BaseList),
    *record_urls("training/sessions", pages.SessionList),
    *record_urls("training/attendances", pages.AttendanceList),
    *record_urls("training/groups", pages.GroupList),
    *record_urls("training/reports", pages.ReportList),
]
