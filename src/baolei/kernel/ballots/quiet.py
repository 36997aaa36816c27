"""What keeps the address of ballots from leaving traces: nobody is known there, and nothing is logged of it."""

import logging
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

ROOT = "/ballot/"


class Nobody:
    """Who casts a ballot is nobody, even on a computer where somebody has signed in: no session is read or touched."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith(ROOT):
            request.COOKIES.pop(settings.SESSION_COOKIE_NAME, None)
        return self.get_response(request)


class SayNothing(logging.Filter):
    """Drops every line about a request for a ballot: a line has a time."""

    def filter(self, record: logging.LogRecord) -> bool:
        request = getattr(record, "request", None)
        return not getattr(request, "path_info", "").startswith(ROOT)
