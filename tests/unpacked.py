"""What a response holds for whoever opens it: a zip file is what is packed in it."""

from __future__ import annotations

import io
import zipfile

from django.http import HttpResponse


def contents_of(response: HttpResponse) -> dict[str, bytes]:
    """The body by the name of its file; of a zip each file with its name, of everything else all as ""."""
    content = b"".join(response) if response.streaming else response.content
    if response.headers.get("Content-Type") != "application/zip" or not content:
        return {"": content}
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}
