"""The words around passages, read from their snapshots in one query."""

from __future__ import annotations

import pytest

from catalog.actions import add_passage
from catalog.models import Passage
from tests.factories import make_passage, make_snapshot, make_source

pytestmark = pytest.mark.django_db


def around(size: int) -> list[tuple[str | None, str | None]]:
    rows = Passage.objects.with_surroundings(size).order_by("pk")
    return list(rows.values_list("before", "after"))


@pytest.mark.parametrize(("size", "expected"), [(3, ("éd ", " go")), (100, ("\U0001f3ac Réd ", " gone."))])
def test_what_stands_around_a_passage_is_counted_in_code_points(size, expected):
    source = make_source()
    make_snapshot(source, "\U0001f3ac Réd words gone.")
    add_passage(user=None, source=source, quote="words")
    assert around(size) == [expected]


def test_nothing_stands_around_a_whole_text_and_nothing_is_known_of_one_that_is_not_here():
    source = make_source()
    make_snapshot(source, "All of it")
    add_passage(user=None, source=source, quote="All of it")
    make_passage(state="unattached")
    assert around(5) == [("", ""), (None, None)]
