"""`make bench-pages`: what an article page costs beyond the server that sends it.

The longest article of the demo newsroom, the same page asked for again by a reader who has it (304),
and a constant response of the same bytes, under one server process with one connection and the same
middleware, in alternating blocks. Prints the CPU time of the server's process per request and the
ratios to the constant response. Exits 1 beyond the limits.
"""

from __future__ import annotations

import http.client
import os
import re
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

BLOCKS = 12
REQUESTS_PER_BLOCK = 200
LIMITS = {"article, 200": 3.0, "article, 304": 2.0}
KINDS = ("recaps", "guides", "announcements", "reviews", "news")
TICK = 1 / os.sysconf("SC_CLK_TCK")

Request = tuple[str, dict[str, str], int]  # path, headers, expected status


def main() -> int:
    with tempfile.TemporaryDirectory() as folder, served(Path(folder)) as connection:
        page = longest_article(connection)
        response, body = get(connection, page)
        (Path(folder) / "page").write_bytes(body)
        pid = int(get(connection, "/bench/worker/")[1])
        cost = measure(
            connection,
            pid,
            {
                "constant, 200": ("/bench/constant/", {}, 200),
                "article, 200": (page, {}, 200),
                "article, 304": (page, {"If-None-Match": response.headers["ETag"]}, 304),
            },
        )
        print(f"{page}: {len(body):,} bytes, {BLOCKS * REQUESTS_PER_BLOCK} requests of each kind")
    return report(cost)


@contextmanager
def served(folder: Path) -> Iterator[http.client.HTTPConnection]:
    """A connection to a server of one process and one thread, with the demo newsroom in `folder`."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    env = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.scale.bench_settings",
        "IBID_ENV": "demo",
        "IBID_VAR": str(folder),
        "DATABASE_URL": f"sqlite:///{folder / 'ibid.sqlite3'}",
        "IBID_BENCH_PAGE": str(folder / "page"),
        "PORT": str(port),
        "HOST": "127.0.0.1",
    }
    subprocess.run([sys.executable, "manage.py", "demo"], env=env, check=True, stdout=subprocess.DEVNULL)
    command = [sys.executable, "-m", "gunicorn", "--config", "config/gunicorn.py"]
    options = ["--workers", "1", "--threads", "1", "--worker-class", "gthread", "--keep-alive", "60"]
    with subprocess.Popen([*command, *options], env=env, stdout=subprocess.PIPE, text=True) as server:
        try:
            while "http://" not in (line := server.stdout.readline()):
                if not line:
                    raise SystemExit("The server did not start.")
            yield http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        finally:
            server.terminate()


def get(
    connection: http.client.HTTPConnection, path: str, headers: dict[str, str] | None = None
) -> tuple[http.client.HTTPResponse, bytes]:
    connection.request("GET", path, headers=headers or {})
    response = connection.getresponse()
    return response, response.read()


def longest_article(connection: http.client.HTTPConnection) -> str:
    """The path of the article whose page has the most bytes."""
    paths = {
        path
        for kind in KINDS
        for path in re.findall(rf'href="(/{kind}/[^"/]+/)"', get(connection, f"/{kind}/")[1].decode())
    }
    return max(sorted(paths), key=lambda path: len(get(connection, path)[1]))


def measure(
    connection: http.client.HTTPConnection, pid: int, requests: dict[str, Request]
) -> dict[str, float]:
    """Seconds of the server's CPU time per request of each kind; a first block of each warms up."""
    spent = dict.fromkeys(requests, 0.0)
    for block in range(BLOCKS + 1):
        for name, (path, headers, status) in requests.items():
            before = cpu_seconds(pid)
            for _ in range(REQUESTS_PER_BLOCK):
                response, _body = get(connection, path, headers)
                if response.status != status:
                    raise SystemExit(f"{path} answered {response.status}, not {status}.")
            if block:
                spent[name] += cpu_seconds(pid) - before
    return {name: seconds / (BLOCKS * REQUESTS_PER_BLOCK) for name, seconds in spent.items()}


def cpu_seconds(pid: int) -> float:
    """User and system time of a process so far (proc(5), fields 14 and 15 of stat)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) * TICK


def report(cost: dict[str, float]) -> int:
    """Print the table; 1 when a ratio is beyond its limit."""
    base = cost["constant, 200"]
    failed = False
    for name, seconds in cost.items():
        ratio = seconds / base
        limit = LIMITS.get(name)
        failed = failed or (limit is not None and ratio > limit)
        verdict = f" (at most {limit:g})" if limit else ""
        print(f"{name:<15}{seconds * 1000:7.3f} ms CPU   {ratio:5.2f} ×{verdict}")
    if failed:
        print("Beyond its limit.")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
