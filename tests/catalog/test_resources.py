import hashlib
import io
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from catalog.actions import attach_text
from catalog.capture import capture
from catalog.models import CastEntry, Decision, Episode, Passage, Person, Photo, Season, Series, Snapshot
from catalog.resources import TABLES, CastResource, Known, PersonResource, PhotoResource
from catalog.resources.tables import (
    escape_formula,
    join_list,
    read_table,
    split_list,
    unescape_formula,
    write_table,
)
from catalog.verification import verify
from tests.factories import make_person, make_season, make_series, make_snapshot, make_source

WORDS = "Season two arrives in February."


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


# One table of each kind, in the order and the form in which they are exported.
FILES = {
    "series.csv": """\
slug,title,original_language,network,production_company,premiere,relation,companion_to,summary
narcos,Narcos,en,Netflix,"Gaumont, International",2015-08-28,companion,narcos-mexico,"A ""war""
on drugs"
narcos-mexico,Narcos: Mexico,,,,2018-11~,spin-off,narcos,'=1+1
solo,Solo,,,,,,,
""",
    "seasons.csv": """\
series,number,premiere,episode_count,episode_count_is_minimum,status,renewed,filming_start,filming_end
narcos,0,,,no,,,,
narcos-mexico,1,2018-11-16,10,no,available,,,
narcos-mexico,2,2020-02-13,8,yes,upcoming,2018-12-05,2018-11,2019-06~
narcos-mexico,10,,,no,not confirmed,,,
""",
    "episodes.csv": """\
series,season,number,title,aired
narcos,0,,"Behind, the scenes",
narcos-mexico,1,1,Camelot,2018-11-16
narcos-mexico,1,2,,
""",
    "people.csv": """\
slug,name,sort_name
diego-luna,Diego Luna,"Luna, Diego"
michael-pena,Michael Peña,"Peña, Michael"
""",
    "characters.csv": """\
series,slug,name
narcos-mexico,felix-gallardo,Miguel Ángel Félix Gallardo
narcos-mexico,kiki,Kiki Camarena
""",
    "aliases.csv": """\
person,character,text,language,kind
,narcos-mexico/felix-gallardo,El Padrino,es,nickname
,narcos-mexico/kiki,'@kiki,,variant
michael-pena,,Michael Pena,,typo
""",
    "earlier_works.csv": """\
person,title,position
diego-luna,Rogue One,1
diego-luna,Y tu mamá también | director's cut,2
michael-pena,''-Ant-Man,0
""",
    "cast.csv": """\
series,season,episode,person,character,billed_as,position,status,status_as_of,note
narcos,0,"~Behind, the scenes",diego-luna,,Himself,0,new,2019,
narcos-mexico,1,1,,kiki,,0,confirmed,,
narcos-mexico,2,,michael-pena,kiki,,1,flashback only,,"Dies in season 1, returns"
narcos-mexico,2,,diego-luna,felix-gallardo,Diego Luna,2,confirmed,2019-12-05,
""",
    "crew.csv": """\
series,season,person,job,position
narcos-mexico,,diego-luna,executive producer,0
narcos-mexico,2,diego-luna,director,3
""",
    "statements.csv": """\
series,season,person,character,label,value,position,gives_away
,,diego-luna,,Born in,Mexico City,0,
narcos-mexico,,,,Story begins,1980s,0,
narcos-mexico,,,kiki,Rank,agent,0,narcos-mexico/2
narcos-mexico,2,,,Filming place,"Mexico, mostly",1,
narcos-mexico,2,,,Budget,'-5,2,
""",
    "availability.csv": """\
series,season,service,territory,begins,ends,position
narcos-mexico,,Channel 9,,,,0
narcos-mexico,2,Netflix,Mexico,2020-02-13,2021~,1
""",
    "sources.csv": """\
slug,title,publisher,author,published,language,url,kind,derives_from,quote_limit
announcement,Season 2 announced,,,2019-12,en,https://example.org/a?b=c,press release,,60
report,A report of it,Paper,A. Writer,,en-GB,,article,announcement,
""",
    "snapshots.csv": f"""\
source,sha256,length,captured_at,method
announcement,{sha256(WORDS)},{len(WORDS)},2024-05-01T10:00:00Z,file
report,{sha256(WORDS)},{len(WORDS)},2024-05-01T10:00:00.250000Z,paste
""",
    "passages.csv": f"""\
source,number,snapshot,start,end,sha256,excerpt,state
announcement,1,{sha256(WORDS)},0,10,{sha256("Season two")},Season two,
announcement,2,{sha256(WORDS)},22,30,{sha256("February")},February,
announcement,10,{sha256(WORDS)},0,31,{sha256(WORDS)},{WORDS},
report,1,{sha256(WORDS)},11,18,{sha256("arrives")},arrives,
""",
    "citations.csv": """\
passage,about_type,about,field,stance,says,checked_value
report#1,castentry,narcos-mexico/2/~/diego-luna/felix-gallardo,,supports,,diego-luna as felix-gallardo
announcement#1,season,narcos-mexico/2,episode_count,mentions,at least eight,>=8
announcement#2,season,narcos-mexico/2,premiere,supports,February,2020-02-13
announcement#10,season,narcos-mexico/2,premiere,contradicts,,2020-02-13
announcement#1,statement,season/narcos-mexico/2/Budget,value,supports,,'-5
""",
    "photos.csv": """\
slug,file,alt,caption,credit,rights_until,gives_away,focus_x,focus_y
ridge,ridge.webp,A ridge.,,Ibid,2030-12,,20,35
""",
}


