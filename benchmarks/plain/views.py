"""The view set, its filters, its pages and its facets."""

import django_filters
from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db.models import Count, F, Prefetch, Q
from rest_framework.pagination import PageNumberPagination
from rest_framework.viewsets import ReadOnlyModelViewSet

from .models import Agreement, Document, Relation
from .serializers import AgreementSerializer

PUBLIC = Q(publication_state="published", visibility="public")

#: What is counted by each facet.
FACETS = {
    "country": "parties__institution__country",
    "type": "type",
    "status": "prepared__status",
    "focus_area": "focus_areas__name",
    "activity": "activities__kind",
}


class AgreementFilterSet(django_filters.FilterSet):
    q = django_filters.CharFilter(method="search")
    country = django_filters.CharFilter(field_name="parties__institution__country", distinct=True)
    status = django_filters.CharFilter(field_name="prepared__status")
    focus_area = django_filters.CharFilter(field_name="focus_areas__uid", distinct=True)
    activity = django_filters.CharFilter(field_name="activities__kind", distinct=True)
    type = django_filters.CharFilter(field_name="type")
    facets = django_filters.CharFilter(method="counted_elsewhere")

    class Meta:
        model = Agreement
        fields: list[str] = []

    def search(self, queryset, name, value):
        query = SearchQuery(value, config="english", search_type="websearch")
        return (
            queryset.filter(prepared__document=query)
            .annotate(rank=SearchRank(F("prepared__document"), query))
            .order_by("-rank", "-updated_at", "-id")
        )

    def counted_elsewhere(self, queryset, name, value):
        """``facets`` narrows nothing."""
        return queryset


class Pages(PageNumberPagination):
    page_size = 25
    page_size_query_param = "page_size"
    max_page_size = 100


class AgreementViewSet(ReadOnlyModelViewSet):
    serializer_class = AgreementSerializer
    filterset_class = AgreementFilterSet
    pagination_class = Pages
    lookup_field = "uid"

    def get_queryset(self):
        public = Agreement.objects.filter(PUBLIC)
        return public.select_related("event", "prepared").prefetch_related(
            "parties__institution",
            "parties__signatories__person",
            "subjects__focus_area",
            "activities__from_party__institution",
            "activities__to_party__institution",
            "sources",
            "statements__person",
            "statements__institution",
            "statements__source",
            "periods",
            Prefetch("documents", Document.objects.filter(visibility="public")),
            Prefetch("relations", Relation.objects.filter(target__in=public).select_related("target")),
            Prefetch(
                "inverse_relations",
                Relation.objects.filter(agreement__in=public).select_related("agreement"),
            ),
        )

    def list(self, request, *args, **kwargs):
        response = super().list(request, *args, **kwargs)
        if wanted := request.query_params.get("facets"):
            rows = self.filter_queryset(Agreement.objects.filter(PUBLIC))
            response.data["facets"] = {name: counted(rows, FACETS[name]) for name in wanted.split(",")}
        return response


def counted(rows, path: str) -> list[dict]:
    """Count agreements by the values at ``path``."""
    groups = rows.order_by().values(value=F(path)).annotate(count=Count("pk", distinct=True))
    return list(groups.order_by("-count"))
