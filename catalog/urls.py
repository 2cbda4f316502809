from django.urls import path

from catalog import downloads, views

app_name = "catalog"
urlpatterns = [
    path("series/<slug:slug>/", views.series, name="series"),
    path("series/<slug:slug>/season-<int:number>/", views.season, name="season"),
    path("series/<slug:slug>/season-<int:number>/cast.csv", downloads.season_cast, name="season_cast"),
    path("series/<slug:slug>/season-<int:number>/<slug:episode>/", views.episode, name="episode"),
    path("people/<slug:slug>/", views.person, name="person"),
    path("characters/<slug:series>/<slug:slug>/", views.character, name="character"),
    path("sources/", views.source_list, name="source_list"),
    path("sources.csv", downloads.source_table, name="source_table"),
    path("sources/<slug:slug>/", views.source, name="source"),
    path("sources/<slug:slug>/annotations.jsonld", views.source_annotations, name="source_annotations"),
    path("sources/<slug:slug>/citations.json", views.source_citations, name="source_citations"),
]
