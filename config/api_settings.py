"""Settings of the REST API and of its description."""

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "partnerships.api.authentication.BearerTokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    # What a visitor may read is the gate's business (visible_to); who may write, the services'.
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.AllowAny"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["partnerships.api.parsers.RegistryJSONParser"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "partnerships.api.negotiation.RegistryNegotiation",
    "DEFAULT_FILTER_BACKENDS": ["partnerships.api.filtering.RegistryFilterBackend"],
    "DEFAULT_PAGINATION_CLASS": "partnerships.api.pagination.RegistryPagination",
    "DEFAULT_SCHEMA_CLASS": "partnerships.api.schema.RegistrySchema",
    "DEFAULT_THROTTLE_CLASSES": ["partnerships.api.throttling.RegistryThrottle"],
    "EXCEPTION_HANDLER": "partnerships.api.errors.handle",
    "UNICODE_JSON": True,
}

_CLOSED_LISTS = (
    "ActivityKind",
    "AgreementType",
    "AmendableTerm",
    "AmendmentKind",
    "Binding",
    "DeliveryState",
    "Direction",
    "DocumentKind",
    "DurationUnit",
    "EndKind",
    "IdentifierScheme",
    "InstitutionState",
    "InstitutionType",
    "NameKind",
    "PartyRole",
    "PublicationState",
    "RelationKind",
    "SourceKind",
    "Status",
    "SubjectScheme",
    "Supported",
)

SPECTACULAR_SETTINGS = {
    "TITLE": "Entente API",
    "DESCRIPTION": "Agreements and partnerships between institutions, with the evidence for each fact.",
    "VERSION": "1.1.0",
    "OAS_VERSION": "3.1.1",
    "ENFORCE_NON_BLANK_FIELDS": True,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "TAGS": [
        {"name": name}
        for name in (
            "root",
            "agreements",
            "partnerships",
            "institutions",
            "people",
            "focus-areas",
            "activities",
            "events",
            "sources",
            "documents",
            "countries",
            "suggest",
            "token",
            "webhooks",
            "changes",
            "snapshots",
        )
    ],
    "SERVE_INCLUDE_SCHEMA": False,
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "partnerships.api.contract.completing.complete",
    ],
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "ENUM_NAME_OVERRIDES": {name: f"partnerships.choices.{name}" for name in _CLOSED_LISTS}
    | {
        "Disclosure": "people.access.Disclosure",
        "Scope": "people.models.Scope",
        "Visibility": "people.access.Visibility",
        "ToldResource": "partnerships.api.serializers.webhooks.RESOURCE_CHOICES",
        "RenewalRule": "partnerships.choices.Renewal",
        "PersonNameKind": "people.models.person.PersonName.Kind",
        "Fate": "partnerships.api.writing.bulk.OUTCOMES",
        "Removal": "partnerships.api.writing.mixins.REMOVALS",
        "InverseRelationKind": "partnerships.api.serializers.agreements.INVERSE_KINDS",
    },
    "SWAGGER_UI_DIST": "SIDECAR",
    # A text is passed on as it stands: the plug-in is one of entente/docs.js.
    "SWAGGER_UI_SETTINGS": "{deepLinking: true, plugins: [leaveOptionalEmpty]}",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
}
