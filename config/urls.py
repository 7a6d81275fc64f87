"""The addresses of the whole site."""

from django.contrib import admin
from django.urls import include, path

from config import health
from partnerships.admin.my_settings import my_settings
from partnerships.api.oai.view import Oai, Schema
from partnerships.api.root import DocsView

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("admin/my-settings/", admin.site.admin_view(my_settings), name="my-settings"),
    path("admin/", admin.site.urls),
    path("api/v1/", include("config.api_router")),
    path("api/docs/", DocsView.as_view(), name="api-docs"),
    path("oai/", Oai.as_view(), name="oai"),
    path("oai/agreement-1.xsd", Schema.as_view(), name="oai-schema"),
    path("", include("partnerships.urls")),
]

handler400 = "config.error_pages.bad_request"
handler403 = "config.error_pages.permission_denied"
handler404 = "config.error_pages.not_found"
handler500 = "config.error_pages.server_error"
