"""Settings of the REST API and of its description."""

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "partnerships.api.authentication.BearerTokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    # What a visitor may read is the gate's business (visible_to); who may write, the services'.
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.AllowAny"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "partnerships.api.negotiation.RegistryNegotiation",
    "DEFAULT_FILTER_BACKENDS": ["partnerships.api.filtering.RegistryFilterBackend"],
    "DEFAULT_PAGINATION_CLASS": "partnerships.api.pagination.RegistryPagination",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "partnerships.api.errors.handle",
    "UNICODE_JSON": True,
}

_CHOICES = "partnerships.choices."

SPECTACULAR_SETTINGS = {
    "TITLE": "Entente API",
    "DESCRIPTION": "Agreements and partnerships between institutions, with the evidence for each fact.",
    "VERSION": "1.0.0",
    "OAS_VERSION": "3.1.1",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
}
