"""Fetching: what comes back, how much of it, how long it may take, and where it never goes."""

from __future__ import annotations

import gzip
import socket
import threading
import time
from functools import partial

import pytest

from catalog import fetching
from catalog.fetching import FetchError, fetch, is_public
from tests.catalog.documents import authority, give, serving

WORDS = "Wörter".encode("cp1252")
PUBLIC = "93.184.215.14"


def refusal(address: str, **given) -> str:
    with pytest.raises(FetchError) as refused:
        fetch(address, **given)
    return str(refused.value)


@pytest.fixture
def no_connections(monkeypatch):
    """Fails the test that connects to anything."""

    def connect(*args):
        raise AssertionError(f"connected to {args[1:]}")

    monkeypatch.setattr(socket.socket, "connect", connect)


def test_document_comes_with_its_type_and_the_address_it_was_found_at():
    asked = []

    def answer(request):
        asked.append((request.path, dict(request.headers)))
        if request.path == "/old?a=b":
            give(request, b"", 301, Location="/new", Set_Cookie="a=b")
        else:
            give(request, WORDS, Content_Type="text/html; charset=Windows-1252")

    with serving(answer) as server:
        found = fetch(
            f"http://localhost:{server[1]}/old?a=b#part", allow={server}, resolve=lambda *_: [server[0]]
        )
    assert found == fetching.Fetched(f"http://localhost:{server[1]}/new", "text/html", "windows-1252", WORDS)
    for _path, headers in asked:
        assert headers["Host"] == f"localhost:{server[1]}"
        assert not {"Cookie", "Authorization", "Referer"} & set(headers)


def test_proxies_of_the_environment_are_not_asked(monkeypatch):
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    with serving(lambda request: give(request, WORDS)) as server:
        assert fetch(f"http://127.0.0.1:{server[1]}/", allow={server}).content == WORDS


def test_type_that_is_not_said_is_not_invented():
    with serving(lambda request: give(request, WORDS)) as server:
        found = fetch(f"http://127.0.0.1:{server[1]}/", allow={server})
    assert (found.content_type, found.charset) == ("", "")


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0",
        "10.1.2.3",
        "100.64.0.1",
        "127.0.0.1",
        "169.254.169.254",
        "172.16.0.1",
        "192.0.0.8",
        "192.0.2.1",
        "192.88.99.1",
        "192.168.1.1",
        "198.18.0.1",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::7f00:1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "64:ff9b::10.0.0.1",
        "64:ff9b:1::808:808",
        "2001:0:4136:e378:8000:63bf:3fff:fdd2",
        "2001:db8::1",
        "2002:7f00:1::",
        "2002:808:808::",
        "3fff::1",
        "fc00::1",
        "fe80::1",
        "fe80::1%lo",
        "fec0::1",
        "ff02::1",
    ],
)
def test_address_that_is_not_on_the_public_internet_is_never_connected_to(no_connections, address):
    assert not is_public(address)
    words = refusal("https://news.example/story", resolve=lambda *_: [address])
    assert f"“https://news.example/story” leads to {address}" in words
    assert words.endswith("Paste the text instead.")


@pytest.mark.parametrize(
    "address", [PUBLIC, "8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"]
)
def test_public_address_is_public(address):
    assert is_public(address)


def test_one_private_answer_among_public_ones_condemns_them_all(no_connections):
    assert "leads to 10.0.0.1" in refusal("http://news.example/", resolve=lambda *_: [PUBLIC, "10.0.0.1"])


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "2130706433", "0x7f.1", "127.1", "localhost"]
)
def test_this_machine_is_not_reached_by_any_spelling(no_connections, host):
    assert "not on the public internet" in refusal(f"http://{host}/")


def test_redirect_leads_to_no_private_address():
    asked = []

    def answer(request):
        asked.append(request.path)
        give(request, b"", 302, Location=f"http://127.0.0.2:{server[1]}/inside")

    with serving(answer) as server:
        words = refusal(f"http://127.0.0.1:{server[1]}/", allow={server})
    assert "leads to 127.0.0.2" in words or "asks for port" in words
    assert asked == ["/"]


def test_redirect_to_a_private_address_on_a_usual_port_is_refused():
    with serving(lambda request: give(request, b"", 302, Location="http://169.254.169.254/")) as server:
        words = refusal(f"http://127.0.0.1:{server[1]}/", allow={server})
    assert "leads to 169.254.169.254" in words


