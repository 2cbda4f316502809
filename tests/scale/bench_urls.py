"""The site's addresses and two more, for `make bench-pages`."""

import os
from functools import cache
from pathlib import Path

from django.http import HttpRequest, HttpResponse
from django.urls import path

from config.urls import urlpatterns as site


@cache
def page() -> bytes:
    return Path(os.environ["IBID_BENCH_PAGE"]).read_bytes()


def constant(request: HttpRequest) -> HttpResponse:
    """The same bytes every time: what the server and the middleware cost by themselves."""
    return HttpResponse(page())


def worker(request: HttpRequest) -> HttpResponse:
    """The number of the process that answers."""
    return HttpResponse(str(os.getpid()), content_type="text/plain")


urlpatterns = [path("bench/constant/", constant), path("bench/worker/", worker), *site]
