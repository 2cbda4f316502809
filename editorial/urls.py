from django.urls import path

from editorial import preview_views, views
from editorial.sections import SECTIONS

app_name = "editorial"
urlpatterns = [
    path("", views.home, name="home"),
    path("healthz", views.healthz, name="healthz"),
    path("corrections/", views.correction_list, name="correction_list"),
    path("corrections/<int:pk>/", views.correction, name="correction"),
    path("preview/<str:token>/", preview_views.preview, name="preview"),
    path("preview/<str:token>/photos/<slug:slug>", preview_views.preview_photo, name="preview_photo"),
    path("robots.txt", views.robots, name="robots"),
]
for section in SECTIONS:
    urlpatterns += [
        path(f"{section.path}/", views.article_list, {"kind": section.kind}, name=f"{section.kind}_list"),
        path(f"{section.path}/<slug:slug>/", views.article, {"kind": section.kind}, name=section.kind),
    ]
