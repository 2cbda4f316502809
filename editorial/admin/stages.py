"""The stages that articles of each kind go through."""

from __future__ import annotations

from django.contrib import admin

from editorial.models import Stage


@admin.register(Stage)
class StageAdmin(admin.ModelAdmin):
    list_display = ["kind", "position", "name", "group", "four_eyes", "approvals_needed", "is_active"]
    list_display_links = ["name"]
    list_filter = ["kind", "is_active"]
    list_select_related = ["group"]
    fields = ["kind", "position", "name", "group", "four_eyes", "approvals_needed", "is_active"]
    ordering = ["kind", "position"]
