"""The accounts of the desk. Who has done something is deactivated, never deleted: history names them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.contrib.auth import get_user_model
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext

User = get_user_model()
admin.site.unregister(User)


@admin.register(User)
class AccountAdmin(UserAdmin):
    # Kept for good are a person's name and rights, not how they can be reached.
    unspoken_fields = ("email", "first_name", "last_name", "last_login")

    def get_deleted_objects(self, objs: Iterable[AbstractUser], request: HttpRequest) -> tuple[Any, ...]:
        """As usual; instead of everything that a person did, one line that says what to do."""
        bound = [user for user in objs if has_history(user)]
        if not bound:
            return super().get_deleted_objects(objs, request)
        text = gettext("%(person)s is named in the history. Deactivate the account instead: untick “Active”.")
        return [], {}, set(), [text % {"person": user} for user in bound]


def has_history(user: AbstractUser) -> bool:
    """Whether something that is kept names this person."""
    relations = user._meta.get_fields(include_hidden=True)
    return any(
        relation.related_model._default_manager.filter(**{relation.field.name: user}).exists()
        for relation in relations
        if getattr(relation, "on_delete", None) is models.PROTECT
    )