def picture(colour="red") -> bytes:
    raw = io.BytesIO()
    Image.new("RGB", (20, 10), colour).save(raw, "PNG")
    return raw.getvalue()


def bring_in(names=tuple(FILES), **changed) -> dict:
    """Import these tables, with some texts replaced (`series=...`), and return their results."""
    known, results = Known(), {}
    for name in names:
        options = {"read_file": lambda file: picture()} if name == "photos.csv" else {}
        failed = any(result.problems for result in results.values())
        resource = TABLES[name](known, check_only=failed, **options)
        raw = changed.get(name.removesuffix(".csv"), FILES[name]).encode()
        results[name] = resource.import_table(resource.read(raw))
    return results


def problems(resource, text) -> list[tuple]:
    """What importing `text` complains of: line, column, value, message."""
    result = resource.import_table(resource.read(text.encode()))
    return [(one.line, one.column, one.value, one.message) for one in result.problems]


@pytest.mark.django_db
class TestRoundTrip:
    def test_every_table_comes_out_as_it_went_in(self):
        results = bring_in()
        assert [problem for result in results.values() for problem in result.problems] == []
        for name, text in FILES.items():
            assert TABLES[name]().export().csv == text, name

    def test_second_time_nothing_is_new_or_changed(self, django_assert_max_num_queries):
        bring_in()
        with django_assert_max_num_queries(200) as queries:
            results = bring_in()
        assert {(result.new, result.changed) for result in results.values()} == {(0, 0)}
        assert not any(query["sql"].startswith(("INSERT", "UPDATE")) for query in queries)

    def test_order_of_the_columns_does_not_matter(self):
        text = "sort_name,slug,name\nB,a,A\n"
        assert PersonResource().import_table(PersonResource.read(text.encode())).new == 1
        assert PersonResource().export().csv == "slug,name,sort_name\na,A,B\n"

    def test_byte_order_mark_and_crlf_of_a_spreadsheet_are_taken(self):
        raw = b"\xef\xbb\xbfslug,name,sort_name\r\na,A,B\r\n\r\n"
        assert PersonResource().import_table(PersonResource.read(raw)).new == 1
        assert Person.objects.get().sort_name == "B"

    def test_search_keys_and_times_follow_a_changed_row(self):
        person = make_person(slug="a", name="Old", sort_name="Old")
        PersonResource().import_table(PersonResource.read("slug,name,sort_name\na,Peña,P\n".encode()))
        changed = Person.objects.get()
        assert changed.pk == person.pk
        assert changed.name_key == "pena"
        assert changed.updated_at > person.updated_at

    def test_number_of_queries_does_not_grow_with_the_rows(self, django_assert_num_queries):
        def run(rows):
            text = "slug,name,sort_name\n" + "".join(f"p{rows}-{n},Name,Name\n" for n in range(rows))
            PersonResource().import_table(PersonResource.read(text.encode()))

        run(1)
        with django_assert_num_queries(6):
            run(3)
        with django_assert_num_queries(6):
            run(60)

    def test_special_is_named_by_its_title(self):
        bring_in()
        assert CastEntry.objects.get(billed_as="Himself").episode == Episode.objects.get(number=None)

    def test_series_may_name_each_other(self):
        bring_in(["series.csv"])
        narcos = Series.objects.get(slug="narcos")
        assert narcos.companion_to.companion_to == narcos
        changed = FILES["series.csv"].replace("spin-off,narcos", "remake,solo")
        result = bring_in(["series.csv"], series=changed)["series.csv"]
        assert (result.new, result.changed, result.same) == (0, 1, 2)
        assert Series.objects.get(slug="narcos-mexico").companion_to.slug == "solo"


