"""The style page: who may see it, that it leaves nothing out, and that it shows nothing real."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings as project
from django.contrib.staticfiles import finders
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.html import escape

from editorial.roles import ROLES
from editorial.style.pages import PAGES, tokens
from editorial.style.tokens import colours_of, contrast, tokens_of
from tests.factories import make_article, make_user
from tests.newsroom import load_newsroom
from tests.nu import nu_errors

INDEX, SHOWN = "/admin/style/", "/admin/style/shown/"
SHEETS = sorted((Path(project.BASE_DIR) / "config" / "static" / "ibid").glob("*.css"))
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
SELECTOR = re.compile(r"([^{};]+)\{")
CLASS = re.compile(r"\.([a-z][\w-]*)")
CLASSES = re.compile(r'class="([^"]*)"')
# Classes that no template gives, each with the reason why it is not on the page.
MADE_BY_SCRIPTS = {"suggestions"}  # the list that search.js opens while somebody types
TEXT = 4.5  # the least contrast of text (WCAG 2.2, AA)
MORE = 7  # and what is given to who asks for more (AAA)


@pytest.fixture
def desk(client):
    client.force_login(make_user("Writers"))
    return client


def shown(client, name: str, **chosen: str) -> str:
    response = client.get(SHOWN, {"page": name, **chosen})
    assert response.status_code == 200, name
    return response.content.decode()


def defined() -> set[str]:
    """The classes that the selectors of the readers' style sheets name."""
    rules = [rule for sheet in SHEETS for rule in SELECTOR.findall(COMMENT.sub("", sheet.read_text()))]
    return {name for rule in rules for name in CLASS.findall(rule)}


@pytest.mark.django_db
@pytest.mark.usefixtures("strict_templates")
def test_every_class_of_the_readers_style_sheets_has_an_example(desk):
    examples = {
        name for page in PAGES for names in CLASSES.findall(shown(desk, page)) for name in names.split()
    }
    assert len(SHEETS) > 10
    assert defined() - examples == MADE_BY_SCRIPTS


def test_every_token_has_an_example():
    sheet = Path(finders.find("editorial/style/shown.css")).read_text()
    named = {one.name for one in colours_of(tokens())}
    assert {f"style-swatch-{name}" for name in named} == set(re.findall(r"\.(style-swatch-[a-z-]+)", sheet))
    assert {"paper", "ink", "accent"} < named < {one.name for one in tokens()}


def test_no_colour_is_written_beside_the_tokens():
    """But on paper, which has one, and in the pairs of what was taken away and what was added."""
    colour = re.compile(r"(?<!light-dark\()(?<!, )#[0-9a-f]{3,8}\b")
    rest = [sheet for sheet in SHEETS if sheet.name not in {"base.css", "contrast.css", "print.css"}]
    assert {sheet.name: colour.findall(sheet.read_text()) for sheet in rest} == {
        sheet.name: [] for sheet in rest
    }


@pytest.mark.parametrize(("name", "least"), [("base", TEXT), ("contrast", MORE)])
def test_text_can_be_read_on_every_ground_in_both_schemes(name, least):
    base = {one.name: one for one in colours_of(tokens())}
    sheet = Path(finders.find(f"ibid/{name}.css")).read_text()
    pairs = base | {one.name: one for one in colours_of(tokens_of(sheet))}
    for ground in ("paper", "surface", "raised"):
        for text in ("ink", "ink-soft", "accent"):
            for scheme in ("light", "dark"):
                found = contrast(getattr(pairs[text], scheme), getattr(pairs[ground], scheme))
                assert found >= least, (text, ground, scheme)


def test_contrast_is_that_of_the_guideline():
    assert contrast("#000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#fff") == pytest.approx(4.54, abs=0.01)
    assert contrast("#abc", "#aabbcc") == 1


@pytest.mark.django_db
@pytest.mark.parametrize("address", [INDEX, SHOWN])
def test_whoever_is_not_of_the_desk_is_led_to_the_login(client, address):
    assert client.get(address).headers["Location"].startswith("/admin/login/")
    client.force_login(make_user(None))
    assert client.get(address).headers["Location"].startswith("/admin/login/")


