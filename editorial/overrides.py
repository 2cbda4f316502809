"""Which warnings of an article editors have overridden, and what is left of its problems to keep it back."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib.auth.models import AbstractBaseUser

from editorial.models import Article, Override
from editorial.problems import Problem, errors_at, warnings_at
from editorial.workflow import Gate


def overrides_of(article: Article) -> dict[tuple[str, str], Override]:
    """The overrides of the article by what they are about: code and place. They hold for every revision."""
    given = Override.objects.filter(article=article).select_related("user").order_by("at", "pk")
    return {(one.code, one.where): one for one in given}


def holding_back(
    user: AbstractBaseUser | None, article: Article, gate: Gate, problems: Iterable[Problem]
) -> list[Problem]:
    """Of these problems, what keeps the article back at this gate: errors and, for a person, the warnings
    that nobody has overridden. `user=None` is the machine itself, which weighs no warnings.
    """
    problems = list(problems)
    if user is None:
        return errors_at(gate, problems)
    return [*errors_at(gate, problems), *warnings_at(gate, problems, overrides_of(article))]
