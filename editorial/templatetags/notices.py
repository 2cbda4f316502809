"""What the pages of the desk show of a person's notices: how many are unread, and the newest of these."""

from __future__ import annotations

from typing import Any

from django import template
from django.contrib.auth.models import AbstractBaseUser

from editorial.models import Notification
from editorial.notices import worded

register = template.Library()

NEWEST = 5


@register.simple_tag
def unread_notices(user: AbstractBaseUser) -> int:
    """How many of the person's notices wait to be read. One query."""
    return Notification.objects.of(user).unread().count()


@register.inclusion_tag("admin/editorial/_notices.html", takes_context=True)
def newest_notices(context: template.Context) -> dict[str, Any]:
    """The person's newest unread notices, as a panel of the start page. One query."""
    request = context["request"]
    unread = Notification.objects.of(request.user).unread().with_article()[: NEWEST + 1]
    notices = worded(unread)
    return {"notices": notices[:NEWEST], "are_more": len(notices) > NEWEST, "request": request}
