"""The gallery of components; included at `/_ui/`."""

from django.urls import path

from baolei.kernel.ui.gallery import gallery, public_gallery

urlpatterns = [
    path("", gallery, name="ui_gallery"),
    path("public/", public_gallery, name="ui_gallery_public"),
]
