"""Closed lists of institutions, countries and subjects."""

from django.db.models import TextChoices


class InstitutionType(TextChoices):
    """The types of ROR schema 2.1."""

    EDUCATION = "education", "Education"
    FACILITY = "facility", "Facility"
    GOVERNMENT = "government", "Government"
    COMPANY = "company", "Company"
    NONPROFIT = "nonprofit", "Non-profit"
    HEALTHCARE = "healthcare", "Healthcare"
    ARCHIVE = "archive", "Archive"
    FUNDER = "funder", "Funder"
    OTHER = "other", "Other"


class InstitutionState(TextChoices):
    """Whether the institution still exists, in ROR's words."""

    ACTIVE = "active", "Active"
    INACTIVE = "inactive", "Inactive"
    WITHDRAWN = "withdrawn", "Withdrawn from ROR"


class NameKind(TextChoices):
    LABEL = "label", "Name"
    ACRONYM = "acronym", "Acronym"
    ALIAS = "alias", "Also known as"
    FORMER = "former", "Former name"


class CountryNameKind(TextChoices):
    """How a country is called beside its name in English.

    Codes of three letters are no names: they are acronyms of others (ETH is no Ethiopia).
    """

    LABEL = "label", "In another language"
    ALIAS = "alias", "Also known as"


class LinkKind(TextChoices):
    """How an institution relates to another one; the inverse is derived."""

    PARENT = "parent", "Part of"
    PREDECESSOR = "predecessor", "Successor of"
    RELATED = "related", "Related to"


class IdentifierScheme(TextChoices):
    FUNDREF = "fundref", "Crossref Funder"
    GRID = "grid", "GRID"
    ISNI = "isni", "ISNI"
    WIKIDATA = "wikidata", "Wikidata"


class SubjectScheme(TextChoices):
    FORD = "ford", "OECD fields of research and development"
    SDG = "sdg", "Sustainable Development Goals"
    LOCAL = "local", "Local code"
