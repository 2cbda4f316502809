"""The picture that other sites show of an article: its headline, drawn in the colours of the site.

Pure: words in, a PNG of 1200 × 630 pixels out. Which words is decided elsewhere; `fingerprint` changes when
these or the drawing do. Letters that the font does not have are never drawn as boxes.
"""

from __future__ import annotations

import bisect
import functools
import hashlib
import io
import json
import unicodedata
from collections.abc import Iterator
from dataclasses import astuple, dataclass
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

WIDTH, HEIGHT = 1200, 630
_DRAWING = 1  # another number for another drawing
_FONT = Path(__file__).parent / "fonts" / "SourceSerif4-Bold.ttf"
_PAPER, _INK, _SOFT, _ACCENT, _RULE = "#fdfcf9", "#1b1a17", "#5a564c", "#9a2318", "#ddd7c9"
_MARGIN, _BAR = 84, 14  # pixels
_TITLE_BOX = (WIDTH - 2 * _MARGIN, 318)
_SIZES = range(84, 43, -4)  # of a headline: the largest that fits
_LEADING = 1.14
_ABSENT = "\U000ffffd"  # no font has it: drawn as what stands for a missing letter


@dataclass(frozen=True, slots=True)
class CardText:
    """What stands on a card, in the language of its article. `series` may be empty."""

    title: str
    section: str
    series: str
    motto: str


def fingerprint(text: CardText) -> str:
    """The same for the same card: 16 hexadecimal digits."""
    said = json.dumps([_DRAWING, *astuple(text)], ensure_ascii=False)
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def draw_card(text: CardText) -> bytes:
    """The card as PNG. A headline in a script that the font does not have gives way to the series."""
    card = Image.new("RGB", (WIDTH, HEIGHT), _PAPER)
    brush = ImageDraw.Draw(card)
    brush.rectangle((0, 0, _BAR, HEIGHT), fill=_ACCENT)
    title, section, series = (writable(words) for words in (text.title, text.section, text.series))
    _kicker(brush, section, series if title else "")
    size, lines = fitted(title or series or section)
    for number, line in enumerate(lines):
        brush.text((_MARGIN, 158 + round(number * size * _LEADING)), line, _INK, _font(size))
    _foot(brush, writable(text.motto))
    out = io.BytesIO()
    card.save(out, "PNG", optimize=True)
    return out.getvalue()


def writable(text: str) -> str:
    """The text in one line, without signs that the font lacks; "" when it lacks letters or digits of it."""
    text = " ".join(unicodedata.normalize("NFC", text).split())
    absent = {sign for sign in set(text) if not _has(sign)}
    if any(unicodedata.category(sign)[0] in "LMN" for sign in absent):
        return ""
    return " ".join("".join(sign for sign in text if sign not in absent).split())


def fitted(title: str) -> tuple[int, list[str]]:
    """The size and the lines of a headline; one that is too long at the smallest size is cut with “…”."""
    width, height = _TITLE_BOX
    for size in _SIZES:
        lines = list(wrapped(title, _font(size), width))
        if len(lines) * size * _LEADING <= height:
            return size, _balanced(title, size, lines)
    most = int(height / (size * _LEADING))
    return size, [*lines[: most - 1], shortened(" ".join(lines[most - 1 :]), _font(size), width)]


def shortened(text: str, font: ImageFont.FreeTypeFont, width: int) -> str:
    """The text, or as much of its beginning as leaves room for “…”."""
    if font.getlength(text) <= width:
        return text
    return f"{text[: _fitting(text, font, width, '…')].rstrip()}…"


def wrapped(text: str, font: ImageFont.FreeTypeFont, width: int) -> Iterator[str]:
    """The text in lines of at most `width` pixels, broken between words, else within one."""
    line = ""
    for word in text.split():
        longer = f"{line} {word}".lstrip()
        if font.getlength(longer) <= width:
            line = longer
            continue
        if line:
            yield line
        line = word
        while font.getlength(line) > width:
            fits = _fitting(line, font, width) or 1
            yield line[:fits]
            line = line[fits:]
    if line:
        yield line


def _fitting(text: str, font: ImageFont.FreeTypeFont, width: int, after: str = "") -> int:
    """How many of its signs stand in `width` pixels, with `after` behind them."""
    return bisect.bisect_right(range(1, len(text)), 0, key=lambda n: font.getlength(text[:n] + after) > width)


def _balanced(title: str, size: int, lines: list[str]) -> list[str]:
    """The same number of lines, as narrow as they can be: none ends with a word that belongs to the next."""
    narrowest = lines
    for width in range(_TITLE_BOX[0], _TITLE_BOX[0] // 2, -20):
        tried = list(wrapped(title, _font(size), width))
        if len(tried) > len(lines) or " ".join(tried) != " ".join(lines):
            break
        narrowest = tried
    return narrowest


def _kicker(brush: ImageDraw.ImageDraw, section: str, series: str) -> None:
    font = _font(34)
    brush.text((_MARGIN, 84), section, _ACCENT, font)
    if series:
        left = _MARGIN + round(font.getlength(f"{section}  "))
        brush.text((left, 84), shortened(f"· {series}", font, WIDTH - _MARGIN - left), _SOFT, font)


def _foot(brush: ImageDraw.ImageDraw, motto: str) -> None:
    brush.line((_MARGIN, 516, WIDTH - _MARGIN, 516), _RULE, 2)
    mark, small = _font(52), _font(28)
    brush.text((_MARGIN, 566), "Ibid", _INK, mark, anchor="lm")
    brush.text((_MARGIN + mark.getlength("Ibid"), 566), ".", _ACCENT, mark, anchor="lm")
    brush.text((WIDTH - _MARGIN, 570), motto, _SOFT, small, anchor="rm")


@functools.cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(_FONT, size)


@functools.lru_cache(maxsize=2000)
def _has(sign: str) -> bool:
    return sign.isspace() or _drawn(sign) != _drawn(_ABSENT)


def _drawn(sign: str) -> tuple[tuple[int, int], bytes]:
    mask = _font(40).getmask(sign)
    return mask.size, bytes(mask)
