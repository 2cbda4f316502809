"""Addresses that readers know: whoever changes one leaves a way on from it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager

from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.utils import timezone

from catalog.facts import WHOLE, value_text
from catalog.former import address_key, has_addresses
from catalog.keys import NAMED_WITH
from catalog.models import Character, FormerAddress, Person, Series


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
        compared = {one: list(_compared(one)) for one in before}
        yield
        now = {one for model, wanted in pks.items() for one in model._default_manager.filter(pk__in=wanted)}
        for record in now:
            if before[record] and before[record] != address_key(record):
                _leave(record, before[record])
                _carry_on(compared[record], list(_compared(record)))


def _leave(record: models.Model, key: str) -> None:
    """The way on from `key`. A record that is back at an address that it had needs none from there."""
    kind = ContentType.objects.get_for_model(record)
    FormerAddress.objects.update_or_create(
        content_type=kind, key=key, defaults={"object_id": record.pk, "left_at": timezone.now()}
    )
    FormerAddress.objects.filter(content_type=kind, key=address_key(record), object_id=record.pk).delete()


def _compared(record: models.Model) -> Iterator[tuple[models.Model, str, str]]:
    """What is compared by a text with the record's slug in it: who plays whom, who made what, what is related
    to what. Each with its field and that text.
    """
    for name, field in _NAMING.get(type(record), ()):
        for one in getattr(record, name).select_related(
            *NAMED_WITH.get(record._meta.get_field(name).related_model, ())
        ):
            yield one, field, value_text(one, field)


def _carry_on(before: list[tuple[models.Model, str, str]], now: list[tuple[models.Model, str, str]]) -> None:
    """A value that is written differently since is the same value: comparisons with it still stand."""
    written = {(one, field): text for one, field, text in now}
    for one, field, text in before:
        about = one.citations.filter(field=field, checked_value=text)
        about.update(checked_value=written[one, field])


_NAMING: Mapping[type[models.Model], tuple[tuple[str, str], ...]] = {
    Person: (("roles", WHOLE), ("crew_credits", WHOLE)),
    Character: (("portrayals", WHOLE),),
    Series: (("companions", "relation"),),
}
