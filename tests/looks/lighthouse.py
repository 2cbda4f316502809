"""`make lighthouse`: each type of page as Lighthouse sees it on a phone. Fails below the limits.

Prints a line for each page, and what cost it a mark. A page that Lighthouse gives no report of is asked once
more and then told, and the others still get theirs. Performance hangs on what else the machine does: a page
below its limit is measured up to three times, and the best counts. All other marks are those of the last run.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import urllib.request
from pathlib import Path

from tests.looks.served import newsroom

CLI = Path(__file__).parents[1] / "lighthouse" / "node_modules" / "lighthouse" / "cli" / "index.js"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
LIMITS = {"performance": 98, "accessibility": 100, "best-practices": 100, "seo": 100}
# Lighthouse gives no marks to pages that answer with an error.
LEFT_OUT = {"not found", "gone"}
# These ask search engines to stay away, on purpose.
UNLISTED = {"search", "seen", "report", "correction"}
FLAGS = "--headless=new --no-sandbox --disable-gpu --disable-background-networking"
PLACES = 3  # that are named of what costs a mark
RUNS = 3  # of a page whose performance is below its limit
LOADING = 90  # seconds until a page must have come to rest
LONGEST = 240  # seconds of a run


class NoReport(Exception):
    """Lighthouse says nothing of a page."""


def report_on(address: str, browser: str, *, is_listed: bool) -> dict:
    """What Lighthouse says of a page that was asked for once before, as of a site that is in use."""
    urllib.request.urlopen(address, timeout=60).close()
    command = ["node", str(CLI), address, "--quiet", "--output=json", f"--chrome-flags={FLAGS}"]
    command += [f"--only-categories={','.join(LIMITS)}", f"--max-wait-for-load={LOADING * 1000}"]
    if not is_listed:
        command.append("--skip-audits=is-crawlable")
    environment = {**os.environ, "CHROME_PATH": browser}
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, env=environment, timeout=LONGEST
        )
    except subprocess.TimeoutExpired:
        raise NoReport(f"no answer within {LONGEST} s") from None
    try:
        report = json.loads(done.stdout)
    except ValueError:
        raise NoReport(done.stderr.strip()[-300:] or f"exit {done.returncode}") from None
    if "runtimeError" in report:
        raise NoReport(report["runtimeError"]["message"])
    return report


def marks_of(report: dict) -> dict[str, float]:
    """The four marks out of 100, and the layout shift."""
    found = {name: round(100 * (report["categories"][name]["score"] or 0)) for name in LIMITS}
    return found | {"shift": report["audits"]["cumulative-layout-shift"]["numericValue"]}


def costs_of(report: dict) -> list[str]:
    """What took marks away, and where."""
    return [
        " ".join([f"{name}: {audit['title']}", audit.get("displayValue", ""), *places_of(audit)]).rstrip()
        for name in LIMITS
        for one in report["categories"][name]["auditRefs"]
        if (audit := report["audits"][one["id"]])
        and one["weight"]
        and audit["score"] is not None
        and audit["score"] < 0.9
    ]


def places_of(audit: dict) -> list[str]:
    """The first places in the page that an audit is about."""
    items = (audit.get("details") or {}).get("items") or []
    nodes = (item["node"] for item in items if isinstance(item.get("node"), dict))
    return [f"[{node.get('selector', '')}]" for node in list(nodes)[:PLACES]]


def faults_of(marks: dict[str, float]) -> list[str]:
    below = [name for name, least in LIMITS.items() if marks[name] < least]
    return [*below, *(["shift"] if marks["shift"] else [])]


def measured(address: str, browser: str, *, is_listed: bool) -> tuple[dict[str, float], list[str], int]:
    """The marks of a page, what took some away, and how many runs it took."""
    best, failed = 0.0, 0
    for run in range(1, RUNS + 1):
        try:
            report = report_on(address, browser, is_listed=is_listed)
        except NoReport:
            failed += 1
            if failed > 1 or run == RUNS:
                raise
            continue
        marks = marks_of(report)
        marks["performance"] = best = max(best, marks["performance"])
        if faults_of(marks) != ["performance"]:
            break
    return marks, costs_of(report), run


def main() -> int:
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None or not CLI.exists():
        raise SystemExit("This needs Chromium, and Lighthouse in tests/lighthouse (`make lighthouse`).")
    wanted = sys.argv[1:]
    below = []
    print(f"{'page':28}" + "".join(f"{name:>16}" for name in [*LIMITS, "shift", "runs"]), flush=True)
    with newsroom() as (site, pages):
        for name, path in pages.items():
            if name in LEFT_OUT or (wanted and name not in wanted):
                continue
            try:
                marks, costs, runs = measured(site + path, browser, is_listed=name not in UNLISTED)
            except NoReport as error:
                print(f"{name:28}  no report: {error}", flush=True)
                below.append(name)
                continue
            print(f"{name:28}" + "".join(f"{one:>16.4g}" for one in [*marks.values(), runs]), flush=True)
            for cost in costs:
                print(f"    {cost}", flush=True)
            if faults_of(marks):
                below.append(name)
    print(f"Below the limits: {', '.join(below)}" if below else "Every page is within the limits.")
    return 1 if below else 0


if __name__ == "__main__":
    sys.exit(main())
