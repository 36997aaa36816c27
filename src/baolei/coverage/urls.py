from baolei.coverage import pages
from baolei.kernel.pages.records import record_urls

app_name = "coverage"

urlpatterns = [
    *record_urls("coverage/counts", pages.CountList),
    *record_urls("coverage/demonstration-posts", pages.DemonstrationPostList),
    *record_urls("coverage/kits", pages.KitList),
]
