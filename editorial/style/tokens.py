"""The tokens of the readers' style sheets, read from the style sheet itself, so that no list of them can lie.

A token is a custom property of `:root`; a colour has a value for light surroundings and one for dark ones.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_ROOT = re.compile(r"^:root \{(.*?)^\}", re.DOTALL | re.MULTILINE)
_TOKEN = re.compile(r"--([a-z-]+):\s*(.*?);", re.DOTALL)
_COLOUR = re.compile(r"light-dark\((#[0-9a-f]{3,6}), (#[0-9a-f]{3,6})\)")


@dataclass(frozen=True, slots=True)
class Token:
    """A custom property: its name without the dashes, and its value as it is written."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Colour:
    """A colour in both schemes, with the contrast of each to the paper of its scheme (WCAG 2.2)."""

    name: str
    light: str
    dark: str
    light_contrast: float
    dark_contrast: float


def tokens_of(css: str) -> list[Token]:
    """The tokens of the first `:root` of a style sheet, in its order; none where there is no such rule."""
    root = _ROOT.search(css)
    return [Token(name, " ".join(value.split())) for name, value in _TOKEN.findall(root[1])] if root else []


def colours_of(tokens: list[Token]) -> list[Colour]:
    """Those of the tokens that are one colour in light surroundings and one in dark ones."""
    pairs = {one.name: found.groups() for one in tokens if (found := _COLOUR.fullmatch(one.value))}
    light_paper, dark_paper = pairs.get("paper", ("#fff", "#000"))
    return [
        Colour(name, light, dark, contrast(light, light_paper), contrast(dark, dark_paper))
        for name, (light, dark) in pairs.items()
    ]


def contrast(one: str, other: str) -> float:
    """The contrast of two colours (`#fff`, `#1b1a17`) from 1 to 21, as WCAG 2.2 defines it."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    digits = colour.removeprefix("#")
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    red, green, blue = (_linear(int(digits[at : at + 2], 16) / 255) for at in (0, 2, 4))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
