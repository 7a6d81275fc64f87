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
from .partnerships import PartnershipFilterSet

__all__ = [
    "ActivityFilterSet",
    "AgreementFilterSet",
    "CountryFilterSet",
    "DocumentFilterSet",
    "EventFilterSet",
    "FocusAreaFilterSet",
    "InstitutionFilterSet",
    "PartnershipFilterSet",
    "PersonFilterSet",
    "SourceFilterSet",
]
