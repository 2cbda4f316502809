"""What people do with an import of a table, through the client."""

from __future__ import annotations

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.urls import reverse

from editorial.models import TableImport


def upload(client, table: str, content: str | bytes, name: str | None = None) -> TableImport:
    """The import of a file that was uploaded and, where it is small, checked."""
    raw = content.encode() if isinstance(content, str) else content
    sent = {"table": table, "file": SimpleUploadedFile(name or table, raw)}
    response = client.post(reverse("admin:editorial_tableimport_add"), sent)
    assert response.status_code == 302, response.content.decode()
    return TableImport.objects.latest("pk")


def numbers(table_import: TableImport) -> tuple[int, int, int, int]:
    """How many rows are new, changed, the same and refused."""
    return tuple(table_import.counts.get(kind) for kind in ("new", "changed", "same", "refused"))


def confirm(client, table_import: TableImport, how: str = "all", **sent: str) -> HttpResponse:
    table_import.refresh_from_db()
    url = reverse("admin:editorial_tableimport_confirm", args=[table_import.pk])
    return client.post(url, {"how": how, "fingerprint": table_import.fingerprint, **sent}, follow=True)
