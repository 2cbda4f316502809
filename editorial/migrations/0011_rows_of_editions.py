"""Fills what 0010_picks made room for, from what the revisions of the editions say and from their HTML."""

import re

from django.db import migrations

from catalog.append_only import freeze, keep

_LINK = re.compile(r'href="/people/([-\w]+)/"', re.ASCII)


def _first_published(Edition):
    return dict(Edition.objects.filter(number=1).values_list("article_id", "published_at"))


def _fill_editions(apps):
    Edition, Article = apps.get_model("editorial", "Edition"), apps.get_model("editorial", "Article")
    series = dict(apps.get_model("catalog", "Series").objects.values_list("slug", "pk"))
    seasons = {
        f"{slug}/{number}": pk
        for slug, number, pk in apps.get_model("catalog", "Season").objects.values_list(
            "series__slug", "number", "pk"
        )
    }
    series |= {key: series[key.rpartition("/")[0]] for key in seasons}
    articles = {
        f"{language}/{slug}": pk
        for language, slug, pk in Article.objects.values_list("language", "slug", "pk")
    }
    addresses = {pk: (kind, slug) for pk, kind, slug in Article.objects.values_list("pk", "kind", "slug")}
    first = _first_published(Edition)
    editions = Edition.objects.select_related("revision").defer("html").iterator(chunk_size=500)
    for edition in editions:
        content = edition.revision.content
        # A live page has been at the address of its article; the revision of an ended one says where it was.
        live = edition.ended_at is None
        kind, slug = addresses[edition.article_id] if live else (content["kind"], content["slug"])
        Edition.objects.filter(pk=edition.pk).update(
            kind=kind,
            slug=slug,
            language=content["language"],
            first_published_at=first.get(edition.article_id, edition.published_at),
            series_id=series.get(content.get("series") or content.get("season")),
            season_id=seasons.get(content.get("season")),
            original_id=articles.get(content.get("translation_of")),
        )


def _fill_bylines(apps):
    Edition, Bylined = apps.get_model("editorial", "Edition"), apps.get_model("editorial", "Bylined")
    known = dict(apps.get_model("editorial", "Contributor").objects.values_list("slug", "pk"))
    frozen = Edition.objects.values_list("pk", "revision__content__contributors").iterator(chunk_size=500)
    Bylined.objects.bulk_create(
        (
            Bylined(edition_id=pk, contributor_id=known[slug], position=position)
            for pk, slugs in frozen
            for position, slug in enumerate(dict.fromkeys(slugs or ()))
            if slug in known
        ),
        batch_size=500,
    )


def _fill_mentions(apps):
    Edition, Mention = apps.get_model("editorial", "Edition"), apps.get_model("editorial", "Mention")
    known = dict(apps.get_model("catalog", "Person").objects.values_list("slug", "pk"))
    pages = Edition.objects.values_list("pk", "html").iterator(chunk_size=100)
    Mention.objects.bulk_create(
        (
            Mention(edition_id=pk, person_id=known[slug])
            for pk, html in pages
            for slug in dict.fromkeys(_LINK.findall(html))
            if slug in known
        ),
        batch_size=500,
    )


def fill(apps, schema_editor):
    _fill_editions(apps)
    _fill_bylines(apps)
    _fill_mentions(apps)


class Migration(migrations.Migration):
    dependencies = [("editorial", "0010_picks")]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
        freeze("editorial", "Bylined", ["edition", "contributor", "position"]),
        keep("editorial", "Bylined"),
        freeze("editorial", "Mention", ["edition", "person", "character"]),
        keep("editorial", "Mention"),
    ]
