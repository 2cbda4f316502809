"""Aliases: that a name written in another way is somebody's all the same."""

from __future__ import annotations

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils.translation import gettext

from catalog.actions.refusals import CatalogError, require
from catalog.models import Alias, AliasKind, Character, Person
from catalog.recording import record_action


@transaction.atomic
def remember_alias(
    *, user: AbstractBaseUser | None, record: Person | Character, text: str, kind: AliasKind | str
) -> Alias | None:
    """The new alias of a person or a character; None when the name or an alias is written so already.

    Raises CatalogError for a name that no alias can hold.
    """
    require(user, "catalog.add_alias")
    text = " ".join(text.split())
    longest = Alias._meta.get_field("text").max_length
    if not text or len(text) > longest or "\0" in text:
        message = gettext("“%(text)s” is no name: write 1 to %(longest)s characters.")
        raise CatalogError(message % {"text": text[:longest], "longest": longest})
    owner = {"person": record} if isinstance(record, Person) else {"character": record}
    locked = type(record).objects.select_for_update().get(pk=record.pk)
    if locked.name == text or Alias.objects.filter(**owner, text=text).exists():
        return None
    alias = Alias(**owner, text=text, kind=AliasKind(kind))
    alias.full_clean()
    alias.save()
    record_action(user=user, verb="alias.remembered", target=alias, data={"of": locked.name, "text": text})
    return alias