@pytest.mark.django_db
class TestRefusals:
    def test_unknown_and_missing_columns_are_named(self):
        ((line, _column, _value, message),) = problems(PersonResource(), "slug,nam,sort_name\na,b,c\n")
        assert line == 1
        assert "missing: name." in message
        assert "not known: nam." in message
        assert "slug,name,sort_name" in message

    def test_column_that_stands_there_twice_is_refused(self):
        ((_line, _column, _value, message),) = problems(
            PersonResource(), "slug,name,sort_name,name\na,b,c,d\n"
        )
        assert "twice" in message

    @pytest.mark.parametrize(
        ("raw", "line", "words"),
        [
            (b"", 0, "empty"),
            (b"slug,name,sort_name\na,b,c\nd,e\n", 3, "2 cells, the header has 3"),
            (b'slug,name,sort_name\n"a,b,c\n', 2, "quotation marks"),
            ("slug,name,sort_name\na,Peña,c\n".encode("latin-1"), 2, "UTF-8"),
            (b"slug,name,sort_name\na,b\x00,c\n", 2, "NUL"),
        ],
    )
    def test_file_that_cannot_be_read_is_refused_with_the_line(self, raw, line, words):
        (problem,) = PersonResource.read(raw).problems
        assert problem.line == line
        assert words in problem.message

    def test_same_key_twice_is_refused_with_both_lines(self):
        text = 'slug,name,sort_name\na,"A\nB",S\nb,B,S\na,C,S\n'
        ((line, _column, _value, message),) = problems(PersonResource(), text)
        assert line == 5
        assert "Line 3 says the same key, “a”" in message
        assert not Person.objects.exists()

    def test_every_bad_cell_is_told_with_line_column_and_value(self):
        make_season(series=make_series(slug="narcos"), number=1)
        make_person(slug="diego-luna")
        text = (
            "series,season,episode,person,character,billed_as,position,status,status_as_of,note\n"
            "narcos,1,,diego-luna,nobody,,x,star,2019-13,\n"
            "nacros,1,,diego-luna,,,0,new,,\n"
            "narcos,1,7,diego-luna,,,0,new,,\n"
            ",1,,diego-luna,,,0,new,,\n"
        )
        found = problems(CastResource(), text)
        assert [(line, column, value) for line, column, value, _message in found] == [
            (2, "character", "nobody"),
            (2, "position", "x"),
            (2, "status", "star"),
            (2, "status_as_of", "2019-13"),
            (3, "season", "1"),
            (4, "episode", "7"),
            (5, "season", "1"),
        ]
        messages = " ".join(message for *_where, message in found)
        assert "character “narcos/nobody” is not known: add it first" in messages
        assert "“star” is not allowed here. Write one of: confirmed, new," in messages
        assert "“x” is not a whole number" in messages
        assert "season “nacros/1” is not known" in messages
        assert not CastEntry.objects.exists()

    def test_row_the_database_refuses_is_told_with_its_line_and_nothing_is_written(self):
        make_season(series=make_series(slug="narcos"), number=1)
        make_person(slug="diego-luna")
        text = (
            "series,season,episode,person,character,billed_as,position,status,status_as_of,note\n"
            "narcos,1,,diego-luna,,,0,new,,\n"
            "narcos,1,,,,Nobody,1,new,,\n"
        )
        assert problems(CastResource(), text) == [(3, "", "", "Name the person, the character, or both.")]
        assert not CastEntry.objects.exists()

    def test_alias_of_nobody_and_statement_about_nothing_are_refused(self):
        texts = {
            "aliases.csv": "person,character,text,language,kind\n,,X,,variant\n",
            "statements.csv": "series,season,person,character,label,value,position,gives_away\n,,,,L,V,0,\n",
        }
        for name, text in texts.items():
            ((line, _column, _value, message),) = problems(TABLES[name](), text)
            assert line == 2
            assert "belongs to exactly one person" in message or "is about one" in message

    def test_episode_count_that_is_a_minimum_of_nothing_is_refused(self):
        make_series(slug="narcos")
        text = FILES["seasons.csv"].splitlines()[0] + "\nnarcos,1,,,yes,,,,\nnarcos,2,,3,maybe,,,,\n"
        minimum, neither = problems(TABLES["seasons.csv"](), text)
        assert minimum == (2, "", "", "“At least that many” needs a number of episodes.")
        assert neither[:3] == (3, "episode_count_is_minimum", "maybe")
        assert "neither “yes” nor “no”" in neither[3]
        assert not Season.objects.exists()

    def test_field_that_cannot_be_cited_is_refused(self):
        text = FILES["citations.csv"].replace(",premiere,supports", ",prermiere,supports")
        results = bring_in(citations=text)
        (problem,) = results["citations.csv"].problems
        assert (problem.line, problem.column, problem.value) == (4, "field", "prermiere")
        assert "status, premiere" in problem.message

    def test_decision_about_a_field_that_is_not_there_is_refused(self):
        make_season(series=make_series(slug="narcos"), number=1)
        text = (
            "about_type,about,field,at,value,reason,overruled\n"
            "season,narcos/1,prermiere,2024-05-01T10:00:00Z,2020,Because.,\n"
            "season,narcos/1,premiere,2024-05-01T10:00:00Z,2020,Because.,\n"
            "season,narcos/1,,2024-05-01T10:00:00Z,x,Because.,\n"
        )
        (problem,) = problems(TABLES["decisions.csv"](), text)
        assert problem[:3] == (2, "field", "prermiere")
        assert "status, premiere" in problem[3]
        assert not Decision.objects.exists()

    @pytest.mark.parametrize(
        "cell",
        [
            "2024-05-01",
            "2024-05-01T10:00:00",
            "9999-12-31T23:59:59-01:00",
            "9999-12-31T23:59:59Z",
            "0001-01-01T00:00:00+14:00",
            "0001-01-01T00:00:00Z",
        ],
    )
    def test_what_is_no_moment_in_utc_is_refused(self, cell):
        text = FILES["snapshots.csv"].replace("2024-05-01T10:00:00Z", cell)
        (problem,) = bring_in(("sources.csv", "snapshots.csv"), snapshots=text)["snapshots.csv"].problems
        assert (problem.line, problem.column, problem.value) == (2, "captured_at", cell)
        assert "not a moment in UTC" in problem.message

    def test_citation_about_something_unknown_is_refused(self):
        text = FILES["citations.csv"].replace("season,narcos-mexico/2,", "seazon,narcos-mexico/2,", 1)
        text = text.replace("Budget", "Buget").replace("report#1", "report#9")
        found = bring_in(citations=text)["citations.csv"].problems
        assert [(one.line, one.column, one.value) for one in found] == [
            (2, "passage", "report#9"),
            (3, "about_type", "seazon"),
            (6, "about", "season/narcos-mexico/2/Buget"),
        ]

    def test_text_too_long_and_slug_with_spaces_are_refused(self):
        text = f"slug,name,sort_name\na b,A,S\nb,{'x' * 201},S\nc,,S\n"
        found = problems(PersonResource(), text)
        assert [(line, column) for line, column, *_rest in found] == [(2, "slug"), (3, "name"), (4, "name")]


