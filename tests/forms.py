"""What a browser would send of a form on a page, so that tests change only what a person would."""

from __future__ import annotations

from html.parser import HTMLParser


def form_data(response, form_id: str) -> dict[str, str | list[str]]:
    """The names and values that the form `form_id` of the page sends as it stands. Files are left out."""
    parser = _FormParser(form_id)
    parser.feed(response.content.decode())
    assert parser.seen, f"the page has no form {form_id!r}"
    return parser.data


class _FormParser(HTMLParser):
    def __init__(self, form_id: str) -> None:
        super().__init__()
        self.form_id = form_id
        self.data: dict[str, str | list[str]] = {}
        self.seen = self.inside = False
        self.select = self.textarea = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form":
            self.inside = given.get("id") == self.form_id
            self.seen = self.seen or self.inside
        if not self.inside or "disabled" in given:
            return
        if tag == "option":
            if self.select:
                self._option(given)
            return
        name = given.get("name") or ""
        if tag == "input":
            self._input(name, given)
        elif tag == "select":
            self.select, self.first = name, True
        elif tag == "textarea":
            self.textarea, self.data[name] = name, ""

    def _input(self, name: str, given: dict[str, str | None]) -> None:
        kind = given.get("type", "text")
        if not name or kind in {"submit", "file", "button", "image"}:
            return
        if kind not in {"checkbox", "radio"}:
            self.data[name] = given.get("value") or ""
        elif "checked" in given:
            self.data[name] = given.get("value") or "on"

    def _option(self, given: dict[str, str | None]) -> None:
        if "selected" in given or self.first:
            self.data[self.select] = given.get("value") or ""
        self.first = False

    def handle_data(self, data: str) -> None:
        if self.textarea:
            self.data[self.textarea] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self.select = ""  # of one that is disabled, no option is sent
        elif tag == "textarea" and self.textarea:
            # HTML drops the line break that follows the opening tag.
            self.data[self.textarea] = self.data[self.textarea].removeprefix("\n")
            self.textarea = ""
        elif tag == "form":
            self.inside = False
