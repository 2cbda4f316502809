"""The WSGI application that gunicorn serves. It is not served while anybody could import who should not."""

import os

from django.core.checks import run_checks
from django.core.management.base import SystemCheckError
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

application = get_wsgi_application()

# Of a server, Django itself checks nothing.
_errors = [error for error in run_checks(tags=["tables"], databases=["default"]) if error.is_serious()]
if _errors:
    raise SystemCheckError("\n".join(map(str, _errors)))
