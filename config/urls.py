from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from editorial.views import media

urlpatterns = [
    path("admin/notices/", include("editorial.admin.notices")),
    path("admin/bundles/", include("editorial.admin.bundles")),
    path("admin/style/", include("editorial.admin.style")),
    path("admin/", admin.site.urls),
    path("", include("catalog.urls")),
    path("", include("editorial.urls")),
    path(f"{settings.MEDIA_URL.strip('/')}/<path:path>", media),
]
