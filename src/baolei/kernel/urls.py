"""The kernel's own pages: ballots, figures, uploads, the interface, and the gallery of components."""

from django.urls import include, path

urlpatterns = [
    path("ballot/", include("baolei.kernel.ballots.urls")),
    path("imports/", include("baolei.kernel.uploads.urls")),
    path("exports/", include("baolei.kernel.exports.urls")),
    path("figures/", include("baolei.kernel.figures.urls")),
    path("api/v1/", include("baolei.kernel.api.urls")),
    path("_ui/", include("baolei.kernel.ui.urls")),
]
