"""The directions that modules import in, and what stands nowhere in the code or the templates."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
APPS = ("catalog", "editorial", "config")
# What an app may import besides itself.
MAY_IMPORT = {"catalog": set(), "editorial": {"catalog"}, "config": {"catalog", "editorial"}}
# Within an app: what answers people and files stands on actions, and these on everything else.
ACTIONS = {"actions"}
OUTER = {
    "admin",
    "bundles",
    "demo",
    "downloads",
    "exports",
    "feeds",
    "forms",
    "imports",
    "json_pages",
    "management",
    "preview_views",
    "public_bundles",
    "report_views",
    "resources",
    "search_views",
    "seen_views",
    "sitemaps",
    "style",
    "tables",
    "templatetags",
    "urls",
    "views",
}
TRUSTED_HTML = ROOT / "editorial" / "prose" / "compile.py"
# Written in two parts, so that this file does not hold what it looks for.
FORBIDDEN = re.compile(
    "|".join(
        re.escape(start + end)
        for start, end in [
            ("..", "/shared"),
            ("/work", "/"),
            ("/root", "/"),
            ("pypi", ".org"),
            ("python", "hosted.org"),
            ("registry.", "npmjs"),
            ("pkg", ".dev"),
        ]
    )
)
GENERATED = {"var", "node_modules", "test-results", "__pycache__"}


def project_files(*suffixes: str) -> Iterator[Path]:
    """The project's own files: neither hidden ones nor what tools make, except those of `.ci`."""
    for folder, folders, names in os.walk(ROOT):
        folders[:] = [
            name for name in folders if name == ".ci" or not (name in GENERATED or name.startswith("."))
        ]
        for name in names:
            if name.endswith(suffixes):
                yield Path(folder, name)


def code_of(*apps: str) -> list[Path]:
    return [path for path in project_files(".py") if path.relative_to(ROOT).parts[0] in apps]


def templates() -> list[Path]:
    return [path for path in project_files(".html") if "templates" in path.parts]


def imports_of(path: Path) -> Iterator[str]:
    """The dotted names that a module imports, `from a import b` as `a.b`."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports by a relative name"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def level(name: str) -> int:
    if name in OUTER:
        return 2
    return 1 if name in ACTIONS else 0


def shown(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_apps_import_in_one_direction():
    wrong = [
        f"{shown(path)} imports {name}"
        for app in APPS
        for path in code_of(app)
        for name in imports_of(path)
        if name.split(".")[0] in {*APPS, "tests"} - {app} - MAY_IMPORT[app]
    ]
    assert wrong == []


def test_within_an_app_nothing_imports_what_stands_on_it():
    wrong = [
        f"{shown(path)} imports {name}"
        for app in ("catalog", "editorial")
        for path in code_of(app)
        for name in imports_of(path)
        if name.startswith(f"{app}.")
        and level(name.split(".")[1]) > level(path.relative_to(ROOT).parts[1].removesuffix(".py"))
    ]
    assert wrong == []


def test_no_function_imports():
    functions = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
    wrong = [
        f"{shown(path)}:{inner.lineno}"
        for path in code_of(*APPS, "tests")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, functions)
        for inner in ast.walk(node)
        if isinstance(inner, (ast.Import, ast.ImportFrom))
    ]
    assert wrong == []


def test_trusted_html_is_made_in_one_module():
    wrong = [
        shown(path)
        for path in code_of(*APPS)
        if path != TRUSTED_HTML and re.search(r"\b(mark_safe|SafeString\()", path.read_text())
    ]
    wrong += [
        shown(path)
        for path in templates()
        if re.search(r"\|\s*safe(seq)?\b|autoescape off", path.read_text())
    ]
    assert wrong == []


def test_the_status_of_an_article_is_written_by_actions_alone():
    """Assigned, updated or given to a new article; `self.status` is a matter of the class."""
    outside = [path for path in code_of("editorial", "config") if "migrations" not in path.parts]
    wrong = [
        f"{shown(path)}:{node.lineno}"
        for path in outside
        if path.parent != ROOT / "editorial" / "actions"
        for node in ast.walk(ast.parse(path.read_text()))
        if _writes_status(node)
    ]
    assert wrong == []


def _writes_status(node: ast.AST) -> bool:
    if isinstance(node, (ast.Assign, ast.AnnAssign, ast.AugAssign)):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        return any(
            isinstance(one, ast.Attribute) and one.attr == "status" and ast.unparse(one.value) != "self"
            for target in targets
            for one in ast.walk(target)
        )
    if isinstance(node, ast.Call):
        called = ast.unparse(node.func).rpartition(".")[2]
        writes = called in {"Article", "update", "create", "setattr", "update_or_create", "bulk_update"}
        return writes and (
            any(keyword.arg == "status" for keyword in node.keywords)
            or any(isinstance(one, ast.Constant) and one.value == "status" for one in node.args)
        )
    return False


def test_pure_modules_know_neither_database_nor_request():
    listed = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["mypy"]["files"]
    pure = [
        path
        for name in listed
        for path in ([ROOT / name] if name.endswith(".py") else (ROOT / name).glob("*.py"))
    ]
    outside = re.compile(
        r"django\.(db|http|shortcuts|contrib|conf|core\.management)\b|\w+\.(models|querysets|actions)\b"
    )
    wrong = [
        f"{shown(path)} imports {name}" for path in pure for name in imports_of(path) if outside.match(name)
    ]
    assert pure
    assert wrong == []


@pytest.mark.parametrize(
    ("what", "pattern"),
    [
        ("a script in the page", r"<script\b(?![^>]*\bsrc=)"),
        ("a style sheet in the page", r"<style\b"),
        ("a style attribute", r"<[^>]*\sstyle="),
        ("an event handler", r"<[^>]*\son\w+="),
        ("another host's file", r"<(?:script|link|img|iframe)\b[^>]*(?:src|href)=[\"']?(?:https?:)?//"),
    ],
)
def test_templates_hold_nothing_that_the_security_policy_forbids(what, pattern):
    wrong = [shown(path) for path in templates() if re.search(pattern, path.read_text(), re.IGNORECASE)]
    assert wrong == [], what


def test_templates_are_in_djades_form():
    command = [Path(sys.executable).with_name("djade"), "--check", "--target-version", "5.2"]
    done = subprocess.run([*command, *map(str, templates())], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_nothing_names_this_machine_or_a_registry():
    allowed = ROOT / ".ci" / "run"
    wrong = [
        f"{shown(path)}: {found.group()}"
        for path in project_files()
        if path != allowed and (found := FORBIDDEN.search(path.read_bytes().decode("utf-8", "replace")))
    ]
    assert wrong == []
