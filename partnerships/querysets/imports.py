"""The gate of imports: seen by those who may record for the office that imports."""

from django.apps import apps
from django.db import models

from people.access import office_ids, sees_everything


def importing_offices(user) -> list[int]:
    """Ids of the offices for which ``user`` may import: those for which they may record."""
    agreement = apps.get_model("partnerships", "Agreement")
    return [
        office
        for office in office_ids(user)
        if user.has_perm("partnerships.add_agreement", agreement(office_id=office))
    ]


class OfImportingOffice(models.QuerySet):
    def visible_to(self, user):
        """Rows of the offices for which ``user`` may import."""
        return self if sees_everything(user) else self.filter(office__in=importing_offices(user))
