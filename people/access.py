"""What a visitor may reach, asked in one vocabulary by every gate.

``user`` is whatever ``request.user`` holds: an anonymous visitor, a member of staff or the
principal of an API token. A gate (``visible_to`` of a queryset) asks only the functions here.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Visibility(models.TextChoices):
    PUBLIC = "public", _("Public")
    INTERNAL = "internal", _("Internal")
    RESTRICTED = "restricted", _("Restricted")


class Disclosure(models.TextChoices):
    """Visibility of what many records share: a person, an institution, an event, a subject."""

    PUBLIC = "public", _("Public")
    INTERNAL = "internal", _("Internal")


def sees_everything(user) -> bool:
    """True for a superuser."""
    return bool(user is not None and user.is_active and user.is_superuser)


def sees_internal(user) -> bool:
    """True for staff and for tokens with ``read:internal``."""
    return bool(getattr(user, "sees_internal", False))


def sees_drafts(user) -> bool:
    """True for whoever works on records that are not published: staff, writing tokens."""
    return bool(getattr(user, "sees_drafts", False))


def office_ids(user) -> frozenset[int]:
    """Ids of the offices on whose behalf ``user`` reads restricted records."""
    return getattr(user, "office_ids", frozenset())


def fields_hidden_from(user, row: models.Model, of: type[models.Model] | None = None) -> frozenset[str]:
    """Names of fields of ``row`` that ``user`` may not read.

    A model names in ``office_only`` what only members of the owning office read. Whoever shows,
    compares, restores, filters or exports fields of such a model leaves these out.

    Args:
        of: the model, where ``row`` is what its history kept.
    """
    kept = frozenset(getattr(of or type(row), "office_only", ()))
    if not kept or sees_everything(user) or (row.office_id and row.office_id in office_ids(user)):
        return frozenset()
    return kept


class DisclosedQuerySet(models.QuerySet):
    """The gate of shared records: public ones for everybody, internal ones for staff."""

    def visible_to(self, user):
        """Rows that ``user`` may see."""
        if sees_internal(user) or sees_everything(user):
            return self.all()
        return self.filter(visibility=Disclosure.PUBLIC)
