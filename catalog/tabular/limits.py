"""How large a table may be. Each limit is said in the message of the file that passes it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """What a file may hold at most. A site sets its own in `settings.TABLE_LIMITS`."""

    bytes: int = 512 * 1024 * 1024
    rows: int = 2_000_000
    columns: int = 500
    cell_characters: int = 100_000
    unpacked_bytes: int = 4 * 1024 * 1024 * 1024
    # How many bytes one packed byte may become; looked at from `RATIO_FROM` unpacked bytes on.
    ratio: int = 200


RATIO_FROM = 8 * 1024 * 1024
LIMITS = Limits()
