from django.urls import path

from baolei.kernel.pages.records import record_urls
from baolei.transfers import pages, report_pages

app_name = "transfers"

urlpatterns = [
    path("transfers/queue/", pages.TransferQueue.as_view(), name="queue"),
    path("transfers/hints/", pages.HintQueue.as_view(), name="hint_list"),
    path("transfers/hints/<uuid:uid>/", pages.HintDetail.as_view(), name="hint"),
    path("transfers/hints/<uuid:uid>/<slug:step>/", pages.HintStep.as_view(), name="hint_step"),
    path("report-in/", report_pages.slip, name="report_slip"),
    path("report-in/<uuid:uid>/", report_pages.report_in, name="report_in"),
    path("transfers/posters/<uuid:uid>/", report_pages.Poster.as_view(), name="poster"),
    path("transfers/reports/<uuid:uid>/<slug:step>/", report_pages.ReportStep.as_view(), name="report_step"),
    *record_urls("transfers/reports", report_pages.ReportList, detail=report_pages.ReportDetail),
    path("letters/<slug:code>/", pages.check, name="check"),
    path("transfers/arrive/<uuid:uid>/", pages.Arrive.as_view(), name="arrive"),
    path("transfers/ask/<uuid:uid>/", pages.TransferAsk.as_view(), name="ask"),
    path("transfers/transfers/<uuid:uid>/paper/", pages.TransferLetter.as_view(), name="letter"),
    path("transfers/transfers/<uuid:uid>/<slug:step>/", pages.TransferStep.as_view(), name="step"),
    *record_urls("transfers/transfers", pages.TransferList, detail=pages.TransferDetail),
    path("transfers/pocket-cases/<uuid:uid>/<slug:step>/", pages.PocketCaseStep.as_view(), name="case_step"),
    *record_urls("transfers/pocket-cases", pages.PocketCaseList, detail=pages.PocketCaseDetail),
    path("transfers/float/<uuid:uid>/", pages.FloatingRegister.as_view(), name="float"),
    path("transfers/floating/<uuid:uid>/<slug:step>/", pages.FloatingStep.as_view(), name="floating_step"),
    *record_urls("transfers/floating", pages.FloatingList, detail=pages.FloatingDetail),
]