@pytest.mark.django_db
class TestSourcesAndPassages:
    def test_passages_wait_for_their_text(self):
        bring_in()
        assert set(Passage.objects.values_list("state", "exact")) == {("unattached", "")}
        assert set(Snapshot.objects.values_list("text", flat=True)) == {None}

    def test_passages_are_verified_at_once_where_the_text_is_here(self):
        source = make_source(slug="announcement")
        make_snapshot(source, WORDS)
        bring_in()
        assert set(source.passages.values_list("state", flat=True)) == {"verified"}
        assert source.passages.get(number=2).exact == "February"

    def test_passage_that_does_not_fit_the_text_is_refused(self):
        make_snapshot(make_source(slug="announcement"), WORDS)
        results = bring_in(passages=FILES["passages.csv"].replace("22,30", "21,30"))
        (problem,) = results["passages.csv"].problems
        assert problem.line == 3
        assert "do not have its SHA-256" in problem.message
        assert not Passage.objects.exists()

    def test_a_row_that_the_text_refuses_beside_one_that_the_database_refuses_is_told(self):
        make_snapshot(make_source(slug="announcement"), WORDS)
        text = FILES["passages.csv"].replace("22,30", "21,30").replace(",11,18,", ",18,11,")
        found = bring_in(passages=text)["passages.csv"].problems
        assert [one.line for one in found] == [3, 5]
        assert "do not have its SHA-256" in found[0].message
        assert not Passage.objects.exists()

    def test_passage_whose_span_changed_waits_again(self):
        bring_in()
        Passage.objects.filter(start=22).update(exact="February", state="verified")
        text = FILES["passages.csv"].replace(
            f"22,30,{sha256('February')},February", f"22,31,{sha256('February.')},February."
        )
        result = bring_in(passages=text)["passages.csv"]
        assert (result.new, result.changed, result.same) == (0, 1, 3)
        passage = Passage.objects.get(start=22)
        assert (passage.end, passage.state, passage.exact) == (31, "unattached", "")

    def test_a_file_lets_a_passage_fall_and_never_stand_again(self):
        make_snapshot(make_source(slug="announcement"), WORDS)
        stands = FILES["passages.csv"]
        fallen = stands.replace("Season two,", "Season two,lost")
        before_there_was_such_a_column = stands.replace(",state", "").replace(",\n", "\n")
        for text in (fallen, stands, before_there_was_such_a_column):
            bring_in(passages=text)
            passage = Passage.objects.get(source__slug="announcement", number=1)
            assert (passage.state, passage.exact, passage.supports) == ("lost", "Season two", False)
        refused = bring_in(passages=fallen.replace(",lost", ",verified"))["passages.csv"]
        assert "“verified” is not allowed here" in refused.problems[0].message

    def test_a_fallen_passage_has_its_words_once_the_text_is_here_and_stays_fallen(self):
        bring_in(passages=FILES["passages.csv"].replace("Season two,", "Season two,withdrawn"))
        passage = Passage.objects.get(source__slug="announcement", number=1)
        assert (passage.state, passage.exact) == ("withdrawn", "")
        damage = [one for one in verify(Counter()) if one.severity == "damage"]
        assert damage == []
        attach_text(capture(WORDS.encode(), limit=1000))
        passage.refresh_from_db()
        assert (passage.state, passage.exact) == ("withdrawn", "Season two")
        assert [one for one in verify(Counter()) if one.severity == "damage"] == []

    def test_snapshot_that_is_here_is_left_as_it_is(self):
        mine = make_snapshot(make_source(slug="announcement"), WORDS)
        assert bring_in()["snapshots.csv"].same == 1
        mine.refresh_from_db()
        assert (mine.text, mine.method) == (WORDS, "file")
        wrong = FILES["snapshots.csv"].replace(f",{len(WORDS)},", ",7,", 1)
        (problem,) = bring_in(snapshots=wrong)["snapshots.csv"].problems
        assert (problem.line, problem.column) == (2, "length")
        assert "never changes" in problem.message


