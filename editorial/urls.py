from django.urls import path

from editorial import feeds, json_pages, preview_views, search_views, sitemaps, views
from editorial.sections import SECTIONS

app_name = "editorial"
urlpatterns = [
    path("", views.home, name="home"),
    path("healthz", views.healthz, name="healthz"),
    path("corrections/", views.correction_list, name="correction_list"),
    path("corrections/<int:pk>/", views.correction, name="correction"),
    path("preview/<str:token>/", preview_views.preview, name="preview"),
    path("preview/<str:token>/photos/<slug:slug>", preview_views.preview_photo, name="preview_photo"),
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
    path("people/<slug:slug>.json", json_pages.person, name="person_json"),
    path("sources.json", json_pages.source_list, name="source_list_json"),
    path("sources/<slug:slug>.json", json_pages.source, name="source_json"),
    path("feed.atom", feeds.atom, name="atom"),
    path("feed.rss", feeds.rss, name="rss"),
    path("series/<slug:slug>/feed.atom", feeds.atom, name="series_atom"),
    path("series/<slug:slug>/feed.rss", feeds.rss, name="series_rss"),
]
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
            f"{section.path}/<slug:slug>.json",
            json_pages.article,
            {"kind": section.kind},
            name=f"{section.kind}_json",
        ),
        path(f"{section.path}/feed.atom", feeds.atom, {"kind": section.kind}, name=f"{section.kind}_atom"),
        path(f"{section.path}/feed.rss", feeds.rss, {"kind": section.kind}, name=f"{section.kind}_rss"),
        path(f"{section.path}/<slug:slug>/", views.article, {"kind": section.kind}, name=section.kind),
    ]
