from baolei.kernel.pages.records import record_urls
from baolei.meetings import pages

app_name = "meetings"

urlpatterns = [
    *record_urls("meetings", pages.MeetingList),
    *record_urls("study-campaigns", pages.StudyCampaignList),
]
