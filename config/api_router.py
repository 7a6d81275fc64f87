"""Every resource of ``/api/v1/`` in one place."""

from django.urls import path, re_path
from rest_framework.routers import SimpleRouter

from partnerships.api import agreements, partnerships, views
from partnerships.api.changes import ChangesView
from partnerships.api.root import RootView, SchemaView
from partnerships.api.snapshots import SnapshotsView, SnapshotView, WholeSnapshotView
from partnerships.api.suggest import SuggestView
from partnerships.api.token import TokenView
from partnerships.api.webhooks import WebhookViewSet
from partnerships.querysets.feed import RESOURCES as FEED_RESOURCES
from partnerships.services.snapshots import FORMATS

RESOURCES = {
    "agreements": ("agreement", agreements.AgreementViewSet),
    "partnerships": ("partnership", partnerships.PartnershipViewSet),
    "institutions": ("institution", views.InstitutionViewSet),
    "people": ("person", views.PersonViewSet),
    "focus-areas": ("focus-area", views.FocusAreaViewSet),
    "activities": ("activity", views.ActivityViewSet),
    "events": ("event", views.EventViewSet),
    "sources": ("source", views.SourceViewSet),
    "documents": ("document", views.DocumentViewSet),
    "countries": ("country", views.CountryViewSet),
    "webhooks": ("webhook", WebhookViewSet),
}

app_name = "api"

#: ``snapshots/institutions.csv``: the ending says the format.
_SNAPSHOT = rf"^snapshots/(?P<resource>{'|'.join(FEED_RESOURCES)})\.(?P<kind>{'|'.join(FORMATS)})$"

router = SimpleRouter()
for prefix, (basename, viewset) in RESOURCES.items():
    router.register(prefix, viewset, basename=basename)

urlpatterns = [
    path(
        "", RootView.as_view(resources={prefix: name for prefix, (name, _) in RESOURCES.items()}), name="root"
    ),
    path("suggest/", SuggestView.as_view(), name="suggest"),
    path("token/", TokenView.as_view(), name="token"),
    path("changes/", ChangesView.as_view(), name="changes"),
    path("snapshots/", SnapshotsView.as_view(), name="snapshots"),
    path("snapshots/all.ndjson", WholeSnapshotView.as_view(), name="snapshot-of-all"),
    re_path(_SNAPSHOT, SnapshotView.as_view(), name="snapshot"),
    path("schema/", SchemaView.as_view(), name="schema"),
    *router.urls,
]
