from django.urls import path

from baolei.kernel.uploads import pages

app_name = "uploads"
urlpatterns = [
    path("", pages.UploadList.as_view(), name="list"),
    path("template/<str:sheet>/", pages.template, name="template"),
    path("<uuid:uid>/", pages.UploadDetail.as_view(), name="upload"),
    path("<uuid:uid>/marked/", pages.marked, name="marked"),
    path("<uuid:uid>/take/", pages.take, name="take"),
    path("<uuid:uid>/recheck/", pages.recheck, name="recheck"),
    path("<uuid:uid>/answer/", pages.UploadAnswer.as_view(), name="answer"),
    path("<uuid:uid>/undo/", pages.recall, name="recall"),
    path("<uuid:uid>/discard/", pages.discard, name="discard"),
]
"""Only who brought a file sees it: the addresses of others are absent."""
