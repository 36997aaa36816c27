"""Settings of the bare view: the product's database and models, nothing of its pages."""

import os

from baolei.config.settings import *  # noqa: F403

STANDARD = os.environ.get("BENCH_STANDARD") == "1"
# It would put its own template loaders in place of the one below.
INSTALLED_APPS = [app for app in INSTALLED_APPS if app != "template_partials"]  # noqa: F405
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
] * STANDARD
ROOT_URLCONF = "bench.inside.bare"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.locmem.Loader",
                    {"members.html": os.environ.get("BENCH_TEMPLATE", "")},
                )
            ]
        },
    }
]
