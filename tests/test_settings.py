"""Production refuses to start unsafely, and what it starts with is strict."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import cache

ROOT = Path(__file__).parent.parent
SOUND = {
    "IBID_ENV": "production",
    "SECRET_KEY": "a-secret-of-its-own-that-is-long-enough-to-pass-0123456789-abcdefghij",
    "ALLOWED_HOSTS": "www.example.org",
}
SHOW = """
import json
from django.conf import settings
names = ["SECURE_HSTS_SECONDS", "SECURE_SSL_REDIRECT", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "DEBUG"]
print(json.dumps({name: getattr(settings, name) for name in names}))
"""


def start(*command: str, **env: str) -> subprocess.CompletedProcess:
    """Run Python on the project with these variables and none of the caller's own settings."""
    own = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "IBID_VAR", "LANG"}}
    return subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env={**own, "DJANGO_SETTINGS_MODULE": "config.settings", **env},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY"),
        ({"SECRET_KEY": settings.DEMO_SECRET_KEY}, "SECRET_KEY"),
        ({"DEBUG": "true"}, "DEBUG"),
        ({"ALLOWED_HOSTS": ""}, "ALLOWED_HOSTS"),
        ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS"),
        ({"ALLOWED_HOSTS": "www.example.org,*"}, "ALLOWED_HOSTS"),
        ({"IBID_ENV": "prod"}, "IBID_ENV"),
        ({"SITE_URL": "www.example.org"}, "SITE_URL"),
        ({"DIGEST_HOUR": "24"}, "DIGEST_HOUR"),
    ],
)
def test_production_refuses_to_start_and_says_what_is_wrong(change, complaint):
    done = start("-c", "import config.wsgi", **{**SOUND, **change})
    assert done.returncode != 0
    last = done.stderr.strip().splitlines()[-1]
    assert "ImproperlyConfigured" in last
    assert complaint in last


def test_sound_production_settings_start_and_pass_djangos_checks_silently():
    done = start("manage.py", "check", "--deploy", "--fail-level", "WARNING", **SOUND)
    assert done.returncode == 0, done.stderr
    assert "no issues (0 silenced)" in done.stdout


def test_production_insists_on_https():
    shown = json.loads(start("-c", SHOW, **SOUND).stdout)
    assert shown == {
        "SECURE_HSTS_SECONDS": 365 * 24 * 3600,
        "SECURE_SSL_REDIRECT": True,
        "SESSION_COOKIE_SECURE": True,
        "CSRF_COOKIE_SECURE": True,
        "DEBUG": False,
    }


@pytest.mark.parametrize(
    ("env", "address"),
    [
        ({}, "http://127.0.0.1:8000"),
        ({"HOST": "::1", "PORT": "8001"}, "http://[::1]:8001"),
        (SOUND, "https://www.example.org"),
        ({**SOUND, "SITE_URL": "https://desk.example.org/"}, "https://desk.example.org"),
    ],
)
def test_mail_links_to_where_the_site_is_served(env, address):
    done = start("-c", "from django.conf import settings; print(settings.SITE_URL)", **env)
    assert done.stdout.strip() == address


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/admin/login/", "/no-such-page/"])
def test_every_page_carries_a_policy_that_allows_nothing_inline_and_no_other_host(client, path):
    policy = client.get(path).headers["Content-Security-Policy"]
    directives = dict(part.strip().partition(" ")[::2] for part in policy.split(";"))
    assert directives["default-src"] == "'none'"
    assert directives["script-src"] == "'self'"
    assert directives["style-src"] == "'self'"
    assert "unsafe" not in policy
    assert "http" not in policy


def test_the_cache_is_the_one_asked_for_and_keeps_what_it_is_given():
    asked = os.environ.get("CACHE_URL", "locmemcache://").partition("://")[0]
    backend = {"redis": "RedisCache", "locmemcache": "LocMemCache"}[asked]
    assert settings.CACHES["default"]["BACKEND"].endswith(backend)
    cache.set("ibid-test", {"a": [1, "ü"]}, 60)
    assert cache.get("ibid-test") == {"a": [1, "ü"]}


def test_the_database_is_the_one_asked_for():
    asked = os.environ.get("DATABASE_URL", "sqlite:///").partition(":")[0]
    vendor = settings.DATABASES["default"]["ENGINE"].rpartition(".")[2]
    assert {"sqlite": "sqlite3", "postgres": "postgresql", "postgresql": "postgresql"}[asked] == vendor
