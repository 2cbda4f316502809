"""Text that was read in a wrong encoding and saved as if that were right: “PeÃ±a” for “Peña”.

Pure. UTF-8 that was taken for Windows-1252 or Mac Roman, once or several times, leaves pairs of characters
that no language writes. A repair is only offered: whoever brings the table decides. What may as well be meant
stays.
"""

from __future__ import annotations

import re
from functools import partial

_TIMES = 3
# One damaged character is at least two.
_PAIR = re.compile("[\x80-\U0010ffff]{2}")
# How the bytes 0x80 to 0xFF look in each encoding; those that Windows-1252 leaves out pass as controls.
_WINDOWS = [bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in range(0x80, 0x100)]
_MAC = [bytes([byte]).decode("mac_roman") for byte in range(0x80, 0x100)]
_WINDOWS_BYTES = {character: byte for byte, character in enumerate(_WINDOWS, 0x80)}
_MAC_BYTES = {character: byte for byte, character in enumerate(_MAC, 0x80)}
# What may come out: letters of living scripts, punctuation, emoji.
_LETTERS = "À-ÖØ-öø-ſ\u1e00-\u1eff"
_SIGNS = "\xa0¡-¿×÷‐-‧‰‹›€™\u200b-\u200f\u0300-\u036f"
_FAR = "ぁ-ヿ㐀-鿿가-힯\U0001f300-\U0001faff️☀-➿"
# Scripts of which one letter alone may be a chance.
_SCRIPTS = "Ͱ-ϿЀ-ӿ֐-׿؀-ۿ\u0900-\u0dff\u0e00-\u0e7f\u10a0-\u10ff"
_LATIN = re.compile(f"[{_LETTERS}]")
_MARKS = re.compile(f"[{_SIGNS}]")
_ALONE = re.compile(f"[{_FAR}]")
# In a run a first round may leave what a second one mends.
_PLAUSIBLE = re.compile(f"[{_LETTERS}{_SIGNS}{_FAR}{_SCRIPTS}\x80-\x9fƒˆ˜‚„†‡Œ-œŠšŽžŸ]+")


def damage(cell: str) -> str | None:
    """What the cell was before; None when nothing says that it was damaged."""
    if not _PAIR.search(cell):
        return None
    before, mended = "", _from_mac(cell)
    for _time in range(_TIMES):
        if mended == before:
            break
        before = mended
        for pattern, bytes_of in _DAMAGE:
            mended = pattern.sub(partial(_before, bytes_of=bytes_of), mended)
    return mended if mended != cell else None


def _from_mac(cell: str) -> str:
    """The cell before all of it was taken for Mac Roman; as it is where it was not."""
    if _as_utf8(cell, _WINDOWS_BYTES) is not None:
        return cell  # most of what is possible is possible in both, and Windows is likelier
    return _as_utf8(cell, _MAC_BYTES) or cell


def _as_utf8(cell: str, bytes_of: dict[str, int]) -> str | None:
    """The text of which all of the cell may be the damage; None when it is not, or may be a chance."""
    try:
        text = bytes(bytes_of.get(one, ord(one) if one < "\x80" else 256) for one in cell).decode()
    except ValueError:
        return None
    beyond = "".join(character for character in text if character > "\x7f")
    return text if len(beyond) > 1 and _PLAUSIBLE.fullmatch(beyond) else None


def _before(match: re.Match[str], *, bytes_of: dict[str, int]) -> str:
    """The characters behind a run of damaged ones, or the run as it is where it may be meant."""
    run = match[0]
    try:
        text = bytes(bytes_of[character] for character in run).decode()
    except UnicodeDecodeError:
        return run
    if len(text) > 1 and _PLAUSIBLE.fullmatch(text):
        return text
    before = match.string[: match.start()][-1:]
    after = match.string[match.end() :][:1]
    pieces = []
    at = 0
    for character in text:
        size = len(character.encode())
        piece = run[at : at + size]
        at += size
        last = run[at : at + 1] or after
        pieces.append(character if _is_damage(character, piece, before, last) else piece)
        before = pieces[-1][-1]
    return "".join(pieces)


def _is_damage(character: str, piece: str, before: str, after: str) -> bool:
    """Whether `piece` is what became of a character, and no words with punctuation after them."""
    if _ALONE.fullmatch(character):
        return not piece.isalpha()
    if _MARKS.fullmatch(character):
        # “Â” and a sign: at the end of a word in capitals it may be a letter.
        return len(piece) > 2 or not before.isupper()
    if not _LATIN.fullmatch(character):
        return False
    if len(piece) > 2 or not piece[0].isalpha():
        return True
    if piece[-1].isalpha() and piece[-1].isupper():
        return before.islower() or after.islower()
    # A quotation mark, a dash or an ellipsis after a capital letter may be just that.
    # So may an apostrophe between letters.
    return piece[-1] not in _PUNCTUATION or before.islower() or (after.isalpha() and piece[-1] != "’")


_PUNCTUATION = frozenset("‚„…‹‘’“”–—›\xa0«»´·")


def _damage_by(table: list[str], leads: range, *more: range) -> tuple[re.Pattern[str], dict[str, int]]:
    """What runs of UTF-8 look like in an encoding, by its characters for 0x80 to 0xFF; and their bytes."""
    follow = "".join(map(re.escape, table[:0x40]))
    lengths = ((leads, 1), *((one, length) for one, length in zip(more, (2, 3), strict=False)))
    kinds = [
        f"[{''.join(re.escape(table[byte - 0x80]) for byte in lead)}][{follow}]{{{length}}}"
        for lead, length in lengths
        if lead
    ]
    bytes_of = {character: byte for byte, character in enumerate(table, 0x80)}
    return re.compile(f"(?:{'|'.join(kinds)})+"), bytes_of


# Of Mac Roman only the signs that begin Latin letters and punctuation: a dash begins other scripts. Its
# quotation marks go first, since their second half looks like a letter in Windows-1252.
_DAMAGE = (
    _damage_by(_MAC, range(0), range(0xE2, 0xE3)),
    _damage_by(_WINDOWS, range(0xC2, 0xE0), range(0xE0, 0xF0), range(0xF0, 0xF5)),
    _damage_by(_MAC, range(0xC2, 0xC6)),
)
