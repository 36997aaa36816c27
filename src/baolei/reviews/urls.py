from django.urls import path

from baolei.kernel.pages.records import record_urls
from baolei.reviews import pages

app_name = "reviews"

urlpatterns = [
    *record_urls("reviews/debriefs", pages.DebriefList),
    *record_urls("reviews/appraisals", pages.AppraisalList),
    path("reviews/rounds/open/<uuid:uid>/", pages.RoundOpen.as_view(), name="open"),
    path("reviews/rounds/<uuid:uid>/<slug:step>/", pages.RoundStep.as_view(), name="step"),
    *record_urls("reviews/rounds", pages.RoundList, detail=pages.RoundDetail),
    path("reviews/findings/<uuid:uid>/", pages.FindingPage.as_view(), name="finding"),
    path("reviews/members/<uuid:uid>/", pages.MemberFindings.as_view(), name="findings"),
]
