"""Documents made for tests: small PDFs and DOCX files with known words, and a server that gives them."""

from __future__ import annotations

import functools
import io
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pypdf
import trustme
from docx import Document

PARAGRAPH = "The second season returns in February, and it has enough words to be taken for an article. "
TABLE = (
    "<table><tr><th>Role</th><th>Cast Member</th><th>Earlier</th></tr>"
    "<tr><td>Walt Breslin</td><td>Scoot <b>McNairy</b></td><td>Argo</td></tr></table>"
)
HEAD = (
    '<title>Who is who | The Desk</title><meta property="og:title" content="Who is who">'
    '<meta name="author" content="Jane Roe"><meta property="og:site_name" content="The Desk">'
    '<meta property="article:published_time" content="2020-02-13T09:00:00Z">'
)


def page(body: str = PARAGRAPH * 3, *, head: str = HEAD) -> str:
    """A web page with a menu, an article with a table, and a footer."""
    return (
        f'<!doctype html><html lang="en-US"><head>{head}</head><body><nav><a href="/">Menu entry</a></nav>'
        f"<article><h1>Who is who</h1><p>{body}</p>{TABLE}<p>{PARAGRAPH * 2}</p></article>"
        "<footer>Imprint of nobody</footer></body></html>"
    )


def pdf(*words: str, password: str = "", **about: str) -> bytes:
    """A PDF with a page for each of `words`; `about` are its properties, as in Title="…"."""
    writer = pypdf.PdfWriter()
    for line in words:
        sheet = writer.add_blank_page(600, 800)
        font = pypdf.generic.DictionaryObject()
        for name, value in (("/Type", "/Font"), ("/Subtype", "/Type1"), ("/BaseFont", "/Helvetica")):
            font[pypdf.generic.NameObject(name)] = pypdf.generic.NameObject(value)
        fonts = pypdf.generic.DictionaryObject({pypdf.generic.NameObject("/F1"): font})
        sheet[pypdf.generic.NameObject("/Resources")] = pypdf.generic.DictionaryObject(
            {pypdf.generic.NameObject("/Font"): fonts}
        )
        stream = pypdf.generic.DecodedStreamObject()
        stream.set_data(f"BT /F1 12 Tf 50 700 Td ({line}) Tj ET".encode())
        sheet[pypdf.generic.NameObject("/Contents")] = writer._add_object(stream)
    writer.add_metadata({f"/{name}": value for name, value in about.items()})
    if password:
        writer.encrypt(password, algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def docx(change: Callable = lambda document: None) -> bytes:
    """A DOCX: a paragraph, a table of two rows, a paragraph; `change` may do more to it."""
    document = Document()
    document.add_paragraph("Before the table")
    table = document.add_table(rows=0, cols=3)
    for row in (("Role", "Cast Member", "Earlier"), ("Boss", "Diego Luna", "Rogue One")):
        for cell, words in zip(table.add_row().cells, row, strict=True):
            cell.text = words
    document.add_paragraph("After the table")
    change(document)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


@functools.cache
def authority() -> trustme.CA:
    """Who signs the certificate of news.example in these tests; nobody trusts it unasked."""
    return trustme.CA()


@contextmanager
def serving(
    answer: Callable[[BaseHTTPRequestHandler], None], *, secure: bool = False
) -> Iterator[tuple[str, int]]:
    """A server on 127.0.0.1 that lets `answer` write each response; its address and port."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            with suppress(OSError):  # the reader has hung up, as it should
                answer(self)

        def log_message(self, *args: object) -> None:
            """Nothing: the test's output is not a server's log."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    if secure:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority().issue_cert("news.example").configure_cert(context)
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield ("127.0.0.1", server.server_port)
    finally:
        server.shutdown()
        server.server_close()


def give(handler: BaseHTTPRequestHandler, content: bytes, status: int = 200, **headers: str) -> None:
    """One whole response; `Content_Type="…"` becomes the header Content-Type."""
    handler.send_response(status)
    for name, value in {"Content_Length": str(len(content)), **headers}.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.end_headers()
    handler.wfile.write(content)
