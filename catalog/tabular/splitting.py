"""One cell that says several things: a list of names, “Actor as Character”, “Actor (earlier work) as …”.

A split has two parts that work one after the other: a separator cuts the cell into items, a pattern takes
each item apart. What it finds is told by the name of a column: `person`, `character`, `earlier_work`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum

EARLIER_WORK = "earlier_work"
MOST_ITEMS = 200  # of one cell

# The separators that are offered; any other text is one as well.
COMMA, SEMICOLON, SLASH, BAR, LINE = ",", ";", "/", "|", "\n"
SEPARATORS = (COMMA, SEMICOLON, SLASH, BAR, LINE)

_LAST_AND = re.compile(r"\s+(?:and|und|y|e|&)\s+", re.IGNORECASE)
_AS = re.compile(r"\s+(?:as|als|como)\s+|\s*(?:\.{3,}|…|→|->)\s*", re.IGNORECASE)
_IN_BRACKETS = re.compile(r"\s*\(([^()]*)\)\s*")
_BRACKETED = re.compile(r"\([^()]*\)")


class Pattern(Enum):
    """How one item is read."""

    PLAIN = ""
    AS = "as"
    FAMILY_FIRST = "family name first"


@dataclass(frozen=True, slots=True)
class Split:
    """How the cells of one column are read: cut at `separator`, if any, each item by `pattern`."""

    separator: str = ""
    pattern: Pattern = Pattern.PLAIN

    @property
    def is_whole(self) -> bool:
        return not self.separator and self.pattern is Pattern.PLAIN

    def fills(self, column: str) -> tuple[str, ...]:
        """The columns that a cell of a column mapped to `column` fills."""
        return ("person", "character", EARLIER_WORK) if self.pattern is Pattern.AS else (column,)


WHOLE = Split()


def split_cell(cell: str, column: str, split: Split) -> list[Mapping[str, str]]:
    """The items of a cell, each as what it says for which column; of an empty cell one that says nothing.

    Raises ValueError for more than MOST_ITEMS.
    """
    if split.is_whole:
        return [{column: cell}]
    items = [item for item in _items(cell, split.separator) if item]
    if len(items) > MOST_ITEMS:
        raise ValueError(f"{len(items)} items in one cell")
    return [_read(item, column, split.pattern) for item in items] or [dict.fromkeys(split.fills(column), "")]


def _items(cell: str, separator: str) -> list[str]:
    if not separator:
        return [cell.strip()]
    # What stands in brackets is one thing: “(Narcos, Rogue One)”.
    hidden: list[str] = []

    def hide(found: re.Match[str]) -> str:
        hidden.append(found[0])
        return f"\0{len(hidden) - 1}\0"

    covered = _BRACKETED.sub(hide, cell.replace("\0", ""))
    items = covered.split(separator)
    if separator == COMMA:
        items[-1:] = _LAST_AND.split(items[-1])
        items = [re.sub(r"^\s*(?:and|und|y|e|&)\s+", "", item) for item in items]
    return [re.sub("\0(\\d+)\0", lambda found: hidden[int(found[1])], item).strip() for item in items]


def _read(item: str, column: str, pattern: Pattern) -> Mapping[str, str]:
    if pattern is Pattern.FAMILY_FIRST:
        family, comma, given = item.partition(",")
        return {column: f"{given.strip()} {family.strip()}" if comma and given.strip() else item}
    if pattern is Pattern.AS:
        parts = _AS.split(item, maxsplit=1)
        who, character = (parts[0], parts[1]) if len(parts) == 2 else (item, "")
        works = _IN_BRACKETS.findall(who)
        return {
            "person": _IN_BRACKETS.sub(" ", who).strip(),
            "character": character.strip(),
            EARLIER_WORK: works[0].strip() if works else "",
        }
    return {column: item}


def likely_split(column: str, cells: Iterable[str]) -> Split:
    """The split that the cells ask for; a guess, which people see and overrule."""
    filled = [cell.strip() for cell in cells if cell.strip()]
    if not filled or column not in ("person", "character"):
        return WHOLE

    def most(found: Iterable[bool]) -> bool:
        return sum(found) * 2 > len(filled)

    pattern = Pattern.AS if most(_AS.search(cell) is not None for cell in filled) else Pattern.PLAIN
    bare = [_BRACKETED.sub("", cell) for cell in filled]
    if pattern is Pattern.PLAIN and most(_is_inverted(cell) for cell in bare):
        return Split("", Pattern.FAMILY_FIRST)
    counts = {
        one: sum(_is_cut_by(one, cell) for cell in bare) for one in (LINE, SEMICOLON, BAR, COMMA, SLASH)
    }
    separator = max(counts, key=lambda one: counts[one])
    return Split(separator if counts[separator] else "", pattern)


def _is_cut_by(separator: str, cell: str) -> bool:
    if separator == COMMA:
        return COMMA in cell and not _is_inverted(cell)
    return (f" {SLASH} " if separator == SLASH else separator) in cell


def _is_inverted(cell: str) -> bool:
    """“Luna, Diego”: one comma, and at most two words before it, one of which would be no full name."""
    family, comma, given = cell.partition(",")
    return bool(comma) and COMMA not in given and len(family.split()) == 1 and bool(given.strip())
