from baolei.honours import pages
from baolei.kernel.pages.records import record_urls

app_name = "honours"

urlpatterns = [
    *record_urls("honours/milestones", pages.MilestoneList),
    *record_urls("honours/adoptions", pages.AdoptionList),
]
