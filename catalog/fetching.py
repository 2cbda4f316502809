"""Fetching a document from an address a person gave, without reaching anything behind our own walls.

A name is resolved once, every answer is checked, and the connection goes to a checked address: an answer
that changes afterwards, or a redirect to a private one, leads nowhere. No proxy, cookie or credential.
"""

from __future__ import annotations

import contextlib
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Callable, Collection, Container
from dataclasses import dataclass
from email.message import Message
from urllib.parse import urljoin

from django.utils.formats import number_format
from django.utils.translation import gettext
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import DecodeError, HTTPError, LocationParseError, ProtocolError, SSLError
from urllib3.response import HTTPResponse
from urllib3.util.ssl_match_hostname import CertificateError
from urllib3.util.url import Url, parse_url

MAX_REDIRECTS = 5
MAX_BYTES = 10 * 1024 * 1024
TOTAL_SECONDS = 20.0

_PORTS = {"http": 80, "https": 443}
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_CHUNK = 64 * 1024
_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,text/plain,application/pdf,*/*;q=0.5",
    "Accept-Encoding": "gzip, deflate",
    "Connection": "close",
    "User-Agent": "Ibid (newsroom; fetches single documents for people)",
}
_GLOBAL_UNICAST = ipaddress.IPv6Network("2000::/3")
# What is_global does not know, or did not before Python 3.13; 6to4 and Teredo lead back into IPv4.
_SPECIAL = tuple(
    map(
        ipaddress.ip_network,
        ("192.0.0.0/24", "192.88.99.0/24", "2001::/23", "2002::/16", "3fff::/20"),
    )
)
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolve = Callable[[str, int], Collection[str]]


class FetchError(ValueError):
    """The document was not fetched; str() says to people why, where and what to do."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """A document as its server gave it, decompressed; `url` is where the redirects ended."""

    url: str
    content_type: str
    charset: str
    content: bytes


def resolve(host: str, port: int) -> list[str]:
    """The IP addresses of a host, in the system's order. Raises OSError."""
    answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(answer[4][0]) for answer in answers))


def is_public(address: str) -> bool:
    """Whether an IP address is on the public internet, also what an IPv6 one carries of IPv4."""
    ip: Address = ipaddress.ip_address(address)
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped is not None:
            return is_public(str(ip.ipv4_mapped))
        if ip in _NAT64:
            return is_public(str(ipaddress.IPv4Address(int(ip) & 0xFFFF_FFFF)))
        if ip not in _GLOBAL_UNICAST:
            return False
    never = ip.is_private or ip.is_link_local or ip.is_multicast or ip.is_reserved
    return ip.is_global and not never and not any(ip in network for network in _SPECIAL)


def fetch(
    address: str,
    *,
    allow: Container[tuple[str, int]] = (),
    resolve: Resolve = resolve,
    max_bytes: int = MAX_BYTES,
    seconds: float = TOTAL_SECONDS,
) -> Fetched:
    """The document at an http or https address, after at most 5 redirects. Raises FetchError.

    `allow` names (IP address, port) pairs that may be reached although they are not public, for tests.
    `max_bytes` counts decompressed bytes; `seconds` is for everything together.
    """
    deadline = time.monotonic() + seconds
    for _hop in range(MAX_REDIRECTS + 1):
        url = _parsed(address)
        port = url.port or _PORTS[str(url.scheme)]
        host = str(url.host).strip("[]")
        addresses = _checked(address, _resolved(address, host, port, resolve, deadline), port, allow)
        answer = _asked(address, url, host, port, addresses, deadline, max_bytes)
        if isinstance(answer, Fetched):
            return answer
        address = urljoin(address, answer)
    raise FetchError(
        gettext("“%(address)s” redirects more than %(most)s times. Give the address of the document itself.")
        % {"address": address, "most": MAX_REDIRECTS}
    )


def _parsed(address: str) -> Url:
    try:
        url = parse_url(address.strip())
    except LocationParseError as error:
        raise FetchError(
            _sentence(gettext("“%(address)s” is not an address. Copy it from the browser."), address)
        ) from error
    if url.scheme not in _PORTS or not url.host:
        raise FetchError(
            _sentence(
                gettext("“%(address)s” does not begin with https:// or http://. Give it in full."), address
            )
        )
    if url.auth is not None:
        raise FetchError(
            gettext("The address holds a user name or password. Give it without: it would be stored.")
        )
    return url


def _resolved(address: str, host: str, port: int, resolve: Resolve, deadline: float) -> Collection[str]:
    """The answers for a host. A resolver that does not come back in time is left behind."""
    answers: list[Collection[str]] = []

    def ask() -> None:
        try:
            answers.append(resolve(host, port))
        except (OSError, UnicodeError):
            answers.append(())

    thread = threading.Thread(target=ask, daemon=True)
    thread.start()
    thread.join(max(0.0, deadline - time.monotonic()))
    if not answers:
        raise _too_slow(address)
    if not answers[0]:
        raise FetchError(
            gettext("There is no server “%(host)s”. Check the address “%(address)s” for typing mistakes.")
            % {"host": host, "address": address}
        )
    return answers[0]


def _checked(
    address: str, answers: Collection[str], port: int, allow: Container[tuple[str, int]]
) -> Collection[str]:
    """The answers, each of which may be connected to; one that may not condemns them all."""
    for ip in answers:
        if (ip, port) in allow:
            continue
        if port not in _PORTS.values():
            raise FetchError(
                gettext(
                    "“%(address)s” asks for port %(port)s; documents are fetched from ports 80 and 443 only. "
                    "Paste the text instead."
                )
                % {"address": address, "port": port}
            )
        if not is_public(ip):
            raise FetchError(
                gettext(
                    "“%(address)s” leads to %(ip)s, which is not on the public internet and is never "
                    "fetched. Paste the text instead."
                )
                % {"address": address, "ip": ip}
            )
    return answers


def _asked(
    address: str, url: Url, host: str, port: int, addresses: Collection[str], deadline: float, max_bytes: int
) -> Fetched | str:
    """What the server gave, or where it redirects to."""
    connection = _connected(address, url, host, addresses, port, deadline)
    # A server that sends a byte now and then never runs into a timeout between two of them.
    watchdog = threading.Timer(max(0.0, deadline - time.monotonic()), _hang_up, [connection.sock])
    watchdog.daemon = True
    watchdog.start()
    response = None
    try:
        headers = {**_HEADERS, "Host": url.netloc or ""}
        connection.request("GET", url.request_uri, headers=headers, preload_content=False)
        response = connection.getresponse()
        location = response.headers.get("Location")
        if response.status in _REDIRECTS and location:
            return location
        if response.status != 200:
            raise FetchError(
                gettext(
                    "The server of “%(address)s” answers %(status)s instead of the document. "
                    "Open it in a browser and paste the text."
                )
                % {"address": address, "status": f"{response.status} {response.reason or ''}".strip()}
            )
        content = _read(address, response, deadline, max_bytes)
        return Fetched(address, *_type_of(response), content)
    except (HTTPError, OSError, ValueError) as error:
        if isinstance(error, FetchError):
            raise
        raise (_too_slow(address) if time.monotonic() >= deadline else _broken(address, error)) from error
    finally:
        watchdog.cancel()
        if response is not None:
            response.close()
        connection.close()


def _connected(
    address: str, url: Url, host: str, addresses: Collection[str], port: int, deadline: float
) -> HTTPConnection:
    """A connection to the first of the checked addresses that answers."""
    failure: Exception | None = None
    for ip in addresses:
        left = deadline - time.monotonic()
        if left <= 0:
            break
        if url.scheme == "https":
            connection: HTTPConnection = HTTPSConnection(
                ip, port, timeout=left, cert_reqs="CERT_REQUIRED", server_hostname=host, assert_hostname=host
            )
        else:
            connection = HTTPConnection(ip, port, timeout=left)
        try:
            connection.connect()
        except (HTTPError, OSError, CertificateError) as error:
            connection.close()
            failure = error
        else:
            return connection
    if time.monotonic() >= deadline:
        raise _too_slow(address) from failure
    raise _broken(address, failure) from failure


def _hang_up(sock: socket.socket) -> None:
    # Not SSLSocket.shutdown, which would pull the encryption from under the thread that reads.
    with contextlib.suppress(OSError):
        socket.socket.shutdown(sock, socket.SHUT_RDWR)


def _read(address: str, response: HTTPResponse, deadline: float, max_bytes: int) -> bytes:
    content = bytearray()
    while chunk := response.read(_CHUNK, decode_content=True):
        content += chunk
        if len(content) > max_bytes:
            raise FetchError(
                gettext(
                    "The document at “%(address)s” is larger than %(limit)s bytes. "
                    "Paste the part that matters."
                )
                % {"address": address, "limit": number_format(max_bytes, force_grouping=True)}
            )
        if time.monotonic() >= deadline:
            break
    # The end that the watchdog made looks like any other.
    if time.monotonic() >= deadline:
        raise _too_slow(address)
    return bytes(content)


def _type_of(response: HTTPResponse) -> tuple[str, str]:
    """Media type and charset of the Content-Type header, "" for what it does not say."""
    given = response.headers.get("Content-Type") or ""
    message = Message()
    message["Content-Type"] = given
    return (message.get_content_type() if given else "", message.get_content_charset() or "")


def _sentence(text: str, address: str) -> str:
    return text % {"address": address}


def _too_slow(address: str) -> FetchError:
    text = gettext("The server of “%(address)s” is too slow. Try again later, or paste the text.")
    return FetchError(_sentence(text, address))


def _broken(address: str, error: Exception | None) -> FetchError:
    if isinstance(error, (SSLError, ssl.SSLError, CertificateError)):
        text = gettext("The server of “%(address)s” cannot prove that it is the one. Check the address.")
    elif isinstance(error, (DecodeError, ProtocolError)):
        text = gettext("The document at “%(address)s” arrived damaged. Try again later, or paste the text.")
    else:
        text = gettext("The server of “%(address)s” does not answer. Try again later, or paste the text.")
    return FetchError(_sentence(text, address))
