from django.urls import path

from baolei.portal.pages import complaining, complaints, console, public, search

app_name = "portal"
urlpatterns = [
    path("", public.home, name="home"),
    path("lookback/", public.lookback, name="lookback"),
    path("lookback/<uuid:uid>/", public.article, name="article"),
    path("lookback/<uuid:uid>/<str:code>/", public.figure, name="figure"),
    path("search/", search.find, name="search"),
    path("glossary/", search.glossary, name="glossary"),
    path("complaints/", complaining.slip, name="slip"),
    path("complaints/new/", complaining.complain, name="complain"),
    path("complaints/held/", complaints.ComplaintList.as_view(), name="complaint_list"),
    path("complaints/held/<uuid:uid>/", complaints.ComplaintDetail.as_view(), name="complaint"),
    path(
        "complaints/held/<uuid:uid>/history/",
        complaints.ComplaintHistory.as_view(),
        name="complaint_history",
    ),
    path("complaints/held/<uuid:uid>/answer/", complaints.Answer.as_view(), name="answer"),
    path("complaints/held/<uuid:uid>/pass-on/", complaints.PassOn.as_view(), name="pass_on"),
    path("corrections/", complaining.corrections, name="corrections"),
    path("editions/", console.edition_list, name="editions"),
    path("editions/preview/", console.preview, name="preview"),
    path("editions/release/", console.release, name="release"),
    path("editions/<uuid:uid>/", console.edition, name="edition"),
    path("editions/<uuid:uid>/withdraw/", console.withdraw, name="withdraw"),
]
