"""Decisions: where sources differ, which value the desk follows, and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.contrib.auth.models import AbstractBaseUser
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext

from catalog.actions.citations import new_citation_value
from catalog.actions.refusals import (
    CatalogError,
    FactsMoved,
    NotAChoice,
    NothingToDecide,
    ReasonRefused,
    StanceNeeded,
    require,
)
from catalog.agreement import Scales
from catalog.deciding import LOSING_STANCES, Choice, Loss, Restated, fingerprint
from catalog.keys import NAMED_WITH, with_relations
from catalog.models import Citation, Decision, Stance
from catalog.recording import record_action
from catalog.timeline import as_overruled


@transaction.atomic
def decide(
    *,
    user: AbstractBaseUser | None,
    record: models.Model,
    field: str,
    value: str,
    reason: str,
    losing: Mapping[int, Stance | str],
    seen: str,
) -> Decision:
    """Let `field` follow `value`, which is the present one or one that a citation says, in canonical form.

    The record takes the value and the citations that give it support it. Of each citation that does not,
    `losing` says by id whether it contradicts the value or said so earlier; none is removed. `seen` is the
    `catalog.deciding.fingerprint` of what the person looked at. Raises FactsMoved, NotAChoice,
    NothingToDecide, ReasonRefused, StanceNeeded, ValueTooLong, and CatalogError for a value that the
    record's fields refuse; then nothing is written.
    """
    require(user, "catalog.add_decision")
    record = _locked(record)
    choice = _choice(record, field, value, seen)
    reason = _checked_reason(reason)
    stances = {loss.told.citation.pk: _stance(loss, losing) for loss in choice.losing}
    if choice.record is not record:
        require(user, f"catalog.change_{record._meta.model_name}")
        _save(choice.record)
    _restate(choice.restated)
    overruled = [_lose(loss, stances[loss.told.citation.pk], choice.record) for loss in choice.losing]
    data = {"field": field, "value": value, "reason": reason, "overruled": overruled}
    record_action(user=user, verb="fact.decided", target=choice.record, data=data)
    return Decision.objects.create(
        content_type=ContentType.objects.get_for_model(record),
        object_id=record.pk,
        field=field,
        value=new_citation_value(choice.record, field),
        reason=reason,
        overruled=overruled,
        by=user,
        at=timezone.now(),
    )


def _locked(record: models.Model) -> models.Model:
    """The record as it is now, with what names it; its row and its citations are held. Raises FactsMoved."""
    rows = with_relations(type(record), NAMED_WITH).select_for_update(of=("self",))
    found = rows.filter(pk=record.pk).first()
    if found is None:
        raise FactsMoved(gettext("Somebody has deleted this record meanwhile."))
    list(Citation.objects.about([found]).select_for_update(of=("self",)))
    return found


def _choice(record: models.Model, field: str, value: str, seen: str) -> Choice:
    """Raises FactsMoved, NotAChoice, NothingToDecide."""
    scales = Scales([record])
    agreement = scales.weigh(record, field)
    if fingerprint(agreement) != seen:
        raise FactsMoved(
            gettext(
                "Somebody has changed this fact or its citations meanwhile. Look at it as it is now, "
                "then decide; your reason is kept."
            )
        )
    if not value:
        raise NotAChoice(gettext("Choose the value that the desk follows."))
    found = next((one for one in scales.choices(agreement) if one.value == value), None)
    if found is None:
        raise NotAChoice(gettext("No source says this value. Choose one of those that are listed."))
    if found.record is record and not found.losing:
        raise NothingToDecide(gettext("Nothing differs from this value, so there is nothing to decide."))
    return found


def _checked_reason(reason: str) -> str:
    """Raises ReasonRefused."""
    reason = " ".join(reason.replace("\0", " ").split())
    longest = Decision._meta.get_field("reason").max_length
    if not reason:
        raise ReasonRefused(gettext("Say why the desk follows this value. Readers see the reason."))
    if len(reason) > longest:
        message = gettext(
            "The reason has %(length)s characters, and at most %(longest)s are kept. Shorten it."
        )
        raise ReasonRefused(message % {"length": len(reason), "longest": longest})
    return reason


def _stance(loss: Loss, losing: Mapping[int, Stance | str]) -> str:
    """Raises StanceNeeded."""
    citation = loss.told.citation
    stance = losing.get(citation.pk, "")
    if stance not in LOSING_STANCES:
        message = gettext(
            "Say of %(passage)s whether it contradicts the value that you chose or said so earlier."
        )
        raise StanceNeeded(message % {"passage": citation.passage.key}, citation=citation)
    return str(Stance(stance).value)


def _save(record: models.Model) -> None:
    """Raises CatalogError for a value that the fields refuse."""
    try:
        record.full_clean()
    except ValidationError as error:
        raise CatalogError(" ".join(error.messages)) from error
    record.save()


def _restate(citations: Iterable[Restated]) -> None:
    """The citations that do not lose, as they are from now on."""
    for restated in citations:
        citation = restated.citation
        citation.stance, citation.checked_value = restated.stance, restated.checked_value
        citation.save(update_fields=["stance", "checked_value", "updated_at"])


def _lose(loss: Loss, stance: str, record: models.Model) -> dict[str, str]:
    """Give the citation its new stance; without words of its own it says what it was compared with before."""
    citation = loss.told.citation
    if not citation.says and citation.stance == Stance.SUPPORTS:
        citation.says = citation.checked_value[: Citation._meta.get_field("says").max_length]
    citation.stance, citation.checked_value = stance, new_citation_value(record, citation.field)
    citation.save(update_fields=["says", "stance", "checked_value", "updated_at"])
    passage, said = as_overruled(citation)
    return {"passage": passage, "says": said}
