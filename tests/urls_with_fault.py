"""The site's addresses and one more, whose view fails: for looking at the page of errors."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import path

from config.urls import urlpatterns as site


def fail(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("failing on purpose")


urlpatterns = [*site, path("fault/", fail)]