def test_answer_that_changes_after_the_check_changes_nothing(monkeypatch):
    """The name is asked for once for each address, and never by whatever connects."""
    answers = []

    def rebinding(host, port):
        answers.append(host)
        return ["127.0.0.1"] if len(answers) == 1 else ["10.0.0.1"]

    def only_numbers(host, *args, **kwargs):
        assert host == "127.0.0.1", f"{host} was resolved again"
        return real(host, *args, **kwargs)

    with serving(lambda request: give(request, WORDS)) as server:
        real = socket.getaddrinfo
        monkeypatch.setattr(socket, "getaddrinfo", only_numbers)
        assert fetch(f"http://news.example:{server[1]}/", allow={server}, resolve=rebinding).content == WORDS
    assert answers == ["news.example"]


def test_secure_connection_goes_to_the_checked_address_and_asks_for_the_hosts_certificate(monkeypatch):
    made = []

    class Refusing(fetching.HTTPSConnection):
        def __init__(self, *args, **kwargs):
            made.append((args, kwargs))
            super().__init__(*args, **kwargs)

        def connect(self):
            raise ConnectionRefusedError

    monkeypatch.setattr(fetching, "HTTPSConnection", Refusing)
    assert "does not answer" in refusal("https://news.example/", resolve=lambda *_: [PUBLIC])
    [(args, kwargs)] = made
    assert args == (PUBLIC, 443)
    names = (kwargs["server_hostname"], kwargs["assert_hostname"], kwargs["cert_reqs"])
    assert names == ("news.example", "news.example", "CERT_REQUIRED")


@pytest.fixture
def trust(monkeypatch, tmp_path):
    """Call it, and the tests' own authority is trusted from then on."""

    def trust_it() -> None:
        path = tmp_path / "authority.pem"
        authority().cert_pem.write_to_path(path)
        monkeypatch.setenv("SSL_CERT_FILE", str(path))

    return trust_it


def test_secure_server_proves_that_it_is_the_host_of_the_address(trust):
    """The connection goes to a number; the certificate must be the name's, and of a trusted authority."""
    with serving(partial(give, content=WORDS), secure=True) as server:
        asked = partial(fetch, allow={server}, resolve=lambda *_: [server[0]])
        address = f"https://news.example:{server[1]}/"
        with pytest.raises(FetchError, match="cannot prove"):
            asked(address)
        trust()
        assert asked(address).content == WORDS
        for other in ("other.example", "127.0.0.1"):
            with pytest.raises(FetchError, match="cannot prove"):
                asked(address.replace("news.example", other))


def test_slow_drip_over_a_secure_connection_is_stopped_by_the_total_time(trust):
    trust()
    cut = threading.Event()
    with serving(lambda request: drip(request, b"HTTP/1.1 200 OK\r\n\r\n", cut), secure=True) as server:
        words = refusal(
            f"https://news.example:{server[1]}/", allow={server}, resolve=lambda *_: [server[0]], seconds=0.3
        )
        assert cut.wait(10)
    assert "is too slow" in words


def test_server_that_speaks_no_tls_cannot_prove_itself():
    with serving(lambda request: give(request, WORDS)) as server:
        assert "cannot prove" in refusal(f"https://127.0.0.1:{server[1]}/", allow={server}, seconds=3)


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("ftp://news.example/", "does not begin with https://"),
        ("file:///etc/passwd", "does not begin with https://"),
        ("news.example/story", "does not begin with https://"),
        ("javascript:alert(1)", "does not begin with https://"),
        ("http://", "does not begin with https://"),
        ("http://[::1", "is not an address"),
        ("http://news.example:99999/", "is not an address"),
        ("https://me:secret@news.example/", "holds a user name or password"),
        ("http://news.example:8080/", "asks for port 8080"),
        ("http://news.example:22/", "asks for port 22"),
    ],
)
def test_address_of_another_kind_is_refused_in_one_sentence_that_helps(no_connections, address, words):
    said = refusal(address, resolve=lambda *_: [PUBLIC])
    assert words in said
    assert "secret" not in said


def test_host_that_nobody_knows_is_named(no_connections):
    def nobody(host, port):
        raise socket.gaierror(-2, "Name or service not known")

    assert "There is no server “nwes.example”" in refusal("http://nwes.example/", resolve=nobody)


