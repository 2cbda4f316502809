from django.urls import path, register_converter

from editorial import (
    downloads,
    feeds,
    json_pages,
    preview_views,
    report_views,
    search_views,
    seen_views,
    sitemaps,
    views,
)
from editorial.sections import SECTIONS


class Year:
    """A year of an archive; no article has such a slug."""

    regex = r"(?:19|20)\d\d"
    to_python = int
    to_url = str


register_converter(Year, "year")
app_name = "editorial"
urlpatterns = [
    path("", views.home, name="home"),
    path("healthz", views.healthz, name="healthz"),
    path("how-we-cite/", views.how_we_cite, name="how_we_cite"),
    path("corrections/", views.correction_list, name="correction_list"),
    path("corrections/<int:pk>/", views.correction, name="correction"),
    path("preview/<str:token>/", preview_views.preview, name="preview"),
    path("preview/<str:token>/photos/<slug:slug>", preview_views.preview_photo, name="preview_photo"),
    path("seen/", seen_views.seen, name="seen"),
    path("search/", search_views.search, name="search"),
    path("search/suggest.json", search_views.suggest_json, name="suggest"),
    path("search.json", json_pages.search, name="search_json"),
    path("opensearch.xml", search_views.opensearch, name="opensearch"),
    path("robots.txt", views.robots, name="robots"),
    path("sitemap.xml", sitemaps.index, name="sitemap_index"),
    path("sitemap-<slug:section>.xml", sitemaps.sitemap, name="sitemap"),
    path("oembed", json_pages.oembed, name="oembed"),
    path("index.json", json_pages.home, name="home_json"),
    path("corrections.json", json_pages.correction_list, name="correction_list_json"),
    path("corrections/<int:pk>.json", json_pages.correction, name="correction_json"),
    path("series/<slug:slug>.json", json_pages.series, name="series_json"),
    path("series/<slug:slug>/season-<int:number>.json", json_pages.season, name="season_json"),
    path(
        "series/<slug:slug>/season-<int:number>/<slug:episode>.json", json_pages.episode, name="episode_json"
    ),
    path("characters/<slug:series>/<slug:slug>.json", json_pages.character, name="character_json"),
    path("bylines/<slug:slug>/", views.byline, name="byline"),
    path("bylines/<slug:slug>.json", json_pages.byline, name="byline_json"),
    path("people/<slug:slug>.json", json_pages.person, name="person_json"),
    path("sources.json", json_pages.source_list, name="source_list_json"),
    path("sources/<slug:slug>.json", json_pages.source, name="source_json"),
    path("sources/<slug:slug>/citations.csv", downloads.source_citations, name="source_citations_csv"),
    path("data/", downloads.data, name="data"),
    path("data/bundle.zip", downloads.bundle, name="bundle"),
    path("feed.atom", feeds.atom, name="atom"),
    path("feed.rss", feeds.rss, name="rss"),
    path("series/<slug:slug>/feed.atom", feeds.atom, name="series_atom"),
    path("series/<slug:slug>/feed.rss", feeds.rss, name="series_rss"),
]
for page, address in (
    ("series", "series/<slug:slug>"),
    ("season", "series/<slug:slug>/season-<int:number>"),
    ("episode", "series/<slug:slug>/season-<int:number>/<slug:episode>"),
    ("person", "people/<slug:slug>"),
    ("character", "characters/<slug:series>/<slug:slug>"),
):
    # In front of the page's own address: behind it stand names of episodes.
    urlpatterns.append(
        path(f"report/{address}/", report_views.report_page, {"page": page}, name=f"report_{page}")
    )
for section in SECTIONS:
    urlpatterns += [
        path(f"{section.path}/", views.article_list, {"kind": section.kind}, name=f"{section.kind}_list"),
        path(
            f"{section.path}.json",
            json_pages.article_list,
            {"kind": section.kind},
            name=f"{section.kind}_list_json",
        ),
        path(
            f"{section.path}/<year:year>/",
            views.article_list,
            {"kind": section.kind},
            name=f"{section.kind}_year",
        ),
        path(
            f"{section.path}/<year:year>.json",
            json_pages.article_list,
            {"kind": section.kind},
            name=f"{section.kind}_year_json",
        ),
        path(
            f"{section.path}/<slug:slug>.json",
            json_pages.article,
            {"kind": section.kind},
            name=f"{section.kind}_json",
        ),
        path(
            f"{section.path}/<slug:slug>/citations.csv",
            downloads.article_citations,
            {"kind": section.kind},
            name=f"{section.kind}_citations",
        ),
        path(
            f"{section.path}/<slug:slug>/citations.json",
            downloads.article_sources,
            {"kind": section.kind},
            name=f"{section.kind}_sources",
        ),
        path(
            f"{section.path}/<slug:slug>/report/",
            report_views.report,
            {"kind": section.kind},
            name=f"{section.kind}_report",
        ),
        path(f"{section.path}/feed.atom", feeds.atom, {"kind": section.kind}, name=f"{section.kind}_atom"),
        path(f"{section.path}/feed.rss", feeds.rss, {"kind": section.kind}, name=f"{section.kind}_rss"),
        path(
            f"{section.path}/<slug:slug>/card-<slug:digest>.png",
            views.social_card,
            {"kind": section.kind},
            name=f"{section.kind}_card",
        ),
        path(f"{section.path}/<slug:slug>/", views.article, {"kind": section.kind}, name=section.kind),
    ]
