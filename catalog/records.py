"""Records of many kinds in one query, for pages that list what a source says about anything."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models.functions import JSONObject

from catalog.facts import CITABLE
from catalog.fields import SearchKeyField
from catalog.keys import NAMED_WITH
from catalog.models import Citation, Passage

Found = dict[tuple[int, int], models.Model]

_STANDING = {"citations__stance": "supports", "citations__passage__state__in": Passage.SUPPORTING}


def records_of(citations: Iterable[Citation]) -> Found:
    """What these citations are about, by content type and id, with the relations that name it: one query.

    Prefetching the generic relation would run one query for each kind of record.
    """
    wanted: dict[int, set[int]] = {}
    for citation in citations:
        wanted.setdefault(citation.content_type_id, set()).add(citation.object_id)
    if not wanted:
        return {}
    # All kinds at once, so that a cold cache costs one query.
    ContentType.objects.get_for_models(*(apps.get_model("catalog", name) for name in CITABLE))
    models_by_type = {pk: ContentType.objects.get_for_id(pk).model_class() for pk in wanted}
    chosen = {
        type_id: models_by_type[type_id]._default_manager.filter(pk__in=pks)
        for type_id, pks in wanted.items()
    }
    return {(type_id, record.pk): record for type_id, record in _read(chosen)}


def records_in(*querysets: models.QuerySet) -> list[list[Any]]:
    """The records of each queryset in the order of its model, with the relations that name them: one query
    for all.
    """
    found: list[list[Any]] = [[] for _one in querysets]
    for index, record in _read(dict(enumerate(querysets))):
        found[index].append(record)
    for records in found:
        records.sort(key=_in_order)
    return found


@dataclass(frozen=True, slots=True)
class Support:
    """A citation that supports a field, of a passage that still stands, for `catalog.facts.holds`."""

    field: str
    checked_value: str
    stance: str = "supports"
    supports: bool = True

    @property
    def passage(self) -> Support:
        return self


def supported_records(
    rows: Sequence[tuple[models.QuerySet, tuple[str, ...]]],
) -> Iterator[tuple[Any, Support]]:
    """The records of all these querysets, each with the relations named beside it: each record once for every
    citation that supports it. One query. Whether one holds is left to ask.
    """
    # As above: a cold cache costs one query.
    ContentType.objects.get_for_models(*(apps.get_model("catalog", name) for name in CITABLE))
    first, *others = (_select_supported(number, *row) for number, row in enumerate(rows))
    for number, data, field, checked_value in first.union(*others, all=True).order_by():
        queryset, relations = rows[number]
        yield _build(queryset.model, data, relations), Support(field, checked_value)


def with_support(queryset: models.QuerySet) -> models.QuerySet:
    """These records, each once for every citation that supports it, with both as JSON in `support`: for a
    query that reads them along with its own rows. `read_support` makes records of it.
    """
    support = JSONObject(
        record=_as_json(queryset.model, "", ()),
        field=models.F("citations__field"),
        checked_value=models.F("citations__checked_value"),
    )
    return queryset.order_by().filter(**_STANDING).annotate(support=support)


def read_support(
    model: type[models.Model], rows: Iterable[Mapping[str, Any]]
) -> Iterator[tuple[Any, Support]]:
    """As `supported_records`, from the `support` of `with_support`."""
    for row in rows:
        yield _build(model, row["record"], ()), Support(row["field"], row["checked_value"])


def _select_supported(number: int, queryset: models.QuerySet, relations: tuple[str, ...]) -> models.QuerySet:
    return (
        queryset.order_by()
        .filter(**_STANDING)
        .annotate(
            record_kind=models.Value(number, output_field=models.IntegerField()),
            record_data=_as_json(queryset.model, "", relations),
        )
        .values_list("record_kind", "record_data", "citations__field", "citations__checked_value")
    )


def _read(chosen: Mapping[int, models.QuerySet]) -> Iterator[tuple[int, Any]]:
    """The records of several querysets, each by the number of its own."""
    first, *others = (_select(number, queryset) for number, queryset in chosen.items())
    for number, _pk, updated_at, data in first.union(*others, all=True).order_by() if others else first:
        model = chosen[number].model
        record = _build(model, data, NAMED_WITH.get(model, ()))
        record.updated_at = updated_at
        yield number, record


def _select(number: int, queryset: models.QuerySet) -> models.QuerySet:
    model = queryset.model
    return (
        queryset.order_by()
        .annotate(
            record_type=models.Value(number, output_field=models.IntegerField()),
            record_data=_as_json(model, "", NAMED_WITH.get(model, ())),
        )
        .values_list("record_type", "pk", "updated_at", "record_data")
    )


def _in_order(record: models.Model) -> tuple[Any, ...]:
    """As the model orders its rows; what belongs to another record by its id."""
    names = (name for name in record._meta.ordering if isinstance(name, str))
    return tuple(record.pk if name == "pk" else getattr(record, _column(record, name)) for name in names)


def _column(record: models.Model, name: str) -> str:
    return record._meta.get_field(name).attname


def _own_fields(model: type[models.Model]) -> list[models.Field]:
    left_out = (SearchKeyField, models.DateTimeField)
    return [field for field in model._meta.concrete_fields if not isinstance(field, left_out)]


def _steps(relations: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """`("season__series", "person")` as first steps with what follows each."""
    steps: dict[str, tuple[str, ...]] = {}
    for path in relations:
        first, _separator, rest = path.partition("__")
        steps[first] = (*steps.get(first, ()), *([rest] if rest else []))
    return steps


def _as_json(model: type[models.Model], prefix: str, relations: Iterable[str]) -> JSONObject:
    columns: dict[str, Any] = {
        field.attname: models.F(f"{prefix}{field.attname}") for field in _own_fields(model)
    }
    for name, rest in _steps(relations).items():
        related = model._meta.get_field(name).related_model
        columns[name] = _as_json(related, f"{prefix}{name}__", rest)
    return JSONObject(**columns)


def _build(model: type[models.Model], data: dict[str, Any], relations: Iterable[str]) -> Any:
    if data["id"] is None:
        return None
    record = model(**{field.attname: field.to_python(data[field.attname]) for field in _own_fields(model)})
    record._state.adding = False
    for name, rest in _steps(relations).items():
        setattr(record, name, _build(model._meta.get_field(name).related_model, data[name], rest))
    return record
