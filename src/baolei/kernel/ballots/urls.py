from django.urls import path

from baolei.kernel.ballots import pages

app_name = "ballots"
urlpatterns = [path("", pages.ballot, name="ballot")]
