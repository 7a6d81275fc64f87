"""The editor's decisions as addresses: submit, approve, send-back, publish, withdraw."""

from rest_framework.decorators import action
from rest_framework.response import Response

from partnerships.models import Agreement
from partnerships.services.lifecycle import ACTS, EDITORIAL

from .fields import StrictSerializer, text


class ActInput(StrictSerializer):
    """``reason`` goes into the history; sending back and withdrawing need one."""

    reason = text(Agreement, "withdrawal_reason")


class PublicationActs:
    """Mixin of the viewset of agreements: ``POST …/<id>/publish/`` and its kin answer the record."""

    @action(detail=True, methods=["post"])
    def submit(self, request, uid=None):
        """Hand a draft to the reviewers."""
        return self._act("submit")

    @action(detail=True, methods=["post"])
    def approve(self, request, uid=None):
        """Note that a reviewer finds a record in review fit to be published; ``reason`` is the comment."""
        return self._act("approve")

    @action(detail=True, methods=["post"], url_path="send-back")
    def send_back(self, request, uid=None):
        """Return a record in review to its editors; needs a reason."""
        return self._act("send_back")

    @action(detail=True, methods=["post"])
    def publish(self, request, uid=None):
        """Publish a record in review, or one that was withdrawn."""
        return self._act("publish")

    @action(detail=True, methods=["post"])
    def withdraw(self, request, uid=None):
        """Take a published record back; needs a reason, which its address will give from then on."""
        return self._act("withdraw")

    def described_body(self):
        return ActInput() if self.action in EDITORIAL else super().described_body()

    def _act(self, name: str) -> Response:
        agreement = self.get_object()
        body = ActInput(data=self.request.data or {})
        body.is_valid(raise_exception=True)
        reason = body.validated_data["reason"]
        self.if_unchanged(
            agreement, lambda: ACTS[name].verb(agreement=agreement, by=self.request.user, reason=reason)
        )
        return self.answered(agreement)
