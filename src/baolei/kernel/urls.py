"""Addresses of the kernel: the gallery of components."""

from django.urls import include, path

urlpatterns = [path("_ui/", include("baolei.kernel.ui.urls"))]
