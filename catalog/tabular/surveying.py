"""What is worth saying about a table before it is brought in.

Pure. Only the beginning is looked at, so that a look at a large file stays quick; the notes say so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from django.utils.formats import number_format
from django.utils.translation import gettext, ngettext

from catalog.tabular.detected import Detected
from catalog.tabular.headers import names_of
from catalog.tabular.mending import damage
from catalog.tabular.rows import Clean, Fault, Raw, shortened

ROWS_LOOKED_AT = 5_000
_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Survey:
    """Notes for people, and how many cells are damaged."""

    notes: tuple[str, ...]
    damaged: int


def notes_on(raws: Iterable[Clean | Raw | Fault], detected: Detected) -> Survey:
    """What is noticed in the first rows below the headers."""
    empties: Counter[str] = Counter()
    known = frozenset(detected.empties)
    repairs: list[tuple[str, str]] = []
    damaged = repeated = looked_at = 0
    first = detected.headers[0] if detected.header_line else None
    for line, cells in islice(_cells(raws), ROWS_LOOKED_AT):
        looked_at += 1
        if line <= detected.header_line:
            continue
        cells = [cell.strip() for cell in cells]
        # Reading passes over them for the same reason; see `shaping`.
        if first is not None and cells[:1] == [first] and names_of(cells) == detected.headers:
            repeated += 1
            continue
        empties.update(known.intersection(cells))
        for cell in cells:
            mended = None if cell.isascii() else damage(cell)
            if mended is not None:
                damaged += 1
                if len(repairs) < _SHOWN and (cell, mended) not in repairs:
                    repairs.append((cell, mended))
    notes = list(_words(empties, repeated, damaged, repairs, mend=detected.mend))
    if notes and looked_at == ROWS_LOOKED_AT:
        message = gettext("Only the first %(number)s rows were looked at for these notes.")
        notes.append(message % {"number": number_format(ROWS_LOOKED_AT, force_grouping=True)})
    return Survey(tuple(notes), damaged)


def _cells(raws: Iterable[Clean | Raw | Fault]) -> Iterator[Raw]:
    for raw in raws:
        if isinstance(raw, Clean):
            yield from enumerate(raw.rows, raw.line)
        elif not isinstance(raw, Fault):
            yield raw


def _words(
    empties: Counter[str], repeated: int, damaged: int, repairs: list[tuple[str, str]], *, mend: bool
) -> Iterator[str]:
    if empties:
        words = ", ".join(f"“{word}”" for word in sorted(empties))
        yield gettext("Read as empty: %(words)s.") % {"words": words}
    if repeated:
        message = ngettext(
            "%(number)s line repeats the header and is passed over.",
            "%(number)s lines repeat the header and are passed over.",
            repeated,
        )
        yield message % {"number": repeated}
    if damaged:
        shown = ", ".join(f"“{shortened(cell)}” → “{shortened(mended)}”" for cell, mended in repairs)
        if mend:
            message = ngettext(
                "%(number)s damaged cell is mended: %(cells)s.",
                "%(number)s damaged cells are mended: %(cells)s.",
                damaged,
            )
        else:
            message = ngettext(
                "The text of %(number)s cell looks damaged: %(cells)s. It can be mended.",
                "The text of %(number)s cells looks damaged: %(cells)s. It can be mended.",
                damaged,
            )
        yield message % {"number": damaged, "cells": shown}