@pytest.mark.django_db
@pytest.mark.parametrize("role", ROLES)
def test_everybody_of_the_desk_finds_it_from_the_desk(client, role):
    client.force_login(make_user(role))
    assert f'href="{INDEX}"' in client.get("/admin/").content.decode()
    assert client.get(INDEX).status_code == 200
    assert client.get(SHOWN).status_code == 200
    assert client.post(INDEX).status_code == 405
    assert client.post(SHOWN).status_code == 405


@pytest.mark.django_db
def test_who_has_no_role_yet_may_see_it_without_being_led_there(client):
    client.force_login(make_user(None, is_staff=True))
    assert f'href="{INDEX}"' not in client.get("/admin/").content.decode()
    assert client.get(INDEX).status_code == 200


@pytest.mark.django_db
def test_only_the_page_of_examples_can_be_framed_and_only_by_this_site(desk):
    framed, frame, other = (desk.get(path).headers for path in (SHOWN, INDEX, "/admin/"))
    assert framed["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in framed["Content-Security-Policy"]
    assert "frame-src 'self'" in frame["Content-Security-Policy"]
    for headers in (frame, other):
        assert headers["X-Frame-Options"] == "DENY"
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert "frame-src" not in other["Content-Security-Policy"]
    assert "no-store" in framed["Cache-Control"]


@pytest.mark.django_db
def test_no_machine_is_led_to_it(desk):
    for name in PAGES:
        html = shown(desk, name)
        assert '<meta name="robots" content="noindex, nofollow">' in html, name
        assert 'rel="canonical"' not in html, name
        assert "application/ld+json" not in html.partition("<main")[0], name


@pytest.mark.django_db
@pytest.mark.usefixtures("strict_templates")
def test_what_is_shown_does_not_grow_with_the_newsroom_and_shows_nothing_of_it(desk):
    load_newsroom()
    counts = {}
    for rows in (3, 30):
        for _number in range(rows):
            make_article(published=True)
        for name in PAGES:
            with CaptureQueriesContext(connection) as queries:
                html = shown(desk, name)
            counts.setdefault(name, []).append(len(queries))
            assert "narcos" not in html.lower(), name
    # Who is signed in: two. A page about a record asks for its articles, that of a source for those that
    # cite it.
    assert {name: found for name, found in counts.items() if found != [2, 2]} == {
        name: [3, 3] for name in ("series", "season", "character", "person", "source")
    }


@pytest.mark.django_db
def test_the_form_keeps_what_was_chosen_and_forgets_what_there_is_not(desk):
    chosen = {"page": "article", "width": "390", "scheme": "dark", "printed": "on", "language": "de"}
    html = desk.get(INDEX, chosen).content.decode()
    assert 'data-width="390"' in html
    assert f'src="{SHOWN}?{escape("page=article&language=de&width=390&scheme=dark&printed=on")}"' in html
    odd = {"page": "../secret", "width": "1e9", "scheme": "dark.css'", "language": "xx", "printed": "yes"}
    html = desk.get(INDEX, odd).content.decode()
    assert 'data-width=""' in html
    assert f'src="{SHOWN}?{escape("page=foundations&language=en")}"' in html
    assert desk.get(SHOWN, odd).status_code == 200


@pytest.mark.django_db
def test_a_choice_adds_the_style_sheet_that_a_device_would_ask_for(desk):
    plain = shown(desk, "article")
    assert 'ibid/print.css" media="print"' in plain
    assert 'ibid/contrast.css" media="(prefers-contrast: more)"' in plain
    chosen = shown(desk, "article", scheme="dark", contrast="on", still="on", printed="on")
    for name in ("ibid/print", "ibid/contrast", "editorial/style/still", "editorial/style/dark"):
        assert f'<link rel="stylesheet" href="/static/{name}.css">' in chosen, name
        assert f'<link rel="stylesheet" href="/static/{name}.css">' not in plain, name


@pytest.mark.once
@pytest.mark.django_db
@pytest.mark.usefixtures("strict_templates")
def test_the_nu_checker_finds_no_error_on_any_of_its_pages(desk, tmp_path):
    for code, _name in project.LANGUAGES:
        for name in PAGES:
            html = shown(desk, name, language=code, printed="on", contrast="on", still="on", scheme="dark")
            assert f'<html lang="{code}">' in html
            (tmp_path / f"{name}-{code}.html").write_text(html)
    assert nu_errors(tmp_path) == []
