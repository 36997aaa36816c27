from baolei.kernel.pages.records import record_urls
from baolei.reviews import pages

app_name = "reviews"

urlpatterns = [
    *record_urls("reviews/debriefs", pages.DebriefList),
    *record_urls("reviews/appraisals", pages.AppraisalList),
]
