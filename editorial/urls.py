from django.urls import path

from editorial import feeds, sitemaps, views
from editorial.sections import SECTIONS

app_name = "editorial"
urlpatterns = [
    path("", views.home, name="home"),
    path("healthz", views.healthz, name="healthz"),
    path("corrections/", views.correction_list, name="correction_list"),
    path("corrections/<int:pk>/", views.correction, name="correction"),
    path("robots.txt", views.robots, name="robots"),
    path("sitemap.xml", sitemaps.index, name="sitemap_index"),
    path("sitemap-<slug:section>.xml", sitemaps.sitemap, name="sitemap"),
    path("feed.atom", feeds.atom, name="atom"),
    path("feed.rss", feeds.rss, name="rss"),
    path("series/<slug:slug>/feed.atom", feeds.atom, name="series_atom"),
    path("series/<slug:slug>/feed.rss", feeds.rss, name="series_rss"),
]
for section in SECTIONS:
    urlpatterns += [
        path(f"{section.path}/", views.article_list, {"kind": section.kind}, name=f"{section.kind}_list"),
        path(f"{section.path}/feed.atom", feeds.atom, {"kind": section.kind}, name=f"{section.kind}_atom"),
        path(f"{section.path}/feed.rss", feeds.rss, {"kind": section.kind}, name=f"{section.kind}_rss"),
        path(f"{section.path}/<slug:slug>/", views.article, {"kind": section.kind}, name=section.kind),
    ]
