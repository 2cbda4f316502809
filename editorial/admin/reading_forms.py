"""What the page on which a text is read and checked sends."""

from __future__ import annotations

from django import forms
from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.utils.translation import gettext

from editorial.mentioning import label_of, who_sees_articles
from editorial.models import Article, Comment, SentenceVerdict, Step

LONGEST = 5000  # characters of a comment
_NUMBER = {"min_value": 0, "max_value": 2**31 - 1}


class StepForm(forms.Form):
    """The step and the revision that the person looked at."""

    step = forms.ModelChoiceField(Step.objects.none())
    revision = forms.IntegerField(**_NUMBER)

    def __init__(self, article: Article, data: object) -> None:
        super().__init__(data)
        self.fields["step"].queryset = Step.objects.filter(submission__article=article)


class VerdictForm(StepForm):
    """`sentence` is the digest of the sentence that the person looked at, `number` its place on the page."""

    sentence = forms.CharField(max_length=64)
    number = forms.IntegerField(**_NUMBER)
    mark = forms.ChoiceField(choices=SentenceVerdict.Mark)
    comment = forms.CharField(required=False, max_length=LONGEST)


class SaidForm(forms.Form):
    """What is said, and to whom: `mention` is somebody picked from the list of people."""

    comment = forms.CharField(max_length=LONGEST)
    mention = forms.CharField(required=False)

    def clean_mention(self) -> list[AbstractBaseUser]:
        """Those with this username, or with this name."""
        name = self.cleaned_data["mention"].strip().removeprefix("@").casefold()
        if not name:
            return []
        people = list(who_sees_articles())
        found = [one for one in people if one.get_username().casefold() == name]
        found = found or [one for one in people if label_of(one).casefold() == name]
        if not found:
            raise ValidationError(gettext("Nobody of that name can see this article."))
        return found


class CommentForm(SaidForm):
    """Words are `[start:end]` of the plain text of the revision; without them it is about the whole text."""

    revision = forms.IntegerField(**_NUMBER)
    start = forms.IntegerField(required=False, **_NUMBER)
    end = forms.IntegerField(required=False, **_NUMBER)


class ReplyForm(SaidForm):
    to = forms.ModelChoiceField(Comment.objects.none())

    def __init__(self, article: Article, data: object) -> None:
        super().__init__(data)
        self.fields["to"].queryset = article.comments.all()
