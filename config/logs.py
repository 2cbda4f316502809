"""What must not get into the logs."""

from __future__ import annotations

import logging
import re

_TOKEN = re.compile(r"(/preview/)[^/\s?]+")


class WithoutTokens(logging.Filter):
    """Takes the tokens out of the addresses of previews: whoever reads a log must not open them."""

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        cleaned = _TOKEN.sub(r"\1…", message)
        if cleaned != message:
            record.msg, record.args = cleaned, ()
        return True
