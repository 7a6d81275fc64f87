"""Questions about webhooks, and their gate: who looks after a subscription sees it and its log."""

from datetime import datetime

from django.db import models
from django.db.models import Exists, OuterRef, Q

from partnerships.choices import DeliveryState
from people.access import sees_everything
from people.authority import managed_offices

_WAITING = DeliveryState.WAITING


class SubscriptionQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Those that ``user`` looks after: an administrator of the office, or of the token's."""
        if sees_everything(user):
            return self.all()
        if not getattr(user, "is_staff", False):
            return self.none()
        offices = managed_offices(user).values("pk")
        return self.filter(Q(office__in=offices) | Q(token__office__in=offices))

    def of_token(self, token):
        """Those of an API token."""
        return self.filter(token=token)

    def at_work(self, now: datetime):
        """Active ones that do not rest after failures."""
        return self.filter(active=True).filter(Q(rests_until=None) | Q(rests_until__lte=now))

    def with_due(self, now: datetime):
        """Those at work with a delivery that may be attempted now."""
        due = _model_of(self, "deliveries").objects.due(now).filter(subscription=OuterRef("pk"))
        return self.at_work(now).filter(Exists(due))

    def behind(self, position: int):
        """Active ones for which the feed, up to ``position``, was not looked through yet."""
        return self.filter(active=True, position__lt=position)

    def with_counts(self):
        """With how many deliveries wait and how many are dead."""
        deliveries = _model_of(self, "deliveries").objects.filter(subscription=OuterRef("pk")).order_by()

        def number(state: str):
            found = deliveries.filter(state=state).values("subscription").annotate(n=models.Count("pk"))
            return models.functions.Coalesce(models.Subquery(found.values("n")), 0)

        return self.annotate(waiting=number(_WAITING), dead=number(DeliveryState.DEAD))


class DeliveryQuerySet(models.QuerySet):
    def due(self, now: datetime):
        """Waiting ones whose time has come, none of which has to wait for an earlier one of its record."""
        earlier = self.model.objects.filter(
            subscription=OuterRef("subscription"),
            resource=OuterRef("resource"),
            key=OuterRef("key"),
            pk__lt=OuterRef("pk"),
            state=_WAITING,
        )
        return self.filter(~Exists(earlier), state=_WAITING, next_at__lte=now)

    def visible_to(self, user):
        """Those of subscriptions that ``user`` looks after."""
        subscriptions = self.model._meta.get_field("subscription").related_model.objects
        return self.filter(subscription__in=subscriptions.visible_to(user).order_by().values("pk"))


def _model_of(queryset, relation: str):
    return queryset.model._meta.get_field(relation).related_model
