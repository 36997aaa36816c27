from django.urls import path

from baolei.kernel.exports import pages

app_name = "exports"
urlpatterns = [
    path("", pages.RequestList.as_view(), name="list"),
    path("<uuid:uid>/", pages.RequestDetail.as_view(), name="request"),
    path("<uuid:uid>/agree/", pages.agree, name="agree"),
    path("<uuid:uid>/refuse/", pages.refuse, name="refuse"),
    path("<uuid:uid>/take/", pages.take, name="take"),
]
"""Who asked, and who may agree, see a request; for others its address is absent."""
