"""The settings of the production server: `gunicorn --config config/gunicorn.py`. See docs/settings.md."""

import os

_host = os.environ.get("HOST", "127.0.0.1")
_port = os.environ.get("PORT", "8000")
_address = f"[{_host}]:{_port}" if ":" in _host else f"{_host}:{_port}"

wsgi_app = "config.wsgi"
bind = _address
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
threads = int(os.environ.get("WEB_THREADS", "4"))
loglevel = "warning"
accesslog = None
# Django is loaded once, before the processes part.
preload_app = True
# Nothing is written outside var/.
control_socket_disable = True


def when_ready(server) -> None:
    """Say where the site is once it answers there."""
    print(f"\nIbid is at http://{_address}/ (Ctrl-C stops it)", flush=True)
