"""Databases for `make bench-tables`: made once, and copied for each step."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import psycopg

_DEFAULT = "postgres://postgres@127.0.0.1:5432/postgres"


class Bench:
    """One kind of database, with what the rows name in it, and once with the rows themselves."""

    name: str

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._filled_with = ""

    def answers(self) -> bool:
        return True

    def url(self, which: str) -> str:
        raise NotImplementedError

    def copy(self, source: str, target: str) -> None:
        """Make the database `target` one that is like `source`; "" is an empty one."""
        raise NotImplementedError

    def build(self) -> None:
        self.copy("", "base")
        self._run("build", "", "base")

    def measure(self, step: str, table: str) -> tuple[float, float]:
        """Seconds and peak megabytes of one step on a database made for it."""
        if step.endswith("-out") and self._filled_with != table:
            self.copy("base", "filled")
            self._run("floor-in", table, "filled")
            self._filled_with = table
        self.copy("filled" if step.endswith("-out") else "base", "work")
        seconds, megabytes = self._run(step, table, "work").split()[-2:]
        return float(seconds), float(megabytes)

    def _run(self, step: str, table: str, which: str) -> str:
        env = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "IBID_ENV": "demo",
            "IBID_VAR": str(self.folder),
            "DATABASE_URL": self.url(which),
        }
        command = [sys.executable, "-m", "tests.scale.bench_tables_steps", step, str(self.folder / table)]
        return subprocess.run(command, env=env, check=True, stdout=subprocess.PIPE, text=True).stdout


class SQLite(Bench):
    name = "SQLite"

    def url(self, which: str) -> str:
        return f"sqlite:///{self._path(which)}"

    def copy(self, source: str, target: str) -> None:
        for suffix in ("", "-wal", "-shm"):
            there = self._path(target + suffix)
            there.unlink(missing_ok=True)
            if source and self._path(source + suffix).exists():
                shutil.copyfile(self._path(source + suffix), there)

    def _path(self, which: str) -> Path:
        name, _dash, suffix = which.partition("-")
        return self.folder / f"{name}.sqlite3{'-' if suffix else ''}{suffix}"


class PostgreSQL(Bench):
    name = "PostgreSQL"

    def __init__(self, folder: Path, server: str | None) -> None:
        super().__init__(folder)
        self._server = server or _DEFAULT

    def answers(self) -> bool:
        try:
            psycopg.connect(self._server, connect_timeout=5).close()
        except psycopg.OperationalError:
            return False
        return True

    def url(self, which: str) -> str:
        return f"{self._server.rpartition('/')[0]}/{self._database(which)}"

    def copy(self, source: str, target: str) -> None:
        like = f" TEMPLATE {self._database(source)}" if source else ""
        with psycopg.connect(self._server, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {self._database(target)} WITH (FORCE)")
            connection.execute(f"CREATE DATABASE {self._database(target)}{like}")

    def _database(self, which: str) -> str:
        return f"ibid_bench_tables_{which}"
