"""Text that was read in a wrong encoding and saved as if that were right: “PeÃ±a” for “Peña”.

Pure. A repair is only offered: whoever brings the table decides.
"""

from __future__ import annotations


def damage(cell: str) -> str | None:
    """What the cell was before; None when nothing says that it was damaged."""
    return None
