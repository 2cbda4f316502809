"""Citations: that a passage supports a value, as somebody compared the two."""

from __future__ import annotations

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.core.validators import ProhibitNullCharactersValidator
from django.db import models, transaction
from django.utils.translation import gettext

from catalog.actions.refusals import (
    AlreadyCited,
    CatalogError,
    CitationWithoutRecord,
    NotCitable,
    PassageGivesNoSupport,
    ValueTooLong,
    require,
)
from catalog.facts import CITABLE, WHOLE, model_of, value_text
from catalog.models import Citation, Passage, PassageState, Source, Stance
from catalog.recording import record_action

# What a person may say of a passage; “earlier” follows from a decision.
STANCES = (Stance.SUPPORTS, Stance.CONTRADICTS, Stance.MENTIONS)


@transaction.atomic
def cite(
    *,
    user: AbstractBaseUser | None,
    passage: Passage,
    record: models.Model,
    field: str,
    says: str,
    stance: Stance | str,
) -> Citation:
    """The new citation of `passage` for a field of `record`, or for the record as a whole (`WHOLE`).

    It is compared with what the record says now. Raises NotCitable, PassageGivesNoSupport, AlreadyCited
    and ValueTooLong.
    """
    require(user, "catalog.add_citation")
    Source.objects.select_for_update().get(pk=passage.source_id)
    passage = Passage.objects.select_related("source").get(pk=passage.pk)
    _check_citable(record, field, stance)
    _check_support(passage)
    citation = Citation(
        passage=passage,
        target=record,
        field=field,
        stance=stance,
        says=_one_line(says),
        checked_value=new_citation_value(record, field),
    )
    _check_new(citation)
    citation.save()
    data = {"field": field, "stance": str(stance), "says": citation.says}
    record_action(user=user, verb="citation.added", target=citation, data=data)
    return citation


@transaction.atomic
def confirm_citation(*, user: AbstractBaseUser | None, citation: Citation) -> None:
    """Record that `user` compared the passage with the present value of the record's field."""
    require(user, "catalog.change_citation")
    locked = Citation.objects.select_for_update().get(pk=citation.pk)
    if locked.target is None:
        message = gettext("The record that this citation is about is gone. Delete the citation.")
        raise CitationWithoutRecord(message)
    citation.checked_value = locked.checked_value = new_citation_value(locked.target, locked.field)
    locked.save(update_fields=["checked_value", "updated_at"])
    data = {"field": locked.field, "value": locked.checked_value}
    record_action(user=user, verb="citation.confirmed", target=locked, data=data)


def new_citation_value(record: models.Model, field: str) -> str:
    """What a citation of `field` is compared with from now on: the record's present value.

    Raises ValueTooLong.
    """
    value = value_text(record, field)
    longest = Citation._meta.get_field("checked_value").max_length
    if len(value) > longest:
        raise ValueTooLong(
            gettext(
                "The value has more than %(longest)s characters, too many for a citation to be compared "
                "with. Shorten it, or cite a shorter fact."
            )
            % {"longest": longest}
        )
    return value


def _check_citable(record: models.Model, field: str, stance: str) -> None:
    """Raises NotCitable."""
    fields = CITABLE.get(model_of(record))
    if fields is None or field not in (WHOLE, *fields):
        raise NotCitable(gettext("This field cannot be cited. Choose one from the list."))
    if stance not in STANCES:
        raise NotCitable(gettext("Say whether the passage supports, contradicts or mentions the fact."))


def _check_support(passage: Passage) -> None:
    """Raises PassageGivesNoSupport."""
    if passage.supports:
        return
    if passage.state == PassageState.WITHDRAWN:
        message = gettext("The passage %(passage)s was withdrawn. Select words that the text has now.")
    else:
        message = gettext(
            "The passage %(passage)s changed or was lost when its source was captured again. Confirm it "
            "or select its words anew, then cite it."
        )
    raise PassageGivesNoSupport(message % {"passage": passage.key})


def _check_new(citation: Citation) -> None:
    """Raises AlreadyCited, ValueTooLong, or CatalogError for what else the constraints refuse."""
    there = Citation.objects.filter(
        passage=citation.passage_id,
        content_type=citation.content_type_id,
        object_id=citation.object_id,
        field=citation.field,
    ).first()
    if there is not None:
        message = gettext(
            "The passage %(passage)s is cited there already: %(stance)s, “%(says)s”. Change that citation."
        )
        known = {"stance": there.get_stance_display(), "says": there.says or there.checked_value or "–"}
        raise AlreadyCited(message % {"passage": citation.passage.key, **known}, citation=there)
    longest = Citation._meta.get_field("says").max_length
    if len(citation.says) > longest:
        message = gettext(
            "What the passage says has %(length)s characters, and at most %(longest)s are kept. "
            "Write the value alone."
        )
        raise ValueTooLong(message % {"length": len(citation.says), "longest": longest})
    try:
        ProhibitNullCharactersValidator()(citation.says)
        citation.full_clean()
    except ValidationError as error:
        raise CatalogError(" ".join(error.messages)) from error


def _one_line(text: str) -> str:
    return " ".join(text.split())