def test_five_redirects_are_followed_and_a_sixth_is_not():
    def answer(request):
        left = int(request.path.strip("/"))
        if left:
            give(request, b"", 302, Location=f"/{left - 1}")
        else:
            give(request, WORDS)

    with serving(answer) as server:
        assert fetch(f"http://127.0.0.1:{server[1]}/5", allow={server}).content == WORDS
        assert "redirects more than 5 times" in refusal(f"http://127.0.0.1:{server[1]}/6", allow={server})


@pytest.mark.parametrize("status", [204, 304, 403, 404, 500])
def test_server_that_gives_no_document_is_quoted(status):
    with serving(lambda request: give(request, b"", status)) as server:
        assert f"answers {status}" in refusal(f"http://127.0.0.1:{server[1]}/", allow={server})


def test_document_at_the_limit_is_fetched_and_one_byte_more_is_not():
    with serving(lambda request: give(request, b"x" * int(request.path[1:]))) as server:
        address = f"http://127.0.0.1:{server[1]}/"
        assert len(fetch(f"{address}1000", allow={server}, max_bytes=1000).content) == 1000
        assert "larger than 1,000 bytes" in refusal(f"{address}1001", allow={server}, max_bytes=1000)


def test_compressed_document_is_unpacked_and_counted_unpacked():
    small, bomb = gzip.compress(WORDS), gzip.compress(bytes(50_000_000))
    assert len(bomb) < 100_000

    def answer(request):
        give(request, bomb if request.path == "/bomb" else small, Content_Encoding="gzip")

    with serving(answer) as server:
        address = f"http://127.0.0.1:{server[1]}"
        assert fetch(f"{address}/", allow={server}).content == WORDS
        assert "larger than 1,000,000 bytes" in refusal(
            f"{address}/bomb", allow={server}, max_bytes=1_000_000
        )


def test_damaged_compression_is_said():
    with serving(lambda request: give(request, b"not gzip", Content_Encoding="gzip")) as server:
        assert "arrived damaged" in refusal(f"http://127.0.0.1:{server[1]}/", allow={server})


def test_document_cut_short_is_not_taken_for_a_whole_one():
    with serving(lambda request: give(request, b"half", Content_Length="8")) as server:
        assert "arrived damaged" in refusal(f"http://127.0.0.1:{server[1]}/", allow={server})


def drip(request, start: bytes, cut: threading.Event) -> None:
    """Bytes that come often enough for every timeout between two of them, for half a minute or until
    the reader hangs up, which sets `cut`.
    """
    try:
        request.wfile.write(start)
        for _ in range(1500):
            request.wfile.write(b"x")
            request.wfile.flush()
            time.sleep(0.02)
    except OSError:
        cut.set()
        raise


@pytest.mark.parametrize(
    "start",
    [
        b"HTTP/1.1 200 OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nA: ",
    ],
)
def test_slow_drip_of_body_or_headers_is_stopped_by_the_total_time(start):
    cut = threading.Event()
    with serving(lambda request: drip(request, start, cut)) as server:
        words = refusal(f"http://127.0.0.1:{server[1]}/", allow={server}, seconds=0.2)
        assert cut.wait(10)
    assert "is too slow" in words


def test_slow_redirects_share_one_total_time():
    def answer(request):
        time.sleep(0.1)
        give(request, b"", 302, Location="/on")

    with serving(answer) as server:
        words = refusal(f"http://127.0.0.1:{server[1]}/", allow={server}, seconds=0.25)
    assert "is too slow" in words


def test_resolver_that_does_not_come_back_is_left_behind():
    words = refusal("http://news.example/", resolve=lambda *_: time.sleep(0.5) or [PUBLIC], seconds=0.1)
    assert "is too slow" in words


def test_server_that_hangs_up_or_is_not_there_is_said():
    with serving(lambda request: request.wfile.write(b"")) as server:
        address = f"http://127.0.0.1:{server[1]}/"
        assert "does not answer" in refusal(address, allow={server})
    assert "does not answer" in refusal(address, allow={server})


def test_next_answer_is_tried_when_the_first_does_not_answer():
    with serving(lambda request: give(request, WORDS)) as server:
        port = server[1]
        allow = {server, ("127.0.0.9", port)}
        found = fetch(f"http://a.example:{port}/", allow=allow, resolve=lambda *_: ["127.0.0.9", server[0]])
    assert found.content == WORDS
