"""How choices name themselves when their own name says too little."""

from __future__ import annotations

from django import forms

from catalog.models import Passage


def passage_label(passage: Passage) -> str:
    """“variety-2018#3 · The words of the passage · Title (Publisher)”. Needs its source loaded."""
    return f"{passage.key} · {passage.excerpt} · {passage.source}"


class PassageChoiceField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Passage) -> str:
        return passage_label(obj)
