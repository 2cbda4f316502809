"""Addresses that readers know: whoever changes one leaves a way on from it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.utils import timezone

from catalog.former import address_key, has_addresses
from catalog.models import FormerAddress


@contextmanager
def keeping_addresses(records: Iterable[models.Model]) -> Iterator[None]:
    """Around the saving of changed records: the addresses that they have had lead on to where they are then.

    One transaction, which holds the rows. Who was at an address before the record that leaves it now is found
    there no longer.
    """
    pks: dict[type[models.Model], set[int]] = defaultdict(set)
    for record in records:
        if record.pk is not None and has_addresses(type(record)):
            pks[type(record)].add(record.pk)
    with transaction.atomic():
        before = {
            one: address_key(one)
            for model, wanted in pks.items()
            for one in model._default_manager.select_for_update().filter(pk__in=wanted).order_by("pk")
        }
        yield
        now = {one for model, wanted in pks.items() for one in model._default_manager.filter(pk__in=wanted)}
        for record in now:
            if before[record] and before[record] != address_key(record):
                _leave(record, before[record])


def _leave(record: models.Model, key: str) -> None:
    """The way on from `key`. A record that is back at an address that it had needs none from there."""
    kind = ContentType.objects.get_for_model(record)
    FormerAddress.objects.update_or_create(
        content_type=kind, key=key, defaults={"object_id": record.pk, "left_at": timezone.now()}
    )
    FormerAddress.objects.filter(content_type=kind, key=address_key(record), object_id=record.pk).delete()
