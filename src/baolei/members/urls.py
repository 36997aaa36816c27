from django.urls import path

from baolei.members import cards, pages

app_name = "members"

urlpatterns = [
    path("cards/<slug:code>/", cards.scanned, name="card"),
    path("members/<uuid:uid>/card/", cards.CardPage.as_view(), name="make_card"),
    path("members/", pages.MemberList.as_view(), name="list"),
    path("members/search/", pages.MemberSearch.as_view(), name="search"),
    path("members/export/", pages.MemberExport.as_view(), name="export"),
    path("members/me/", pages.MyPage.as_view(), name="my_file"),
    path("members/<uuid:uid>/", pages.MemberDetail.as_view(), name="detail"),
    path("members/<uuid:uid>/reveal/", pages.MemberReveal.as_view(), name="reveal"),
]
