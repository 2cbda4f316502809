"""What every table has, for people: `docs/tables.md`, and a file of each table to start from."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils import translation
from django.utils.text import capfirst

from catalog.resources.describing import CITING, columns_of, is_citable
from catalog.tabular.columns import Column, Kind
from catalog.tabular.writing import write_rows
from editorial.bundles import TABLES
from editorial.table_history import HISTORY_TABLES
from editorial.tables.examples import EXAMPLES, HOLDS

TEMPLATE_FORMATS = ("csv", "tsv", "xlsx", "json")
_FORMS = {
    Kind.TEXT: "text",
    Kind.NUMBER: "whole number",
    Kind.YES_NO: "`yes` or `no`",
    Kind.DATE: "date",
    Kind.DAY: "day",
    Kind.MOMENT: "moment in UTC",
    Kind.SHA256: "64 digits 0–9 and a–f",
    Kind.RECORD: "record",
    Kind.RECORDS: "records, `|` between them",
}
MARK = "<!-- What follows is written by `make tables`, from the tables themselves. -->"


def tables_page(page: str) -> str:
    """A page, `docs/tables.md`, with all tables as they are now below its mark."""
    above, _mark, _below = page.partition(MARK)
    return f"{above}{MARK}\n\n{described_tables()}"


def described_tables() -> str:
    """Every column of every table, as Markdown."""
    with translation.override("en"):
        return "\n".join([*map(_table, TABLES), *map(_history_table, HISTORY_TABLES)])


def template_of(name: str, format: str) -> Iterator[bytes]:
    """A file of the table `people.csv` to start from: its header; in JSON, which has none, one empty item."""
    headers = list(TABLES[name]._meta.fields)
    return write_rows(format, headers, [[""] * len(headers)] if format == "json" else [], sheet=stem(name))


def stem(name: str) -> str:
    """The name of a table as commands take it: `people`."""
    return name.removesuffix(".csv")


def example_row(name: str) -> list[str]:
    """A row of the table as it may stand in a file."""
    return [EXAMPLES.get(name, {}).get(column, "") for column in TABLES[name]._meta.fields]


def holds(name: str, column: str) -> str:
    """What the column holds; "" when nobody has said it."""
    return HOLDS.get(f"{stem(name)}.{column}") or HOLDS.get(column, "")


def _table(name: str) -> str:
    resource = TABLES[name]
    meta = resource._meta.model._meta
    own = resource._meta.fields
    columns = {name: one for name, one in columns_of(resource).items() if name in own or name not in CITING}
    lines = [
        f"## {stem(name)}",
        "",
        f"{capfirst(str(meta.verbose_name_plural))}, in a bundle `{name}`."
        + (" Rows may bring evidence along." if is_citable(resource) else ""),
        "",
        "| column | holds | form | | example |",
        "| --- | --- | --- | --- | --- |",
    ]
    lines += [_line(name, column, one) for column, one in columns.items()]
    return "\n".join([*lines, ""])


def _history_table(name: str) -> str:
    table = HISTORY_TABLES[name]
    title = capfirst(str(table.model._meta.verbose_name_plural))
    lines = [
        f"## {stem(name)}",
        "",
        f"{title}, in a bundle `{name}`. **Export only.** {table.refusal}",
        "",
        "| column | holds | example |",
        "| --- | --- | --- |",
    ]
    rows = zip(table.holds.items(), table.example, strict=True)
    lines += [f"| `{column}` | {holds} | `{example}` |" for (column, holds), example in rows]
    return "\n".join([*lines, ""])


def _line(name: str, column: str, one: Column) -> str:
    marks = ["key"] if one.is_key else []
    marks += ["needed"] if one.is_required else []
    marks += ["may be left out"] if column in TABLES[name].optional else []
    example = EXAMPLES.get(name, {}).get(column, "")
    cells = [
        f"`{column}`",
        holds(name, column),
        _form(one),
        ", ".join(marks),
        f"`{example}`" if example else "",
    ]
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _form(one: Column) -> str:
    if one.values:
        return "one of " + ", ".join(f"`{value}`" for value in one.values)
    if one.by_number:
        return "whole number"
    return _FORMS[one.kind]
