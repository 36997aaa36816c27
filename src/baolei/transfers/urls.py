from django.urls import path

from baolei.kernel.pages.records import record_urls
from baolei.transfers import pages

app_name = "transfers"

urlpatterns = [
    path("transfers/queue/", pages.TransferQueue.as_view(), name="queue"),
    path("transfers/ask/<uuid:uid>/", pages.TransferAsk.as_view(), name="ask"),
    path("transfers/transfers/<uuid:uid>/paper/", pages.TransferLetter.as_view(), name="letter"),
    path("transfers/transfers/<uuid:uid>/<slug:step>/", pages.TransferStep.as_view(), name="step"),
    *record_urls("transfers/transfers", pages.TransferList, detail=pages.TransferDetail),
    path("transfers/pocket-cases/<uuid:uid>/<slug:step>/", pages.PocketCaseStep.as_view(), name="case_step"),
    *record_urls("transfers/pocket-cases", pages.PocketCaseList, detail=pages.PocketCaseDetail),
]
