"""What every record of the catalog has."""

from __future__ import annotations

from django.contrib.contenttypes.fields import GenericRelation
from django.db import models
from django.db.models.functions import Coalesce, Length
from django.db.models.lookups import Exact
from django.utils.translation import gettext_lazy as _


class Record(models.Model):
    """A row of the catalog. `updated_at` feeds the pages' Last-Modified."""

    updated_at = models.DateTimeField(_("updated at"), auto_now=True)

    class Meta:
        abstract = True


class CitableRecord(Record):
    """A record whose fields are facts: each may be cited, and readers see only what is."""

    citations = GenericRelation("catalog.Citation")

    class Meta:
        abstract = True


def none_as_zero(field: str) -> Coalesce:
    """The key of a nullable relation in a unique constraint where two empty ones count as equal."""
    return Coalesce(models.F(field), models.Value(0), output_field=models.BigIntegerField())


def one_of(field: str, choices: type[models.TextChoices], name: str) -> models.CheckConstraint:
    """The constraint that `field` holds one of `choices`."""
    return models.CheckConstraint(name=name, condition=models.Q(**{f"{field}__in": choices.values}))


def one_of_or_blank(field: str, choices: type[models.TextChoices], name: str) -> models.CheckConstraint:
    """The constraint that `field` is empty or holds one of `choices`."""
    return models.CheckConstraint(name=name, condition=models.Q(**{f"{field}__in": ["", *choices.values]}))


def sha256_sized(field: str, name: str) -> models.CheckConstraint:
    """The constraint that `field` is as long as a SHA-256 in hexadecimal."""
    return models.CheckConstraint(name=name, condition=Exact(Length(field), 64))


def exactly_one(*fields: str, name: str, message: str) -> models.CheckConstraint:
    """The constraint that exactly one of the nullable `fields` is set."""
    condition = models.Q()
    for chosen in fields:
        condition |= models.Q(**{f"{field}__isnull": field != chosen for field in fields})
    return models.CheckConstraint(name=name, condition=condition, violation_error_message=message)
