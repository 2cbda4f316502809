"""Texts that an XML document can hold."""

from __future__ import annotations

import re

# What XML 1.0 has no way to write (2.2, Char). A title may hold it, and would take a whole feed with it.
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def xml_text(text: str) -> str:
    """The text without the characters that no XML document can hold."""
    return _NOT_XML.sub("", text)
