from functools import cached_property

from django.contrib.auth.models import AbstractUser

from people.history import track


@track(secret=("password", "last_login"))
class User(AbstractUser):
    """A staff account. What it may do follows from its memberships in offices (``Role``)."""

    @property
    def sees_internal(self) -> bool:
        return self.is_active and self.is_staff

    @property
    def sees_drafts(self) -> bool:
        return self.is_active and self.is_staff

    @cached_property
    def office_ids(self) -> frozenset[int]:
        if not self.is_active:
            return frozenset()
        return frozenset(self.memberships.values_list("office_id", flat=True))

    def history_facts(self) -> dict:
        return {"user": self.pk}
