"""Bundles of other versions: an older one comes in complete, a newer one is refused with words."""

from __future__ import annotations

import csv
import io
import json
import shutil
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from catalog.models import Series, Source, Statement
from catalog.resources.tables import read_table, write_table
from editorial.bundle_versions import VERSION, migrated
from editorial.bundles import MANIFEST, BundleRefused, seal
from editorial.exports import export_bundle
from editorial.imports import import_bundle

OLD = Path(__file__).parent / "bundle_version_1"
CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\0\ufeff"), max_size=8)


@pytest.fixture
def old(tmp_path) -> Path:
    return Path(shutil.copytree(OLD, tmp_path / "old"))


def say(folder: Path, **said: object) -> None:
    manifest = json.loads((folder / MANIFEST).read_text())
    (folder / MANIFEST).write_text(json.dumps(manifest | said))


@pytest.mark.django_db
class TestOlder:
    def test_what_it_does_not_know_of_is_empty(self, old):
        import_bundle(user=None, path=old)
        assert Source.objects.get().quote_limit is None
        statement = Statement.objects.get()
        assert (statement.gives_away, statement.value) == (None, "An island,\nand another")
        assert import_bundle(user=None, path=old).changed_anything is False

    def test_it_goes_out_in_the_version_of_today(self, old, tmp_path):
        import_bundle(user=None, path=old)
        manifest = export_bundle(user=None, out=tmp_path / "new")
        assert (manifest["version"], manifest["kind"]) == (VERSION, "desk")
        assert "decisions.csv" in manifest["files"]
        assert import_bundle(user=None, path=tmp_path / "new").changed_anything is False

    def test_a_mistake_in_it_is_named_by_the_line_of_its_file(self, old):
        with (old / "statements.csv").open("a") as file:
            file.write('\n\nharbour-lights,,,,Period,"the\n1920s",soon\n')
        seal(old)
        say(old, version=1)
        with pytest.raises(BundleRefused, match=r"statements\.csv, line 7, position “soon”"):
            import_bundle(user=None, path=old)
        assert not Series.objects.exists()

    def test_a_column_that_no_version_lacked_is_missed(self, old):
        table = (old / "statements.csv").read_text().replace(",position", ",place")
        (old / "statements.csv").write_text(table)
        seal(old)
        say(old, version=1)
        with pytest.raises(BundleRefused, match="Columns are missing: position"):
            import_bundle(user=None, path=old)

    def test_in_a_bundle_of_today_nothing_may_be_missing(self, old):
        seal(old)
        with pytest.raises(BundleRefused, match="Columns are missing: quote_limit"):
            import_bundle(user=None, path=old)


@pytest.mark.django_db
@pytest.mark.parametrize("version", [VERSION + 1, 99])
def test_a_newer_one_is_refused_and_says_what_to_do(old, version):
    say(old, version=version)
    with pytest.raises(CommandError, match=f"format version {version}.*versions 1 to {VERSION}.*newer one"):
        call_command("import_bundle", str(old), skip_checks=True)
    assert not Series.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("version", [0, -1, "1", None, 1.5])
def test_a_version_that_never_was_is_refused(old, version):
    say(old, version=version)
    with pytest.raises(BundleRefused, match="this Ibid reads versions"):
        import_bundle(user=None, path=old)


@given(st.lists(st.lists(CELLS, min_size=2, max_size=2), max_size=5))
def test_every_row_keeps_its_cells_and_its_line(rows):
    raw = write_table(["slug", "title"], rows).encode()
    before, after = read_table(raw), read_table(migrated(1, "sources.csv", raw))
    assert after.headers == ["slug", "title", "quote_limit"]
    assert (after.rows, after.lines) == ([[*row, ""] for row in before.rows], before.lines)


@given(st.binary(max_size=40))
def test_whatever_a_file_holds_migrating_it_raises_nothing(raw):
    migrated(1, "sources.csv", raw)


def test_what_has_the_columns_and_what_is_of_today_stays_as_it_is():
    raw = b"quote_limit,slug\n10,a\n"
    assert migrated(1, "sources.csv", raw) == raw
    assert migrated(VERSION, "sources.csv", b"slug\na\n") == b"slug\na\n"
    assert migrated(1, "people.csv", b"slug\na\n") == b"slug\na\n"
    assert list(csv.reader(io.StringIO(migrated(1, "photos.csv", b"slug\r\na\r\n").decode())))[1] == ["a", ""]
