"""Filters of the list of articles by what is planned for them. The desk links to them."""

from __future__ import annotations

import datetime

from django.contrib import admin
from django.contrib.auth import get_user_model
from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from editorial.desk import AHEAD
from editorial.mentioning import label_of
from editorial.models import Article, DueItem
from editorial.planned import day_of, start_of_day


class AssigneeFilter(admin.SimpleListFilter):
    title = _("assignee")
    parameter_name = "assigned"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        theirs = Article.objects.filter(assignee=models.OuterRef("pk"))
        others = get_user_model().objects.exclude(pk=request.user.pk).filter(models.Exists(theirs))
        people = [(str(one.pk), label_of(one)) for one in others.order_by("username")]
        return [("me", _("me")), ("nobody", _("nobody")), *people]

    def queryset(self, request: HttpRequest, queryset: models.QuerySet) -> models.QuerySet:
        value = self.value() or ""
        if value == "me":
            return queryset.filter(assignee=request.user)
        if value == "nobody":
            return queryset.filter(assignee=None)
        return queryset.filter(assignee=int(value)) if value.isascii() and value.isdigit() else queryset


class DueFilter(admin.SimpleListFilter):
    """Of what is still to be delivered."""

    title = _("due")
    parameter_name = "due"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [
            ("overdue", _("overdue")),
            ("today", _("by tonight")),
            ("week", _("within seven days")),
            ("none", _("no due date")),
        ]

    def queryset(self, request: HttpRequest, queryset: models.QuerySet) -> models.QuerySet:
        now = timezone.now()
        tomorrow = start_of_day(day_of(now) + datetime.timedelta(days=1))
        before = {"overdue": now, "today": tomorrow, "week": now + AHEAD}
        if self.value() in before:
            return queryset.due_before(before[self.value()])
        return queryset.filter(due=None) if self.value() == "none" else queryset


class ScheduleFilter(admin.SimpleListFilter):
    title = _("schedule")
    parameter_name = "schedule"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [("coming", _("something comes")), ("failed", _("something failed"))]

    def queryset(self, request: HttpRequest, queryset: models.QuerySet) -> models.QuerySet:
        items = {"coming": DueItem.objects.coming, "failed": DueItem.objects.failed}
        if self.value() not in items:
            return queryset
        return queryset.filter(pk__in=items[self.value()]().order_by().values("article"))


class CareFilter(admin.SimpleListFilter):
    """Pages that readers have and that somebody has to look at."""

    title = _("pages to look at")
    parameter_name = "care"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [("passages", _("lean on passages that moved")), ("review", _("the review date has come"))]

    def queryset(self, request: HttpRequest, queryset: models.QuerySet) -> models.QuerySet:
        if self.value() == "passages":
            return queryset.leaning_on_what_moved()
        if self.value() == "review":
            return queryset.to_review(day_of(timezone.now()))
        return queryset


PLANNING_FILTERS = (AssigneeFilter, DueFilter, ScheduleFilter, CareFilter)
