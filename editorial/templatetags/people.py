"""How the pages of the desk call a person: by their full name, as the history does."""

from __future__ import annotations

from django import template
from django.contrib.auth.models import AbstractBaseUser

from editorial.mentioning import label_of

register = template.Library()


@register.filter
def person(user: AbstractBaseUser | None) -> str:
    """The name of whoever did it; "" for the machine."""
    return "" if user is None else label_of(user)
