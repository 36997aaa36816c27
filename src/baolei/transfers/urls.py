from baolei.kernel.pages.records import record_urls
from baolei.transfers import pages

app_name = "transfers"

urlpatterns = [
    *record_urls("transfers/transfers", pages.TransferList),
    *record_urls("transfers/pocket-cases", pages.PocketCaseList),
]
