"""Who is mentioned in a comment: people who can see articles, by `@username` or by `@Full Name`."""

from __future__ import annotations

import re
from collections.abc import Iterable

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser
from django.db import models


def who_sees_articles() -> models.QuerySet:
    """The people with an account of the desk who may look at articles, by name."""
    users = get_user_model().objects
    may = [users.with_perm(f"editorial.{action}_article") for action in ("view", "change")]
    seeing = models.Q(pk__in=may[0].values("pk")) | models.Q(pk__in=may[1].values("pk"))
    return users.filter(seeing, is_staff=True).order_by("first_name", "last_name", "username")


def mentioned_in(text: str, people: Iterable[AbstractBaseUser]) -> list[AbstractBaseUser]:
    """Those of `people` whom the text names after an `@`; capitals do not matter, the longest name counts."""
    by_name: dict[str, list[AbstractBaseUser]] = {}
    for person in people:
        for name in {person.get_username(), person.get_full_name()} - {""}:
            by_name.setdefault(name.casefold(), []).append(person)
    if not by_name:
        return []
    names = "|".join(re.escape(name) for name in sorted(by_name, key=len, reverse=True))
    found = re.finditer(rf"(?<![\w.+-])@({names})(?!\w)", text.casefold())
    return list(dict.fromkeys(person for match in found for person in by_name[match[1]]))


def label_of(user: AbstractBaseUser) -> str:
    """How a person is called in what outlives their account."""
    return user.get_full_name() or user.get_username()
