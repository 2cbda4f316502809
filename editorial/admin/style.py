"""The style page: every part of the readers' site with examples, in the desk and nowhere else.

The desk's page holds a frame, so that what is in it is as narrow as a phone's window, and a form that says
which page, how wide, and how a reader's screen or printer would ask for it.
"""

from __future__ import annotations

from csp.constants import SELF
from csp.decorators import csp_replace, csp_update
from django import forms
from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import translation
from django.utils.http import urlencode
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from editorial.style.pages import PAGES, context_of

WIDTHS = ("320", "390", "768", "1280")


class ShownForm(forms.Form):
    """What is shown, and how. Whatever a link says that is no choice is as if it had not been said."""

    use_required_attribute = False

    page = forms.ChoiceField(label=_("Page"), choices=[(name, one.title) for name, one in PAGES.items()])
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    width = forms.ChoiceField(
        label=_("Width"), choices=[("", _("all there is")), *((one, f"{one} px") for one in WIDTHS)]
    )
    scheme = forms.ChoiceField(
        label=_("Colours"),
        choices=[("", _("as the device")), ("light", _("light")), ("dark", _("dark"))],
    )
    contrast = forms.BooleanField(label=_("with more contrast"))
    still = forms.BooleanField(label=_("without motion"))
    printed = forms.BooleanField(label=_("as printed"))

    @classmethod
    def of(cls, request: HttpRequest) -> ShownForm:
        """The form with the choices of this request, and the first of each where it makes none."""
        chosen = {"page": next(iter(PAGES)), "language": get_language(), "width": "", "scheme": ""}
        for name, field in cls.base_fields.items():
            given = request.GET.get(name, "")
            if isinstance(field, forms.BooleanField):
                chosen[name] = given == "on"
            elif given and field.valid_value(given):
                chosen[name] = given
        return cls(initial=chosen, auto_id="style_%s")

    @property
    def query(self) -> str:
        """The same choices as the query of an address."""
        return urlencode({name: "on" if one is True else one for name, one in self.initial.items() if one})


@require_safe
@csp_update({"frame-src": [SELF]})
def index(request: HttpRequest) -> HttpResponse:
    """The form and the frame."""
    form = ShownForm.of(request)
    context = {
        **admin.site.each_context(request),
        "title": gettext("Style page"),
        "form": form,
        "shown": PAGES[form.initial["page"]],
        "width": form.initial["width"],
        "frame": f"{reverse('style:shown')}?{form.query}",
    }
    return TemplateResponse(request, "admin/editorial/style/index.html", context)


@require_safe
@xframe_options_sameorigin
@csp_replace({"frame-ancestors": [SELF]})
def shown(request: HttpRequest) -> HttpResponse:
    """What stands in the frame: a page of the readers' site, made of examples."""
    chosen = ShownForm.of(request).initial
    with translation.override(chosen["language"]):
        context = {**context_of(PAGES[chosen["page"]]), "chosen": chosen}
        response = render(request, "admin/editorial/style/shown.html", context)
    response.headers["Content-Language"] = chosen["language"]
    return response


app_name = "style"
urlpatterns = [
    path("", admin.site.admin_view(index), name="index"),
    path("shown/", admin.site.admin_view(shown), name="shown"),
]
