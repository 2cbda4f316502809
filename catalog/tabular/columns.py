"""What is known of our own columns while a foreign file is read: their form, and what others call them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum


class Kind(Enum):
    """The form of a column's cells."""

    TEXT = "text"
    NUMBER = "number"
    YES_NO = "yes or no"
    CHOICE = "choice"
    DATE = "partial date"
    DAY = "day"
    MOMENT = "moment"
    SHA256 = "SHA-256"
    RECORD = "record"
    RECORDS = "records"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of one of our tables.

    `values` are the allowed ones; `words` the folded words of any language that stand for them. `names` is
    the kind of record that a cell names, by its slug or `by_number`. `others` are folded headers that mean
    this column elsewhere. What is proposed may be missing: it follows from a name.
    """

    name: str
    kind: Kind = Kind.TEXT
    values: tuple[str, ...] = ()
    words: Mapping[str, str] = field(default_factory=dict)
    names: str = ""
    others: tuple[str, ...] = ()
    is_key: bool = False
    is_required: bool = False
    is_citing: bool = False
    by_number: bool = False
    is_proposed: bool = False
