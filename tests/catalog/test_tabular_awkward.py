"""Every awkward file is read, or refused in words, as `tests/awkward/expected.json` says."""

import json
import random

import pytest

from catalog.tabular.limits import Limits
from catalog.tabular.reading import Detected, TableRefused, detect, read_rows
from catalog.tabular.rows import Row, RowProblem
from tests.awkward.make import FILES, delimited, others
from tests.awkward.workbooks import WORKBOOKS

EXPECTED = json.loads(FILES.with_name("expected.json").read_text(encoding="utf-8"))
LONG = 200


def outcome(path, limits=None):
    """What becomes of a file, in the form of the expectations."""
    more = {"limits": limits} if limits else {}
    try:
        found = detect(path, name=path.name, **more)
        rows = list(read_rows(path, found, **more))
    except TableRefused as refused:
        return {"refused": refused.problem.message}
    said = {name: value for name, value in found.to_json().items() if value not in ("", [])}
    del said["empties"], said["mend"]
    said.pop("first_rows", None)
    said["rows"] = [[row.line, *map(shown, row.cells)] for row in rows if isinstance(row, Row)]
    said["problems"] = [
        [row.line, row.column, row.value, row.message] for row in rows if isinstance(row, RowProblem)
    ]
    return said


def shown(cell):
    return cell if len(cell) < LONG else f"{len(cell)} characters"


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_an_awkward_file_is_read_as_is_written_beside_it(name):
    expected = EXPECTED[name]
    if "refused" not in expected:
        expected = {"damaged": 0, "notes": [], **expected}
    assert {"notes": [], **outcome(FILES / name)} == {"notes": [], **expected}


def test_each_awkward_file_has_an_expectation_and_is_what_the_script_makes():
    made = {**delimited(), **others(), **WORKBOOKS}
    assert sorted(made) == sorted(EXPECTED) == sorted(path.name for path in FILES.iterdir())
    assert [name for name, raw in made.items() if (FILES / name).read_bytes() != raw] == []


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_a_file_that_is_cut_or_spoilt_is_read_or_refused_in_words(name, tmp_path):
    raw = (FILES / name).read_bytes()
    chance = random.Random(name)
    path = tmp_path / name
    for _time in range(6):
        spoilt = bytearray(raw[: chance.randrange(len(raw) + 1)] if chance.random() < 0.5 else raw)
        for _byte in range(min(len(spoilt), 3)):
            spoilt[chance.randrange(len(spoilt))] = chance.randrange(256)
        path.write_bytes(spoilt)
        said = outcome(path, Limits(rows=50, unpacked_bytes=10_000_000))
        assert said.get("refused") or said["headers"]


def test_what_was_detected_is_kept_as_json():
    found = detect(FILES / "preamble.csv", name="preamble.csv")
    assert Detected.from_json(json.loads(json.dumps(found.to_json()))) == found
