from django.urls import path

from baolei.portal.pages import console, public

app_name = "portal"
urlpatterns = [
    path("", public.home, name="home"),
    path("lookback/", public.lookback, name="lookback"),
    path("lookback/<uuid:uid>/", public.article, name="article"),
    path("lookback/<uuid:uid>/<str:code>/", public.figure, name="figure"),
    path("editions/", console.edition_list, name="editions"),
    path("editions/preview/", console.preview, name="preview"),
    path("editions/release/", console.release, name="release"),
    path("editions/<uuid:uid>/", console.edition, name="edition"),
    path("editions/<uuid:uid>/withdraw/", console.withdraw, name="withdraw"),
]
