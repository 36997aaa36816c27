from django.urls import path

from baolei.kernel.pages.records import record_urls
from baolei.reviews import closing_pages, goal_pages, pages, proposal_pages

app_name = "reviews"

urlpatterns = [
    *record_urls("reviews/debriefs", pages.DebriefList),
    *record_urls("reviews/appraisals", pages.AppraisalList),
    path("reviews/board/", closing_pages.RoundBoard.as_view(), name="board"),
    path("reviews/not-begun/", closing_pages.NotBegun.as_view(), name="not_begun"),
    path("reviews/to-close/", closing_pages.ToClose.as_view(), name="to_close"),
    path("reviews/to-close/<uuid:uid>/", closing_pages.ClosingPage.as_view(), name="closing"),
    path("reviews/rounds/open/<uuid:uid>/", pages.RoundOpen.as_view(), name="open"),
    path("reviews/rounds/<uuid:uid>/<slug:step>/", pages.RoundStep.as_view(), name="step"),
    *record_urls("reviews/rounds", pages.RoundList, detail=pages.RoundDetail),
    path("reviews/findings/<uuid:uid>/", pages.FindingPage.as_view(), name="finding"),
    path("reviews/findings/<uuid:uid>/<slug:step>/", proposal_pages.Put.as_view(), name="put"),
    path("reviews/proposals/<uuid:uid>/<slug:step>/", proposal_pages.ProposalStep.as_view(), name="proposal"),
    path("reviews/goals/members/<uuid:uid>/", goal_pages.MemberGoals.as_view(), name="goals"),
    path("reviews/goals/<uuid:uid>/", goal_pages.GoalPage.as_view(), name="goal"),
    path("reviews/goals/<uuid:uid>/agree/", goal_pages.GoalAgree.as_view(), name="goal_agree"),
    path("reviews/members/<uuid:uid>/", pages.MemberFindings.as_view(), name="findings"),
]
