from django.urls import path

from baolei.development import pages
from baolei.kernel.pages.records import record_urls

app_name = "development"

urlpatterns = [
    path("development/board/", pages.Board.as_view(), name="board"),
    path("development/apply/<uuid:uid>/", pages.Apply.as_view(), name="apply"),
    path("development/plans/<uuid:uid>/", pages.Plans.as_view(), name="plan"),
    path("development/notices/<uuid:uid>/", pages.NoticeSheet.as_view(), name="notice_sheet"),
    path("notices/<uuid:uid>/", pages.public_notice, name="notice"),
    path("application/<slug:slip>/", pages.own, name="own"),
    path("development/applicants/<uuid:uid>/slip/", pages.Slip.as_view(), name="slip"),
    path("development/applicants/<uuid:uid>/<slug:step>/", pages.ApplicantStep.as_view(), name="step"),
    *record_urls("development/applicants", pages.ApplicantList, detail=pages.ApplicantDetail),
]
