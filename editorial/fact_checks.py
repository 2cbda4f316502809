"""What is wrong with the facts that a text leans on: moved on since they were cited, or disputed."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext

from catalog.fact_pages import field_label, in_words
from catalog.facts import WHOLE, model_of
from catalog.keys import about_key, key_of
from catalog.timeline import Agreement, State, Told, Verdict
from catalog.words import said_in_words
from editorial.disputes import Alone, Leaning, alone, speaks_of_the_value
from editorial.problems import Fact, Problem, cited_at
from editorial.prose.coverage import Coverage


def _unconfirmed(leaning: Leaning, coverage: Coverage) -> Iterator[Problem]:
    """Support that the text cites and that was compared with another value than the present one."""
    agreement = leaning.agreement
    record, field = agreement.record, agreement.field
    for one in agreement.moved_on():
        if one not in leaning.cited:
            continue
        citation = one.citation
        message = gettext(
            "%(fact)s was “%(then)s” when somebody compared it with this passage, and is “%(now)s” now. "
            "Compare the two again."
        )
        then = in_words(record, citation.field, citation.checked_value)
        message %= {"fact": _name(agreement), "then": then, "now": in_words(record, field, agreement.value)}
        where = f"{citation.passage.key} {_key(agreement)}: {citation.checked_value} → {agreement.value}"
        place = cited_at(coverage, citation.passage.key)
        yield Problem("unconfirmed", message, where, "body", place, Fact(record, field))


def _differing(leaning: Leaning, coverage: Coverage) -> Iterator[Problem]:
    """Values on which sources differ, where the text cites any of them and nobody has decided."""
    agreement, cited = leaning.agreement, speaks_of_the_value(leaning)
    if agreement.state is not State.DIFFERING or not cited:
        return
    message = gettext(
        "Sources differ on %(fact)s, and nobody has decided. The catalog has “%(value)s”. %(others)s."
    )
    message %= {
        "fact": _name(agreement),
        "value": in_words(agreement.record, agreement.field, agreement.value),
        "others": "; ".join(_said_by_source(agreement)),
    }
    place = cited_at(coverage, cited[0].citation.passage.key)
    about = Fact(agreement.record, agreement.field)
    yield Problem("differing", message, _both_values(agreement), "body", place, about)


def _only_voice(leaning: Leaning, coverage: Coverage) -> Iterator[Problem]:
    """A contested fact for which the text has one source, and that is the only one to say so."""
    agreement, one = leaning.agreement, alone(leaning)
    if one is not None:
        message = gettext(
            "“%(source)s” is the only source that says “%(says)s” for %(fact)s; others say otherwise. "
            "Name it in the text, or find another."
        )
        says = _says(agreement, one)
        message %= {"source": one.source.title, "says": says, "fact": _name(agreement)}
        where = f"{one.source.slug} {_both_values(agreement)}"
        place = cited_at(coverage, one.told.citation.passage.key)
        yield Problem("only-voice", message, where, "body", place, Fact(agreement.record, agreement.field))


FACT_CHECKS = (_unconfirmed, _differing, _only_voice)


def _name(agreement: Agreement) -> str:
    """A fact in words: “Status” (Narcos: Mexico, season 2)."""
    if agreement.field == WHOLE or model_of(agreement.record) == "statement":
        return f"“{agreement.record}”"
    form = gettext("“%(field)s” (%(record)s)")
    return form % {"field": field_label(agreement.record, agreement.field), "record": agreement.record}


def _key(agreement: Agreement) -> str:
    record = agreement.record
    return about_key(model_of(record), key_of(record), agreement.field)


def _against(agreement: Agreement) -> list[Told]:
    return agreement.with_verdict(Verdict.DIFFERS)


def _both_values(agreement: Agreement) -> str:
    """The fact with its value and those that stand against it, in no language."""
    against = sorted({one.citation.says or one.citation.passage.key for one in _against(agreement)})
    return f"{_key(agreement)}: {agreement.value} ≠ {' | '.join(against)}"


def _said_by_source(agreement: Agreement) -> Iterator[str]:
    """Who says what against the value, in words."""
    said: dict[str, dict[str, None]] = {}
    for one in _against(agreement):
        words = said_in_words(agreement.record, one.citation.field, one.citation.says)
        said.setdefault(one.source.title, {}).update({words: None} if words else {})
    for source, words in said.items():
        if words:
            yield gettext("“%(source)s” says: %(says)s") % {"source": source, "says": ", ".join(words)}
        else:
            yield gettext("“%(source)s” contradicts it") % {"source": source}


def _says(agreement: Agreement, one: Alone) -> str:
    """What a source says alone, in words."""
    if not one.says:
        return in_words(agreement.record, agreement.field, agreement.value)
    return ", ".join(said_in_words(agreement.record, one.told.citation.field, says) for says in one.says)
