"""What keeps machines from filling the desk with reports. Knows no person: a form, its age, and its words.

Nothing is thrown away: every refusal says what to do, and the form that shows it keeps what was typed.
"""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from enum import Enum

from django.core.signing import BadSignature, TimestampSigner, b62_decode
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext

TOO_FAST = datetime.timedelta(seconds=3)
TOO_OLD = datetime.timedelta(days=1)
LINKS = 3  # that a message may have
PER_HOUR = 5  # reports from one address
HOUR = 3600
_SALT = "editorial.spam"
_LINK = re.compile(r"https?://|\bwww\.", re.IGNORECASE)


class Refused(Enum):
    HONEYPOT = "honeypot"
    TOO_FAST = "too fast"
    TOO_OLD = "too old"
    TOO_MANY_LINKS = "too many links"
    TOO_MANY = "too many"


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a form says of itself: for which edition it was made, and how old it is."""

    edition: int
    age: datetime.timedelta


def stamp_of(edition: int) -> str:
    """Signed and dated: from which edition the form was made, now."""
    return TimestampSigner(salt=_SALT).sign(str(edition))


def read_stamp(stamp: str, now: datetime.datetime) -> Stamp | None:
    """None for one that was not made here."""
    signer = TimestampSigner(salt=_SALT)
    try:
        edition = int(signer.unsign(stamp))
        at = datetime.datetime.fromtimestamp(_made_at(stamp), tz=datetime.UTC)
    except (BadSignature, ValueError):
        return None
    return Stamp(edition, now - at)


def refusal(*, honeypot: str, stamp: Stamp | None, message: str) -> Refused | None:
    """Why a report is not taken, as far as its form tells; None for one that may go on."""
    if honeypot:
        return Refused.HONEYPOT
    if stamp is None or stamp.age > TOO_OLD:
        return Refused.TOO_OLD
    if stamp.age < TOO_FAST:
        return Refused.TOO_FAST
    if len(_LINK.findall(message)) > LINKS:
        return Refused.TOO_MANY_LINKS
    return None


def key_for(address: str) -> str:
    """Where reports from a network address are counted: by a salted hash, which does not tell it."""
    return f"reports:{salted_hmac(_SALT, address, algorithm='sha256').hexdigest()}"


def in_words(refused: Refused) -> str:
    """What the reader is told, and what to do."""
    if refused is Refused.TOO_MANY_LINKS:
        return gettext("A report may have at most %(count)d links. Take some out and send it again.") % {
            "count": LINKS
        }
    return _WORDS[refused]()


_WORDS = {
    Refused.HONEYPOT: lambda: gettext(
        "Leave the last field empty and send it again: it is there for machines."
    ),
    Refused.TOO_FAST: lambda: gettext("That was very fast. Wait a few seconds and send it again."),
    Refused.TOO_OLD: lambda: gettext("This form was open for long. Your text is still here: send it again."),
    Refused.TOO_MANY: lambda: gettext(
        "Many reports came from your network within an hour. Keep your text and send it again later."
    ),
}


def _made_at(stamp: str) -> int:
    """The second in a stamp whose signature holds, as `TimestampSigner` writes it."""
    return b62_decode(stamp.rsplit(":", 2)[1])
