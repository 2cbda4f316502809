"""Citations: that a passage supports a value, as somebody compared the two."""

from __future__ import annotations

from django.contrib.auth.models import AbstractBaseUser
from django.db import models, transaction
from django.utils.translation import gettext

from catalog.actions.refusals import CitationWithoutRecord, ValueTooLong, require
from catalog.facts import value_text
from catalog.models import Citation


@transaction.atomic
def confirm_citation(*, user: AbstractBaseUser | None, citation: Citation) -> None:
    """Record that `user` compared the passage with the present value of the record's field."""
    require(user, "catalog.change_citation")
    locked = Citation.objects.select_for_update().get(pk=citation.pk)
    if locked.target is None:
        message = gettext("The record that this citation is about is gone. Delete the citation.")
        raise CitationWithoutRecord(message)
    citation.checked_value = locked.checked_value = new_citation_value(locked.target, locked.field)
    locked.save(update_fields=["checked_value", "updated_at"])


def new_citation_value(record: models.Model, field: str) -> str:
    """What a citation of `field` is compared with from now on: the record's present value.

    Raises ValueTooLong.
    """
    value = value_text(record, field)
    longest = Citation._meta.get_field("checked_value").max_length
    if len(value) > longest:
        raise ValueTooLong(
            gettext(
                "The value has more than %(longest)s characters, too many for a citation to be compared "
                "with. Shorten it, or cite a shorter fact."
            )
            % {"longest": longest}
        )
    return value
