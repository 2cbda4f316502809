"""`make lighthouse`: each type of page as Lighthouse sees it on a phone. Fails below the limits."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.looks.served import newsroom

CLI = Path(__file__).parents[1] / "lighthouse" / "node_modules" / "lighthouse" / "cli" / "index.js"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
LIMITS = {"performance": 98, "accessibility": 100, "best-practices": 100, "seo": 100}
# Lighthouse gives no marks to pages that answer with an error.
LEFT_OUT = {"not found", "gone"}
# These ask search engines to stay away, on purpose.
UNLISTED = {"search", "seen", "report"}


def marks(address: str, browser: str, *, is_listed: bool) -> dict[str, float]:
    """The four marks out of 100, and the layout shift."""
    flags = "--headless=new --no-sandbox --disable-gpu --disable-background-networking"
    command = ["node", str(CLI), address, "--quiet", "--output=json", f"--chrome-flags={flags}"]
    command.append(f"--only-categories={','.join(LIMITS)}")
    if not is_listed:
        command.append("--skip-audits=is-crawlable")
    environment = {**os.environ, "CHROME_PATH": browser}
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    report = json.loads(done.stdout)
    found = {name: round(100 * (report["categories"][name]["score"] or 0)) for name in LIMITS}
    for name in LIMITS:
        for one in report["categories"][name]["auditRefs"]:
            audit = report["audits"][one["id"]]
            if one["weight"] and audit["score"] is not None and audit["score"] < 0.9:
                print(f"    {name}: {audit['title']} {audit.get('displayValue', '')}")
    return found | {"shift": report["audits"]["cumulative-layout-shift"]["numericValue"]}


def main() -> int:
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None or not CLI.exists():
        raise SystemExit("This needs Chromium, and Lighthouse in tests/lighthouse (`make lighthouse`).")
    wanted = sys.argv[1:]
    below = []
    print(f"{'page':28}" + "".join(f"{name:>16}" for name in [*LIMITS, "shift"]))
    with newsroom() as (site, pages):
        for name, path in pages.items():
            if name in LEFT_OUT or (wanted and name not in wanted):
                continue
            found = marks(site + path, browser, is_listed=name not in UNLISTED)
            print(f"{name:28}" + "".join(f"{value:>16.4g}" for value in found.values()), flush=True)
            if found["shift"] or any(found[one] < least for one, least in LIMITS.items()):
                below.append(name)
    if below:
        print(f"Below the limits: {', '.join(below)}")
    return 1 if below else 0


if __name__ == "__main__":
    sys.exit(main())
