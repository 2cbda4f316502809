"""Somebody else's table: uploaded, mapped, mended, imported, looked at in the admin, and taken back."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from catalog.models import CastEntry
from tests.browser.test_editing import sign_in
from tests.factories import make_character, make_person, make_season, make_series

FOREIGN = """Serie;Season;Schauspieler;Rolle;Status;Bemerkung
harbour-lights;1;Ñusta Quíspe;Keeper;confirmed;Leads
harbour-lights;one;Diego Luna;Miguel;confirmed;
harbour-lights;1;Michael Peña;Kiki;alive;
"""


def without_barriers(page: Page, console: list[str]) -> None:
    assert console == []
    found = Axe().run(page, context="#content")
    assert found.violations_count == 0, found.generate_report()
    console.clear()  # the check itself sets styles


def test_a_foreign_table_is_mapped_mended_imported_and_undone(page, desk, editor, console):
    series = make_series(slug="harbour-lights", title="Harbour Lights")
    make_season(series=series, number=1)
    for actor, role in (("Ñusta Quíspe", "Keeper"), ("Diego Luna", "Miguel"), ("Michael Peña", "Kiki")):
        make_person(name=actor)
        make_character(series=series, name=role)
    sign_in(page, desk, editor)
    page.goto(f"{desk}/admin/catalog/castentry/")
    page.get_by_role("link", name="Import", exact=True).click()
    upload(page)
    map_columns(page, console)
    mend(page, console)
    page.get_by_role("button", name="Import 3 rows").click()
    expect(page.get_by_role("heading", name="Imported", exact=True)).to_be_visible()
    without_barriers(page, console)
    assert CastEntry.objects.count() == 3
    result = page.url
    page.get_by_role("group", name="What it wrote").get_by_role("link").first.click()
    expect(page.locator("#id_note")).to_have_value("Leads")
    page.goto(result)
    page.get_by_role("button", name="Undo this import").click()
    expect(page.get_by_role("heading", name="Undone", exact=True)).to_be_visible()
    without_barriers(page, console)
    assert not CastEntry.objects.exists()
    assert console == []


def upload(page: Page) -> None:
    assert page.get_by_label("Table").input_value() == "cast.csv"
    file = {"name": "besetzung.csv", "mimeType": "text/csv", "buffer": FOREIGN.encode("cp1252")}
    page.get_by_label("File").set_input_files(file)
    page.get_by_role("button", name="Read this file").click()


def map_columns(page: Page, console: list[str]) -> None:
    """What others call a column is known; one that nobody knows is chosen."""
    expect(page.get_by_role("heading", name="How we read this file")).to_be_visible()
    without_barriers(page, console)
    mapped = [page.locator(f"[name=to-{index}]") for index in range(6)]
    names = ["series", "season", "person", "character", "status"]
    assert [one.input_value() for one in mapped[:5]] == names
    mapped[5].select_option("note")
    page.get_by_role("button", name="Check the rows").click()


def mend(page: Page, console: list[str]) -> None:
    expect(page.get_by_role("group", name="besetzung.csv, line 3")).to_be_visible()
    without_barriers(page, console)
    page.get_by_role("group", name="line 3").get_by_label("season").fill("1")
    page.get_by_role("group", name="line 4").get_by_label("status").fill("new")
    page.keyboard.press("Enter")
    expect(page.get_by_role("group", name="line 3")).to_have_count(0)
    assert not CastEntry.objects.exists()