@pytest.mark.django_db
class TestPhotos:
    def bring(self, colour="red", text=FILES["photos.csv"]):
        resource = PhotoResource(read_file=lambda name: picture(colour) if name == "ridge.webp" else None)
        return resource, resource.import_table(resource.read(text.encode()))

    def test_picture_is_encoded_anew_and_measured(self):
        self.bring()
        photo = Photo.objects.get()
        assert (photo.width, photo.height) == (20, 10)
        assert photo.image.name.startswith("photos/ridge-")
        assert photo.image.read(4) == b"RIFF"

    def test_same_picture_is_not_made_again_and_another_one_is(self):
        self.bring()
        before = Photo.objects.get().image.name
        assert self.bring()[1].same == 1
        assert Photo.objects.get().image.name == before
        assert self.bring("blue")[1].changed == 1
        assert Photo.objects.get().image.name != before

    def test_the_season_that_a_picture_gives_away_comes_in_and_goes_out(self):
        season = make_season(series=make_series(slug="narcos-mexico"), number=2)
        text = FILES["photos.csv"].replace("2030-12,", "2030-12,narcos-mexico/2")
        resource, result = self.bring(text=text)
        assert result.problems == []
        assert Photo.objects.get().gives_away == season
        assert resource.cell("gives_away", Photo.objects.get()) == "narcos-mexico/2"
        unknown = text.replace("mexico/2", "mexico/7")
        (problem,) = self.bring(text=unknown)[1].problems
        assert (problem.line, problem.column) == (2, "gives_away")

    def test_a_table_without_the_focal_point_or_with_empty_cells_leaves_it_where_it_is(self):
        self.bring()
        photo = Photo.objects.get()
        assert (photo.focus_x, photo.focus_y) == (20, 35)
        older = FILES["photos.csv"].replace(",focus_x,focus_y", "").replace(",20,35", "")
        empty = FILES["photos.csv"].replace(",20,35", ",,")
        for text in (older, empty):
            _resource, result = self.bring(text=text)
            assert (result.problems, result.same) == ([], 1)
        _resource, result = self.bring(text=older.replace("ridge,", "new,", 1))
        assert (result.problems, result.new) == ([], 1)
        assert Photo.objects.get(slug="new").focus_x == 50

    @pytest.mark.parametrize("cell", ["101", "left", "-1"])
    def test_a_focal_point_outside_the_picture_names_its_cell(self, cell):
        text = FILES["photos.csv"].replace(",20,35", f",{cell},35")
        (problem,) = self.bring(text=text)[1].problems
        assert (problem.line, problem.column, problem.value) == (2, "focus_x", cell)

    def test_another_focal_point_takes_the_copies_away(self, settings, django_capture_on_commit_callbacks):
        self.bring()
        folder = settings.MEDIA_ROOT / "renditions" / Photo.objects.get().image.name.rpartition("/")[2]
        folder.mkdir(parents=True)
        with django_capture_on_commit_callbacks(execute=True):
            self.bring(text=FILES["photos.csv"].replace(",20,35", ",1,2"))
        assert not folder.exists()

    def test_missing_and_broken_files_are_refused(self):
        text = FILES["photos.csv"] + "other,other.webp,,,,,,,\n"
        (problem,) = self.bring(text=text)[1].problems
        assert (problem.line, problem.column, problem.value) == (3, "file", "other.webp")
        resource = PhotoResource(read_file=lambda name: b"<svg/>")
        assert "SVG" in problems(resource, FILES["photos.csv"])[0][3]
        assert not Photo.objects.exists()

    def test_discarding_takes_the_stored_files_away(self, settings):
        resource, _result = self.bring()
        resource.discard()
        assert list((settings.MEDIA_ROOT / "photos").iterdir()) == []


class TestText:
    @given(st.text())
    def test_formulas_are_escaped_and_come_back(self, cell):
        escaped = escape_formula(cell)
        assert unescape_formula(escaped) == cell
        assert escaped[:1] not in {"=", "+", "-", "@", "\t", "\r", "\n"}

    @pytest.mark.parametrize("cell", ["'Tis", "don't", "a=b", "", "'", "2019"])
    def test_other_cells_stay_as_they_are(self, cell):
        assert escape_formula(cell) == unescape_formula(cell) == cell

    @given(st.lists(st.text(min_size=1)))
    def test_lists_come_back(self, items):
        assert split_list(join_list(items)) == items

    def test_literal_bar_is_escaped(self):
        assert join_list(["a|b", "c"]) == r"a\|b|c"
        assert split_list(r"a\|b|c") == ["a|b", "c"]

    @given(
        st.lists(
            st.lists(
                st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")),
                min_size=2,
                max_size=2,
            ),
            min_size=1,
        )
    )
    def test_tables_come_back(self, rows):
        table = read_table(write_table(["a", "b"], rows).encode())
        assert table.problems == []
        assert table.rows == rows
