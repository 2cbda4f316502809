"""What a number in a cell of a workbook says: a date, a time, a number.

Pure. SpreadsheetML (ECMA-376) keeps dates as days since 1900 or 1904; that a number is one says the format it
is shown in, and how exact: “Nov 2018” is 2018-11. Values are what a person reads, in ISO 8601.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cache

# What the formats without a code of their own show (ECMA-376 part 1, 18.8.30).
_BUILT_IN = {
    **dict.fromkeys((14, 15, 16, *range(27, 32), 36, *range(50, 53), *range(54, 59)), "d"),
    **dict.fromkeys((17, 53), "m"),
    **dict.fromkeys((18, 19, 20, 21, *range(32, 36), 45, 47), "t"),
    22: "dt",
    46: "e",
}
_LITERAL = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]|general', re.IGNORECASE)
_INTEGER = re.compile(r"-?\d{1,18}")
_FIRST = {False: datetime(1899, 12, 30), True: datetime(1904, 1, 1)}  # noqa: DTZ001 - sheets know no zones
_LAST_DAY = {False: 2_958_466, True: 2_957_004}


def shown_as(format_id: int, codes: Mapping[int, str]) -> str:
    """What a number format shows: `y`ear, `m`onth, `d`ay, `t`ime, `dt` both, `e`lapsed time; "" a number."""
    code = codes.get(format_id)
    return _BUILT_IN.get(format_id, "") if code is None else _shown_by(code)


def number_text(value: str, shown: str = "", *, since_1904: bool = False) -> str:
    """The number as people write it: without “.0”, and as a date or time where it is shown as one."""
    if not shown and _INTEGER.fullmatch(value):
        return value
    try:
        number = float(value)
    except ValueError:
        return value
    if not math.isfinite(number):
        return value
    if shown and 0 <= number < _LAST_DAY[since_1904]:
        return _date_or_time(number, shown, since_1904)
    if number.is_integer() and abs(number) < 1e15:
        return str(int(number))
    short = f"{number:.15g}"  # as many digits as spreadsheets know
    return short if "e" not in short else repr(number)


@cache
def _shown_by(code: str) -> str:
    first = _LITERAL.sub("", code.split(";", 1)[0]).lower()
    if re.search(r"\[[hms]+\]", first):
        return "e"
    time = "h" in first or "s" in first
    if "d" in first or "b" in first or "e" in re.sub(r"e[+-]", "", first):
        return "dt" if time else "d"
    if "y" in first:
        return "dt" if time else ("m" if "m" in first else "y")
    if time:
        return "t"
    return "d" if "m" in first else ""


def _date_or_time(number: float, shown: str, since_1904: bool) -> str:
    # No calendar has what the last moment of its last day would be rounded to.
    days, seconds = divmod(min(round(number * 86400), _LAST_DAY[since_1904] * 86400 - 1), 86400)
    if shown == "e" or (shown == "t" and not days):
        return _clock(days * 86400 + seconds)
    if not since_1904 and days < 60:
        days += 1  # the calendar of 1900 has a 29th of February there, which never was
    moment = _FIRST[since_1904] + timedelta(days=days)
    if shown == "y":
        return f"{moment:%Y}".zfill(4)
    if shown == "m":
        return moment.date().isoformat()[:7]
    date = moment.date().isoformat()
    return date if shown == "d" or not seconds else f"{date} {_clock(seconds)}"


def _clock(seconds: int) -> str:
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}" + (f":{seconds:02}" if seconds else "")
