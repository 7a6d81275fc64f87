from .agreements import AgreementFilterSet
from .others import (
    ActivityFilterSet,
    CountryFilterSet,
    DocumentFilterSet,
    EventFilterSet,
    FocusAreaFilterSet,
    InstitutionFilterSet,
    PersonFilterSet,
    SourceFilterSet,
)

__all__ = [
    "ActivityFilterSet",
    "AgreementFilterSet",
    "CountryFilterSet",
    "DocumentFilterSet",
    "EventFilterSet",
    "FocusAreaFilterSet",
    "InstitutionFilterSet",
    "PersonFilterSet",
    "SourceFilterSet",
]
