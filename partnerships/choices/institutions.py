"""Closed lists of institutions, countries and subjects."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class InstitutionType(TextChoices):
    """The types of ROR schema 2.1."""

    EDUCATION = "education", _("Education")
    FACILITY = "facility", _("Facility")
    GOVERNMENT = "government", _("Government")
    COMPANY = "company", _("Company")
    NONPROFIT = "nonprofit", _("Non-profit")
    HEALTHCARE = "healthcare", _("Healthcare")
    ARCHIVE = "archive", _("Archive")
    FUNDER = "funder", _("Funder")
    OTHER = "other", _("Other")


class InstitutionState(TextChoices):
    """Whether the institution still exists, in ROR's words."""

    ACTIVE = "active", _("Active")
    INACTIVE = "inactive", _("Inactive")
    WITHDRAWN = "withdrawn", _("Withdrawn from ROR")


class NameKind(TextChoices):
    LABEL = "label", _("Name")
    ACRONYM = "acronym", _("Acronym")
    ALIAS = "alias", _("Also known as")
    FORMER = "former", _("Former name")


class CountryNameKind(TextChoices):
    """How a country is called beside its name in English.

    Codes of three letters are no names: they are acronyms of others (ETH is no Ethiopia).
    """

    LABEL = "label", "In another language"
    ALIAS = "alias", "Also known as"


class LinkKind(TextChoices):
    """How an institution relates to another one; the inverse is derived."""

    PARENT = "parent", _("Part of")
    PREDECESSOR = "predecessor", _("Successor of")
    RELATED = "related", _("Related to")


class IdentifierScheme(TextChoices):
    FUNDREF = "fundref", _("Crossref Funder")
    GRID = "grid", _("GRID")
    ISNI = "isni", _("ISNI")
    WIKIDATA = "wikidata", _("Wikidata")


class SubjectScheme(TextChoices):
    FORD = "ford", _("OECD fields of research and development")
    SDG = "sdg", _("Sustainable Development Goals")
    LOCAL = "local", _("Local code")
