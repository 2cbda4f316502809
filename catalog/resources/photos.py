"""The table of photos, and the picture files that come with it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from pathlib import PurePosixPath

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext
from import_export import fields

from catalog.images import ImageRefused, as_stored
from catalog.keys import key_of
from catalog.models import Photo, Season
from catalog.pictures import forget_renditions
from catalog.resources.base import TableResource
from catalog.resources.cells import Column
from catalog.resources.columns import reference
from catalog.resources.known import Known
from catalog.resources.widgets import Text


class PhotoResource(TableResource):
    """`read_file(name)` gives the bytes of a file that came along, None when it did not.

    An empty cell for the focal point leaves it where it is; that of a new photo is the middle.
    A stored file has twelve digits of the SHA-256 of the file it was made from in its name: a picture
    that is there already is not made again.
    """

    file = fields.Field(column_name="file", widget=Text())
    gives_away = reference("gives_away", Season, part=key_of)
    unasked = frozenset({"image"})
    batch_rows = 10  # each takes a moment, and who stops an import waits for the end of a batch
    writes_by_itself = True
    relations = ("gives_away__series",)
    later = frozenset({"focus_x", "focus_y"})

    class Meta:
        model = Photo
        import_id_fields = ["slug"]
        fields = (
            "slug",
            "file",
            "alt",
            "caption",
            "credit",
            "rights_until",
            "gives_away",
            "focus_x",
            "focus_y",
        )

    def __init__(
        self,
        known: Known | None = None,
        *,
        read_file: Callable[[str], bytes | None] = lambda name: None,
        **kwargs: object,
    ) -> None:
        super().__init__(known, **kwargs)
        self.read_file = read_file
        self.made: list[Photo] = []
        self._files_before: dict[int, str] = {}

    def dehydrate_file(self, photo: Photo) -> str:
        return photo.slug + PurePosixPath(photo.image.name or "").suffix

    def columns_of(self, record: Photo | None, row: Mapping[str, str]) -> list[Column]:
        said = {name: cell for name, cell in row.items() if cell or name not in self.later}
        return super().columns_of(record, said)

    def complete(self, instance: Photo, row: Mapping[str, str], line: int, changed: bool) -> bool:
        if instance.pk is not None:
            self._files_before[instance.pk] = instance.image.name
        raw = self.read_file(row["file"])
        if raw is None:
            if instance.pk is None or row["file"] != self.dehydrate_file(instance):
                raise ValidationError({"file": gettext("This file did not come along in photos/.")})
            return False
        digest = hashlib.sha256(raw).hexdigest()[:12]
        there = instance.image.name or ""
        if digest in there and instance.image.storage.exists(there):
            return False
        try:
            picture = as_stored(
                raw, max_bytes=settings.UPLOAD_MAX_BYTES, max_pixels=settings.UPLOAD_MAX_PIXELS
            )
        except ImageRefused as error:
            raise ValidationError({"file": str(error)}) from error
        if self.check_only:
            return True  # nothing will be stored, and all the pictures together are too many for the memory
        instance.image = ContentFile(picture.data, f"{instance.slug}-{digest}.{picture.format}")
        self.made.append(instance)
        return True

    def write(self, new: list[Photo], changed: list[Photo]) -> None:
        super().write(new, changed)
        outdated = [self._files_before[photo.pk] for photo in changed if photo.pk in self._files_before]
        transaction.on_commit(lambda: [forget_renditions(file) for file in outdated])

    def discard(self) -> None:
        """Delete the files that were stored for rows which are not kept."""
        for photo in self.made:
            if photo.image._committed:
                photo.image.storage.delete(photo.image.name)
