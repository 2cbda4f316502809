"""Places in a list that is read newest first, as addresses name them: `2018-12-05T10:00:00.000001Z_17`.

A place is a moment and a number, so that it stays where it is however many articles come before it. What
stands there is left to the querysets.
"""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass

_PLACE = re.compile(r"(?P<at>\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,6})?)Z_(?P<pk>\d{1,18})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Place:
    """Where an edition stands: when readers first got the article, and the number of the row."""

    at: datetime.datetime
    pk: int

    def __str__(self) -> str:
        at = self.at.astimezone(datetime.UTC).replace(tzinfo=None)
        return f"{at.isoformat()}Z_{self.pk}"

    @classmethod
    def parse(cls, text: str) -> Place:
        """The place that is written like this. Raises ValueError."""
        found = _PLACE.fullmatch(text)
        if found is None:
            raise ValueError(f"{text!r} is no place in a list")
        at = datetime.datetime.fromisoformat(found["at"]).replace(tzinfo=datetime.UTC)
        return cls(at, int(found["pk"]))
