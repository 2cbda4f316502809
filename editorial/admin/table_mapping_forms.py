"""What the page “How we read this file” sends: how the file is read, and what its columns are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from catalog.naming import CHARACTER, PERSON, NameChoices, Offer
from catalog.tabular.columns import Column, Kind
from catalog.tabular.mapped import ColumnMapping, MappingOfColumns, Reason
from catalog.tabular.reading import Detected, Overrides
from catalog.tabular.splitting import BAR, COMMA, LINE, SEMICOLON, SLASH, Pattern, Split

AS_FOUND, NOTHING, OWN, ANOTHER = "", "none", "own", "/another"
ENCODINGS = (
    ("utf-8", "UTF-8"),
    ("utf-16", "UTF-16"),
    ("cp1252", "Windows-1252"),
    ("mac_roman", "Mac Roman"),
    ("iso8859_15", "ISO 8859-15"),
    ("cp1250", "Windows-1250"),
    ("cp1251", "Windows-1251"),
)
_DELIMITERS = ((COMMA, _("comma")), (SEMICOLON, _("semicolon")), ("\t", _("tab")), (BAR, _("bar |")))
_QUOTES = (('"', '"'), ("'", "'"), (NOTHING, _("none")))
# Browsers send a line feed in their own way.
_LINE_NAME = "line"
_SEPARATORS = (
    ("", _("nowhere")),
    (COMMA, _("comma, and")),
    (SEMICOLON, _("semicolon")),
    (SLASH, _("slash /")),
    (BAR, _("bar |")),
    (_LINE_NAME, _("line break")),
    (OWN, _("other:")),
)
_PATTERNS = {
    Pattern.PLAIN: _("as it stands"),
    Pattern.AS: _("Actor (earlier work) as Character"),
    Pattern.FAMILY_FIRST: _("Family name, given name"),
}

_ANOTHER = {PERSON: _("another person"), CHARACTER: _("another character")}


class ReadingForm(forms.Form):
    """What was found out about a file, each to be overruled; empty is as it was found."""

    encoding = forms.ChoiceField(label=_("Encoding"), required=False)
    delimiter = forms.ChoiceField(label=_("Between cells"), required=False)
    quote = forms.ChoiceField(label=_("Around cells"), required=False)
    sheet = forms.ChoiceField(label=_("Sheet"), required=False)
    header_line = forms.IntegerField(
        label=_("Line of the headers"),
        required=False,
        min_value=0,
        max_value=1_000_000,
        help_text=_("0 where the file names no columns."),
    )
    empties = forms.CharField(
        label=_("Words for an empty cell"),
        required=False,
        max_length=500,
        help_text=_("With spaces between them. A single full stop says that there are none."),
    )
    mend = forms.BooleanField(
        label=_("Repair damaged text"),
        required=False,
        help_text=_("As in “PeÃ±a”, which was “Peña” before somebody saved it in a wrong encoding."),
    )

    def __init__(self, detected: Detected | None, overrides: Overrides, *args: Any) -> None:
        super().__init__(*args, initial=_initial(overrides), auto_id="id_read_%s")
        found = detected.encoding if detected else ""
        self._offer("encoding", ENCODINGS, dict(ENCODINGS).get(found, found))
        self._offer(
            "delimiter", _DELIMITERS, dict(_DELIMITERS).get(detected.delimiter if detected else "", "")
        )
        self._offer("quote", _QUOTES, detected.quote if detected else "")
        sheets = [(sheet, sheet) for sheet in (detected.sheets if detected else ())]
        self._offer("sheet", sheets, detected.sheet if detected else "")
        if detected is not None:
            self.fields["header_line"].widget.attrs["placeholder"] = detected.header_line
            self.fields["empties"].widget.attrs["placeholder"] = " ".join(detected.empties)
            self._leave_out(detected)

    def overrides(self) -> Overrides:
        """What the person decided."""
        said = self.cleaned_data
        quote, empties = said.get("quote") or None, said["empties"].split() or None
        return Overrides(
            encoding=said.get("encoding") or None,
            delimiter=said.get("delimiter") or None,
            quote="" if quote == NOTHING else quote,
            header_line=said["header_line"],
            sheet=said.get("sheet") or None,
            empties=() if empties == ["."] else tuple(empties) if empties else None,
            mend=bool(said.get("mend")),
        )

    def _offer(self, name: str, choices: Iterable[tuple[str, Any]], found: Any) -> None:
        text = gettext("as found: %(found)s") % {"found": found} if found else gettext("as found")
        self.fields[name].choices = [(AS_FOUND, text), *choices]

    def _leave_out(self, detected: Detected) -> None:
        """What a file of this format does not have is not asked."""
        is_text = detected.format in ("csv", "tsv")
        asked = {"delimiter": is_text, "quote": is_text, "encoding": detected.format != "xlsx"}
        asked |= {"sheet": len(detected.sheets) > 1, "mend": bool(detected.damaged or detected.mend)}
        for name in [name for name, is_asked in asked.items() if not is_asked]:
            del self.fields[name]


class MappingForm(forms.Form):
    """Which of ours each column of the file is, how its cells are split, values for all rows, and names."""

    makes = forms.BooleanField(
        label=_("Make the people and characters that are not known yet"), required=False
    )

    def __init__(
        self,
        mapping: MappingOfColumns,
        columns: Mapping[str, Column],
        choices: NameChoices,
        offers: Iterable[Offer] = (),
        data: Any = None,
    ) -> None:
        super().__init__(data, auto_id="id_map_%s")
        self._mapping, self._columns, self._choices = mapping, columns, choices
        self.splits = any(map(_is_split, columns.values()))
        for index, one in enumerate(mapping.columns):
            self._ask_column(index, one)
        for column in columns.values():
            if not column.is_citing:
                self._ask_constant(column)
        self.offers = list(offers)
        for offer in self.offers:
            self._ask_name(offer)
        self.fields["makes"].initial = choices.makes

    def mapping(self) -> MappingOfColumns:
        """What the columns are, as the person said."""
        columns = tuple(self._column(index, one) for index, one in enumerate(self._mapping.columns))
        constants = {
            name: value
            for name in self._columns
            if (value := self.cleaned_data.get(f"value-{name}", "").strip())
        }
        return MappingOfColumns(columns, constants)

    def choices(self) -> NameChoices:
        """Whose the names are, as the person said; what was said of names that were not asked about stays."""
        same, another = dict(self._choices.same), set(self._choices.another)
        for offer in self.offers:
            answer = self.cleaned_data.get(f"name-{offer.key}", "")
            same.pop(offer.key, None)
            another.discard(offer.key)
            if answer == ANOTHER:
                another.add(offer.key)
            elif answer:
                same[offer.key] = answer
        return NameChoices(same, another, self.cleaned_data["makes"])

    def values(self, *, is_needed: bool) -> list[forms.BoundField]:
        """The values for all rows: of columns that need one or have it, or of the others that lack one."""
        filled = {name for one in self._mapping.columns for name in one.fills}
        found = []
        for name, column in self._columns.items():
            if column.is_citing or (name in filled and name not in self._mapping.constants):
                continue
            needed = column.is_required and not column.is_proposed
            if (needed or name in self._mapping.constants) is is_needed:
                found.append(self[f"value-{name}"])
        return found

    def _column(self, index: int, before: ColumnMapping) -> ColumnMapping:
        said = self.cleaned_data
        separator = said.get(f"separator-{index}", "")
        if separator == OWN:
            separator = said.get(f"own-{index}", "")
        separator = LINE if separator == _LINE_NAME else separator
        to = said[f"to-{index}"]
        split = Split(separator, Pattern(said.get(f"pattern-{index}", ""))) if to else Split()
        is_as_before = (to, split) == (before.to, before.split)
        reason = before.reason if is_as_before else Reason.CHOSEN if to else Reason.NONE
        return ColumnMapping(before.header, to, split, reason)

    def _ask_column(self, index: int, one: ColumnMapping) -> None:
        own = [(name, name) for name, column in self._columns.items() if not column.is_citing]
        evidence = [(name, name) for name, column in self._columns.items() if column.is_citing]
        groups = [("", gettext("left out")), *own, *([(gettext("Evidence"), evidence)] if evidence else [])]
        self.fields[f"to-{index}"] = forms.ChoiceField(
            label=gettext("“%(header)s” is") % {"header": one.header},
            choices=groups,
            required=False,
            initial=one.to,
        )
        if not self.splits or (one.to and not _is_split(self._columns[one.to])):
            return
        split = one.split.separator
        named = _LINE_NAME if split == LINE else split if split in dict(_SEPARATORS) else OWN
        self.fields[f"separator-{index}"] = forms.ChoiceField(
            label=gettext("“%(header)s” is cut at") % {"header": one.header},
            choices=_SEPARATORS,
            required=False,
            initial=named,
        )
        self.fields[f"own-{index}"] = forms.CharField(
            label=gettext("What cuts “%(header)s”") % {"header": one.header},
            required=False,
            strip=False,
            max_length=10,
            initial=split if named == OWN else "",
        )
        patterns = [pattern for pattern in Pattern if pattern is not Pattern.AS or self._has_cast]
        self.fields[f"pattern-{index}"] = forms.ChoiceField(
            label=gettext("Each part of “%(header)s” is read") % {"header": one.header},
            choices=[(pattern.value, _PATTERNS[pattern]) for pattern in patterns],
            required=False,
            initial=one.split.pattern.value,
        )

    @property
    def _has_cast(self) -> bool:
        return {"person", "character"} <= self._columns.keys()

    def _ask_constant(self, column: Column) -> None:
        initial = self._mapping.constants.get(column.name, "")
        if column.kind in (Kind.CHOICE, Kind.YES_NO):
            values = column.values or ("yes", "no")
            choices = [("", "—"), *((value, value) for value in values)]
            made: forms.Field = forms.ChoiceField(choices=choices)
        else:
            made = forms.CharField(max_length=1000)
        made.label, made.required, made.initial = column.name, False, initial
        self.fields[f"value-{column.name}"] = made

    def _ask_name(self, offer: Offer) -> None:
        same = gettext("the same as %(name)s (%(slug)s)")
        choices = [(one.slug, same % {"name": one.name, "slug": one.slug}) for one in offer.candidates]
        chosen = self._choices.same.get(offer.key, offer.candidates[0].slug if offer.is_sure else "")
        self.fields[f"name-{offer.key}"] = forms.ChoiceField(
            label=offer.name,
            choices=[*choices, (ANOTHER, _ANOTHER.get(offer.kind, _("none of these")))],
            required=False,
            initial=ANOTHER if offer.key in self._choices.another else chosen,
            widget=forms.RadioSelect,
        )


def _is_split(column: Column) -> bool:
    """Whether cells of other files hold several values of the column."""
    return column.names in ("person", "character") or column.name in ("name", "text")


def _initial(overrides: Overrides) -> dict[str, Any]:
    quote, empties = overrides.quote, overrides.empties
    return {
        "encoding": overrides.encoding or AS_FOUND,
        "delimiter": overrides.delimiter or AS_FOUND,
        "quote": NOTHING if quote == "" else quote or AS_FOUND,
        "sheet": overrides.sheet or AS_FOUND,
        "header_line": overrides.header_line,
        "empties": "." if empties == () else " ".join(empties or ()),
        "mend": overrides.mend,
    }
