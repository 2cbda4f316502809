"""The page “How we read this file”, by keyboard alone, and looked at in every width and scheme."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from catalog.models import Alias
from tests.browser.test_editing import sign_in
from tests.browser.test_recapture import tab_to
from tests.factories import make_character, make_person, make_season, make_series, make_user

CAST = (
    "Schauspieler;Rolle;Status;Wer weiß\n"
    "Micheal Peña;Kiki Camarena;bestätigt;?\n"
    "Diego Luna;Félix / Gallardo;neu;PeÃ±a\n"
)


@pytest.fixture
def mapping(page: Page, desk, settings, tmp_path) -> Page:
    """The page for a foreign file with a name that is nearly known."""
    settings.IMPORT_ROOT = tmp_path / "imports"
    season = make_season(series=make_series(slug="narcos-mexico", title="Narcos: Mexico"), number=2)
    make_person(slug="michael-pena", name="Michael Peña")
    make_character(series=season.series, slug="kiki-camarena", name="Kiki Camarena")
    sign_in(page, desk, make_user("Administrators"))
    page.goto(f"{desk}/admin/editorial/tableimport/add/?table=cast.csv")
    page.locator("[name=file]").set_input_files(
        {"name": "cast.csv", "mimeType": "text/csv", "buffer": CAST.encode()}
    )
    page.get_by_role("button", name="Read this file").click()
    expect(page.locator("h1")).to_have_text("How we read this file")
    return page


def test_a_foreign_file_is_mapped_by_keyboard_alone(mapping, console):
    page = mapping
    for column, value in (("series", "narcos-mexico"), ("season", "2")):
        page.locator(f"#id_map_value-{column}").focus()
        page.keyboard.insert_text(value)
    tab_to(page, "Look again")
    page.keyboard.press("Enter")
    name = page.get_by_role("group", name="Micheal Peña")
    expect(name).to_be_visible()
    name.get_by_label("the same as Michael Peña").focus()
    page.keyboard.press("Space")
    page.get_by_label("Make the people and characters that are not known yet").focus()
    page.keyboard.press("Space")
    tab_to(page, "Check the rows")
    page.keyboard.press("Enter")
    page.wait_for_url("**/change/")
    expect(page.get_by_text("3 rows bring facts without a source")).to_be_visible()
    page.get_by_role("button", name="Import 3 rows").click()
    expect(page.get_by_text("What it wrote")).to_be_visible()
    assert Alias.objects.get().text == "Micheal Peña"
    assert console == []


@pytest.mark.appearance
def test_the_page_is_accessible_in_every_width_and_scheme(mapping):
    page = mapping
    page.locator("#id_map_value-series").fill("narcos-mexico")
    page.locator("#id_map_value-season").fill("2")
    page.get_by_role("button", name="Look again").click()
    expect(page.get_by_role("group", name="Micheal Peña")).to_be_visible()
    for summary in page.locator("#content summary").all():
        summary.click()
    found = {}
    for width in (320, 390, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        if page.evaluate("document.documentElement.scrollWidth") > width:
            found[f"{width}"] = "scrolls sideways"
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            results = Axe().run(page, context="#content")
            if results.violations_count:
                found[f"{width} {scheme}"] = results.generate_report()
    assert found == {}
