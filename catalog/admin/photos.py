"""Photos: every upload is stored as our own encoding of it."""

from __future__ import annotations

from functools import partial

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminFileWidget
from django.db import models, transaction
from django.forms.widgets import Script
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from catalog.admin.base import RecordAdmin, spoken_column
from catalog.forms import PhotoForm
from catalog.models import Photo
from catalog.pictures import forget_renditions, jpegs_of, picture_of
from catalog.renditions import CUTS, OWN


@admin.register(Photo)
class PhotoAdmin(RecordAdmin):
    class Media:
        css = {"all": ["catalog/focal-point.css"]}
        js = [Script("catalog/focal-point.js", type="module")]

    form = PhotoForm
    # The form's own check words its errors; Pillow's in ImageField would come first.
    formfield_overrides = {models.ImageField: {"form_class": forms.FileField, "widget": AdminFileWidget}}
    list_display = ["slug", "thumbnail", "caption", "credit", spoken_column(Photo, "rights_until"), "lacks"]
    list_filter = [("credit", admin.EmptyFieldListFilter), ("alt", admin.EmptyFieldListFilter)]
    list_per_page = 50
    search_fields = ["slug", "alt", "caption", "credit"]
    readonly_fields = ["thumbnail", "focal_point"]
    fields = [
        "slug",
        "image",
        "focal_point",
        ("focus_x", "focus_y"),
        "alt",
        "caption",
        "credit",
        "rights_until",
        "gives_away",
    ]
    autocomplete_fields = ["gives_away"]

    def get_fields(self, request: HttpRequest, obj: Photo | None = None) -> list[str | tuple[str, ...]]:
        return [name for name in self.fields if obj is not None or name != "focal_point"]

    @admin.display(description=_("preview"))
    def thumbnail(self, photo: Photo) -> SafeString:
        markup = '<img class="photo-preview" src="{}" alt="{}" width="{}" height="{}" loading="lazy">'
        smallest = jpegs_of(photo, OWN)[0]
        return format_html(markup, smallest.url, photo.alt, smallest.width, smallest.height)

    @admin.display(description=_("picture"))
    def focal_point(self, photo: Photo) -> SafeString:
        """The picture, on which the focal point can be set, and how it is cut."""
        cuts = [(ratio.replace("x", ":"), picture_of(photo, ratio)) for ratio in CUTS]
        context = {"photo": photo, "picture": picture_of(photo, OWN), "cuts": cuts}
        return render_to_string("admin/catalog/photo/_focal_point.html", context)

    @admin.display(description=_("lacks"), empty_value="–")
    def lacks(self, photo: Photo) -> str | None:
        needed = [("alt", gettext("alternative text")), ("credit", gettext("credit"))]
        return ", ".join(words for name, words in needed if not getattr(photo, name).strip()) or None

    def save_model(self, request: HttpRequest, obj: Photo, form: PhotoForm, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if change and {"image", "focus_x", "focus_y"} & set(form.changed_data):
            transaction.on_commit(partial(forget_renditions, form.initial["image"].name))
        lacking = self.lacks(obj)
        if lacking:
            text = gettext("No article can be published with this photo before it has: %(what)s.")
            self.message_user(request, text % {"what": lacking}, messages.WARNING)
