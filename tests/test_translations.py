"""The committed catalogs are complete, sound and compiled from what stands beside them."""

from __future__ import annotations

import re

import polib
import pytest
from django.conf import settings

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")
LANGUAGES = [code for code, _name in settings.LANGUAGES if code != "en"]


@pytest.fixture(params=LANGUAGES)
def catalog(request) -> polib.POFile:
    return polib.pofile(settings.LOCALE_PATHS[0] / request.param / "LC_MESSAGES" / "django.po")


def test_no_text_waits_for_its_translation(catalog):
    waiting = [entry.msgid for entry in [*catalog.untranslated_entries(), *catalog.fuzzy_entries()]]
    assert waiting == []
    assert catalog.obsolete_entries() == []


def test_translations_keep_every_placeholder(catalog):
    broken = []
    for entry in catalog:
        texts = list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]
        allowed = set(PLACEHOLDER.findall(entry.msgid + entry.msgid_plural))
        broken += [text for text in texts if not set(PLACEHOLDER.findall(text)) <= allowed]
        if not entry.msgid_plural:
            broken += [entry.msgstr] * (set(PLACEHOLDER.findall(entry.msgstr)) != allowed)
    assert broken == []


def test_the_compiled_catalog_is_the_written_one(catalog):
    compiled = polib.mofile(str(catalog.fpath)[:-2] + "mo")
    assert {(entry.msgctxt, entry.msgid): entry.msgstr for entry in compiled} == {
        (entry.msgctxt, entry.msgid): entry.msgstr for entry in catalog
    }
