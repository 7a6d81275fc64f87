"""Questions about index cards: the read model of agreements."""

from django.db import models

from .agreements import within_reach


class IndexCardQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The gate: cards of agreements that ``user`` may see."""
        return self.filter(within_reach(user))
