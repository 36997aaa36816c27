from baolei.assistance import pages
from baolei.kernel.pages.records import record_urls

app_name = "assistance"

urlpatterns = [
    *record_urls("assistance/postings", pages.PostingList),
    *record_urls("assistance/pairings", pages.PairingList),
    *record_urls("assistance/households", pages.HouseholdList),
    *record_urls("assistance/partners", pages.PartnerPairingList),
    *record_urls("assistance/participations", pages.ParticipationList),
]
