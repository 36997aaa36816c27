from django.urls import path

from baolei.disposals import pages

app_name = "disposals"

urlpatterns = [
    path("disposals/", pages.DisposalList.as_view(), name="disposal_list"),
    path("disposals/open/<uuid:uid>/", pages.OpenDisposal.as_view(), name="open"),
    path("disposals/members/<uuid:uid>/", pages.MemberDisposals.as_view(), name="of_member"),
    path("disposals/<uuid:uid>/", pages.DisposalDetail.as_view(), name="disposal"),
    path("disposals/<uuid:uid>/<slug:step>/", pages.DisposalStep.as_view(), name="step"),
]
