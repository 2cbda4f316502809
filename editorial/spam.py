"""What keeps machines from filling the desk with reports. Knows no person: a form, its age, and its words.

Nothing is thrown away: every refusal says what to do, and the form that shows it keeps what was typed.
"""

from __future__ import annotations

import datetime
import ipaddress
import re
import unicodedata
from dataclasses import dataclass
from enum import Enum

from django.core.signing import BadSignature, TimestampSigner, b62_decode
from django.utils.crypto import get_random_string, salted_hmac
from django.utils.translation import gettext

TOO_FAST = datetime.timedelta(seconds=3)
TOO_OLD = datetime.timedelta(days=1)
LINKS = 3  # that a message may have
PER_HOUR = 5  # reports from one address
HOUR = 3600
_SALT = "editorial.spam"
_LINK = re.compile(r"\b(?:https?|ftp)://|\bwww\.|\[(?:url|link)\b|<a\s", re.IGNORECASE)
_WHITE = {"\n", "\t"}
# They turn the text after them around, and would do so on the desk.
_TURNING = {"\u202d", "\u202e"}


class Refused(Enum):
    HONEYPOT = "honeypot"
    TOO_FAST = "too fast"
    TOO_OLD = "too old"
    TOO_MANY_LINKS = "too many links"
    TOO_MANY = "too many"
    ELSEWHERE = "elsewhere"
    SENT_BEFORE = "sent before"


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a form says of itself: for what it was made, which of all forms it is, and how old."""

    subject: str
    number: str
    age: datetime.timedelta


def stamp_of(subject: str) -> str:
    """Signed and dated: for which `subject` the form was made, now, and a number of its own."""
    return TimestampSigner(salt=_SALT).sign(f"{subject} {get_random_string(12)}")


def read_stamp(stamp: str, now: datetime.datetime) -> Stamp | None:
    """None for one that was not made here."""
    signer = TimestampSigner(salt=_SALT)
    try:
        subject, number = signer.unsign(stamp).split(" ")
        at = datetime.datetime.fromtimestamp(_made_at(stamp), tz=datetime.UTC)
    except (BadSignature, ValueError):
        return None
    return Stamp(subject, number, now - at)


def tidy(text: str) -> str:
    """The text without what nobody types: control characters, of which PostgreSQL keeps no NUL, and those
    that turn the text around them. Line breaks count once, as browsers count them.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(
        one for one in text if one in _WHITE or (unicodedata.category(one) != "Cc" and one not in _TURNING)
    )


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
    """Where reports from a network address are counted: by a salted hash, which does not tell it. Of IPv6 it
    is the network of the household, which has more addresses than anybody could count.
    """
    try:
        given = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        given = None
    if isinstance(given, ipaddress.IPv6Address):
        address = str(given.ipv4_mapped or ipaddress.ip_network((given, 64), strict=False))
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
    Refused.ELSEWHERE: lambda: gettext("The form came from another site. Send it again from here."),
    Refused.SENT_BEFORE: lambda: gettext(
        "This form was sent before. Wait a few seconds and send your text again."
    ),
    Refused.TOO_MANY: lambda: gettext(
        "Many reports came from your network within an hour. Keep your text and send it again later."
    ),
}


def _made_at(stamp: str) -> int:
    """The second in a stamp whose signature holds, as `TimestampSigner` writes it."""
    return b62_decode(stamp.rsplit(":", 2)[1])
