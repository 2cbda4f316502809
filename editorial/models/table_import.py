"""Files that people bring in, of one table or a whole bundle: each from its upload to what it wrote."""

from __future__ import annotations

import uuid
from pathlib import Path

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.models.base import one_of, sha256_sized
from editorial.table_querysets import TableImportQuerySet

BUNDLE = "bundle"  # in the place of a table: every table at once


class ImportState(models.TextChoices):
    UPLOADED = "uploaded", _("uploaded")
    CHECKING = "checking", _("being checked")
    CHECKED = "checked", _("checked")
    IMPORTING = "importing", _("being imported")
    IMPORTED = "imported", _("imported")
    UNDOING = "undoing", _("being undone")
    UNDONE = "undone", _("undone")
    CANCELLED = "cancelled", _("cancelled")
    FAILED = "failed", _("failed")


class TableImport(models.Model):
    """One file for one table, or for all of them (BUNDLE). The file, its progress and what the dry run found
    lie in a folder of its own.

    `options` has what people chose: how the file is read (`reading`), what its columns are (`mapping`),
    which names are the same (`names`), the cells they mended (`mended`: line → column → text).
    `counts` and `fingerprint` are the dry run's until it is imported, `found_in` the folder of its rows.
    While it is checked, imported or undone, whoever claimed it last owns it until `leased_until`; `claims`
    tells the claims apart, `attempts` counts those of one step. The row is closed in the very transaction
    that writes the data. What a bundle has found of each of its files stands in `counts`; it is not taken
    back, and its file goes when it ends.
    """

    table = models.CharField(_("table"), max_length=50)
    folder = models.UUIDField(_("folder"), default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("file"), max_length=255)
    size = models.PositiveBigIntegerField(_("bytes"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("uploaded by")
    )
    uploaded_at = models.DateTimeField(_("uploaded at"))
    options = models.JSONField(_("options"), default=dict, blank=True)
    state = models.CharField(_("state"), max_length=20, choices=ImportState, default=ImportState.UPLOADED)
    rows = models.PositiveIntegerField(_("rows"), null=True, blank=True)
    counts = models.JSONField(_("counts"), default=dict, blank=True)
    fingerprint = models.CharField(_("fingerprint"), max_length=64, blank=True)
    found_in = models.CharField(_("rows found in"), max_length=40, blank=True)
    only_good = models.BooleanField(_("only the good rows"), default=False)
    has_moved = models.BooleanField(_("the data has moved since"), default=False)
    problem = models.JSONField(_("problem"), default=dict, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("confirmed by"),
    )
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("undone by"),
    )
    leased_until = models.DateTimeField(_("leased until"), null=True, blank=True)
    claims = models.PositiveIntegerField(_("claims"), default=0)
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    file_removed_at = models.DateTimeField(_("file removed at"), null=True, blank=True)

    objects = TableImportQuerySet.as_manager()

    class Meta:
        verbose_name = _("import of a table")
        verbose_name_plural = _("imports of tables")
        ordering = ["-uploaded_at", "-pk"]
        indexes = [
            models.Index(
                fields=["state"],
                condition=models.Q(state__in=["checking", "importing", "undoing"]),
                name="table_import_running",
            )
        ]
        constraints = [
            one_of("state", ImportState, "table_import_state_known"),
            sha256_sized("sha256", "table_import_hash_is_hex"),
            models.CheckConstraint(
                name="table_import_is_confirmed_by_somebody",
                condition=~models.Q(state__in=["importing", "imported", "undoing", "undone"])
                | models.Q(confirmed_by__isnull=False),
            ),
            models.CheckConstraint(
                name="table_import_writes_what_was_checked",
                condition=~models.Q(state__in=["checked", "importing", "imported", "undoing", "undone"])
                | ~models.Q(fingerprint=""),
            ),
            models.CheckConstraint(
                name="table_import_is_undone_by_somebody",
                condition=~models.Q(state__in=["undoing", "undone"]) | models.Q(undone_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_bundle(self) -> bool:
        return self.table == BUNDLE

    @property
    def place(self) -> Path:
        """The folder that holds the file and what was found out about it."""
        return Path(settings.IMPORT_ROOT) / str(self.folder)

    @property
    def path(self) -> Path:
        """The file as it was uploaded; gone once `file_removed_at` is set."""
        return self.place / "file"


class ImportedRow(models.Model):
    """A record that an import wrote: how it was (None: it was not there) and how the import left it."""

    table_import = models.ForeignKey(
        TableImport, models.CASCADE, related_name="imported_rows", verbose_name=_("import")
    )
    content_type = models.ForeignKey(ContentType, models.PROTECT, related_name="+", verbose_name=_("kind"))
    object_id = models.PositiveBigIntegerField(_("record"))
    line = models.PositiveIntegerField(_("line"), default=0)
    before = models.JSONField(_("before"), null=True, blank=True)
    after = models.JSONField(_("after"))
    undone = models.BooleanField(_("undone"), default=False)
    left_because = models.CharField(_("left because"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("imported row")
        verbose_name_plural = _("imported rows")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.content_type} {self.object_id}"


class HeaderMapping(models.Model):
    """What the columns of a table were last said to be, for files with exactly these headers."""

    table = models.CharField(_("table"), max_length=50)
    headers_hash = models.CharField(_("SHA-256 of the headers"), max_length=64)
    mapping = models.JSONField(_("mapping"))
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("mapping of headers")
        verbose_name_plural = _("mappings of headers")
        ordering = ["table", "-at"]
        constraints = [
            models.UniqueConstraint("table", "headers_hash", name="header_mapping_once"),
            sha256_sized("headers_hash", "header_mapping_hash_is_hex"),
        ]

    def __str__(self) -> str:
        return f"{self.table} {self.headers_hash[:12]}"
