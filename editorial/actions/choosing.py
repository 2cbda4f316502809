"""What the desk puts on the front page."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib.auth.models import AbstractBaseUser
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext

from editorial import audit
from editorial.models import Article, Pick


@transaction.atomic
def choose_front_page(*, user: AbstractBaseUser | None, articles: Sequence[Article]) -> list[Pick]:
    """Let these articles lead the front page, in this order, each once, instead of those that did.

    `user=None` is the command line. What readers have no longer is left out of the page by itself. Raises
    PermissionDenied. The same choice again writes nothing.
    """
    if user is not None and not user.has_perm("editorial.change_pick"):
        raise PermissionDenied(gettext("You may not choose what leads the front page."))
    # Rows that are replaced are no lock: who waited for them would find neither these nor the new ones.
    ContentType.objects.select_for_update(no_key=True).get(app_label="editorial", model="pick")
    before = list(Pick.objects.select_related("article"))
    chosen = list(dict.fromkeys(articles))
    if [pick.article for pick in before] == chosen:
        return before
    Pick.objects.filter(pk__in=[pick.pk for pick in before]).delete()
    picks = Pick.objects.bulk_create(
        Pick(position=position, article=article) for position, article in enumerate(chosen, start=1)
    )
    titles = [pick.article.title for pick in before], [article.title for article in chosen]
    changes = {"changes": {"article": ["; ".join(one) for one in titles]}}
    audit.record(user=user, verb="front.chosen", data=changes)
    return picks
