"""`make bench-verify`: what `manage.py verify_citations` costs, in time and in memory.

A catalog of its own with 100,000 passages and as many citations, checked by the command, and read row by
row by Django without checking anything; then one of a tenth of the size, to see whether memory grows.
Each step runs in a process of its own. Prints CPU time and peak memory; exits 1 beyond the limits, and
when damage is found.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import django
from django.apps import apps
from django.core.management import call_command

from catalog.capture import sha256_of

PASSAGES = 100_000
PER_SNAPSHOT = 100
WORDS = 10  # of a passage; a text of 100 of them has about 6,500 characters
LIMITS = {"time": 10.0, "memory": 1.25}


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        small = in_database(Path(folder) / "small.sqlite3", PASSAGES // 10)
        large = in_database(Path(folder) / "large.sqlite3", PASSAGES)
    print(f"{'':<28}{'CPU time':>9}{'peak memory':>14}")
    for name, (seconds, megabytes) in {
        f"read, {PASSAGES:,} passages": large["read"],
        f"verify, {PASSAGES:,} passages": large["verify"],
        f"verify, {PASSAGES // 10:,} passages": small["verify"],
    }.items():
        print(f"{name:<28}{seconds:7.1f} s{megabytes:11.0f} MB")
    ratios = {
        "time": large["verify"][0] / large["read"][0],
        "memory": large["verify"][1] / small["verify"][1],
    }
    print(f"verify to read: {ratios['time']:.1f} × the time (at most {LIMITS['time']:g})")
    print(f"ten times the rows: {ratios['memory']:.2f} × the memory (at most {LIMITS['memory']:g})")
    failed = any(ratio > LIMITS[name] for name, ratio in ratios.items())
    if failed:
        print("Beyond its limit.")
    return int(failed)


def in_database(path: Path, passages: int) -> dict[str, tuple[float, float]]:
    """CPU seconds and peak megabytes of reading and of verifying a new database with so many passages."""
    env = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "IBID_ENV": "demo",
        "IBID_VAR": str(path.parent),
        "DATABASE_URL": f"sqlite:///{path}",
    }
    measured = {}
    for what in ("build", "read", "verify"):
        command = [sys.executable, "-m", "tests.scale.bench_verify", what, str(passages)]
        done = subprocess.run(command, env=env, check=True, stdout=subprocess.PIPE, text=True)
        if what != "build":
            seconds, megabytes = done.stdout.split()[-2:]
            measured[what] = float(seconds), float(megabytes)
    return measured


def build(passages: int) -> None:
    """Sources of one text and 100 passages each; each passage is cited by a statement of its season."""
    call_command("migrate", verbosity=0)
    model = {name: apps.get_model("catalog", name) for name in ("Series", "Season", "Source", "Snapshot")}
    series = model["Series"].objects.create(slug="series", title="Series")
    for number in range(passages // PER_SNAPSHOT):
        source = model["Source"].objects.create(slug=f"source-{number}", title=f"Source {number}")
        quotes = [
            " ".join(f"w{number}x{index}x{word}" for word in range(WORDS)) for index in range(PER_SNAPSHOT)
        ]
        text = " ".join(quotes)
        snapshot = model["Snapshot"].objects.create(
            source=source,
            text=text,
            sha256=sha256_of(text),
            length=len(text),
            captured_at=datetime.now(UTC),
            method="file",
        )
        season = model["Season"].objects.create(series=series, number=number)
        cite(season, snapshot, quotes)


def cite(season, snapshot, quotes: list[str]) -> None:
    """A passage for each quote of the text, a statement for each, and the citation between them."""
    model = {name: apps.get_model("catalog", name) for name in ("Passage", "Statement", "Citation")}
    content_type = apps.get_model("contenttypes", "ContentType").objects.get_for_model(model["Statement"])
    passages, start = [], 0
    for number, quote in enumerate(quotes, start=1):
        passages.append(
            model["Passage"](
                source=snapshot.source,
                number=number,
                snapshot=snapshot,
                start=start,
                end=start + len(quote),
                exact=quote,
                sha256=sha256_of(quote),
                excerpt=quote,
                state="verified",
            )
        )
        start += len(quote) + 1
    passages = model["Passage"].objects.bulk_create(passages)
    statements = model["Statement"].objects.bulk_create(
        model["Statement"](season=season, label=f"Label {number}", value=quote)
        for number, quote in enumerate(quotes)
    )
    model["Citation"].objects.bulk_create(
        model["Citation"](
            passage=passage,
            content_type=content_type,
            object_id=statement.pk,
            field="value",
            checked_value=statement.value,
        )
        for passage, statement in zip(passages, statements, strict=True)
    )


def read() -> None:
    """Every row with its text, one after the other as Django gives it, without looking at it."""
    for name in ("Snapshot", "Passage", "Citation", "Statement"):
        for _row in apps.get_model("catalog", name).objects.iterator(1000):
            pass


def step(what: str, passages: int) -> None:
    django.setup()
    started = time.process_time()
    if what == "build":
        build(passages)
    elif what == "read":
        read()
    else:
        call_command("verify_citations", skip_checks=True)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{time.process_time() - started:.3f} {peak:.1f}")


if __name__ == "__main__":
    if len(sys.argv) == 3:
        step(sys.argv[1], int(sys.argv[2]))
    else:
        sys.exit(main())
