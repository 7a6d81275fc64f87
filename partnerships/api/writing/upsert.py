"""Records under the name that another system has for them: ``…/by/<system>/<id>/``."""

from typing import Any

from django.core.exceptions import ValidationError as DjangoValidationError
from django.db import models
from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import exceptions
from rest_framework.decorators import action

from partnerships.api.errors import Conflict
from partnerships.api.preconditions import PreconditionFailed, in_quotes
from partnerships.choices import IdentifierScheme
from partnerships.ror import parse_ror
from partnerships.services.recording import identifiers
from people.orcid import parse_orcid

from .catalogue import IdentifierInput
from .mixins import RemovedSerializer
from .parts import AgreementIdentifierInput

#: The id may hold slashes, written as they are or as %2F; both arrive as slashes.
ADDRESS = r"by/(?P<system>[^/]+)/(?P<value>.+)"


class Upserts:
    """Mixin of a viewset: PUT makes the one record of an identifier, or changes it.

    PUT takes what PATCH takes: keys that are left out stay as they are, a list that is given is
    whole. A system that sends what it knows does not wipe out what others have added.
    """

    #: What the identifiers are of, for those who wait for each other.
    kind_of_identified = ""

    @action(detail=False, url_path=ADDRESS, url_name="by")
    def by(self, request, system, value):
        """Read the record that another system calls so."""
        row = self.named(system, value)
        answer = self.retrieve(request)
        answer.headers["Content-Location"] = self.reverse_action("detail", kwargs={"uid": row.uid})
        return answer

    @by.mapping.put
    def put_by(self, request, system, value):
        """Record what another system calls so, or change the one record that it calls so already."""
        facts = self.facts_of_identifier(system, value)
        identifiers.hold_identifiers(self.kind_of_identified, [(system, value)])
        try:
            row = self.named(system, value)
        except Http404:
            if (wanted := request.headers.get("If-Match")) is not None:
                in_quotes(wanted)
                raise PreconditionFailed from None
            body = self.body(creating=True)
            return self.made(body, **self.with_identifier(body, facts, None))
        body = self.body(creating=False)
        return self.changed(row, body, **self.with_identifier(body, facts, row))

    @by.mapping.patch
    def patch_by(self, request, system, value):
        """Change the record that another system calls so."""
        self.named(system, value)
        return self.partial_update(request)

    @extend_schema(responses={200: RemovedSerializer})
    @by.mapping.delete
    def delete_by(self, request, system, value):
        """Withdraw what is published, delete what nobody knew of."""
        self.named(system, value)
        return self.destroy(request)

    def named(self, system: str, value: str) -> models.Model:
        """The record of an identifier; the address of the request is from then on its own.

        Raises:
            Http404: there is none.
            Conflict: there are several, or one that the caller may not see and so not record again.
        """
        if "\x00" in system + value:
            raise Http404
        rows = list(self.called(system, value)[:10])
        if len(rows) > 1:
            seen = self.model.objects.visible_to(self.request.user).filter(pk__in=[row.pk for row in rows])
            found = Conflict("Several records carry this identifier; name the one that you mean by its id.")
            found.beside = {"candidates": [{"id": row.uid, "name": str(row)} for row in seen.order_by("pk")]}
            raise found
        if not rows:
            raise Http404
        self.kwargs[self.lookup_field] = rows[0].uid
        try:
            return self.get_object()
        except Http404:
            if self.request.method == "PUT":
                raise Conflict("This identifier is taken.") from None
            raise

    def called(self, system: str, value: str):
        """Records with this identifier, whoever may see them."""
        raise NotImplementedError

    def facts_of_identifier(self, system: str, value: str) -> dict[str, Any]:
        """What a record must say to carry the identifier. Raises ValidationError where none could."""
        raise NotImplementedError

    def with_identifier(self, body, facts: dict[str, Any], row) -> dict[str, Any]:
        """Facts beside those of the body: those of the identifier, where it would not stand else.

        Args:
            row: the record that carries it already.
        """
        given = body.facts()
        found = {}
        for name, value in facts.items():
            if isinstance(value, list):
                if name in given or row is None:
                    there = given.get(name, [])
                    found[name] = there + [one for one in value if not _stands(one, there)]
            elif name in given and given[name] != value:
                raise DjangoValidationError({name: "The address of the request says otherwise."})
            elif row is None:
                found[name] = value
        return found


class UpsertsAgreements(Upserts):
    """Agreements by the identifiers of other systems: ``by/esac/…``, ``by/cris/…``."""

    kind_of_identified = "agreement"

    def called(self, system, value):
        return identifiers.agreements_called(system, value)

    def facts_of_identifier(self, system, value):
        return {"identifiers": [_checked(AgreementIdentifierInput, {"system": system, "value": value})]}


class UpsertsInstitutions(Upserts):
    """Institutions by their ROR id, or by an identifier of another register: ``by/grid/…``."""

    kind_of_identified = "institution"

    def called(self, system, value):
        return identifiers.institutions_called(system, value)

    def facts_of_identifier(self, system, value):
        if system == identifiers.ROR:
            if not (ror_id := parse_ror(value)):
                raise _wrong("value", f"“{value[:100]}” is no ROR id.")
            return {"ror_id": ror_id}
        if system not in IdentifierScheme:
            known = ", ".join([identifiers.ROR, *IdentifierScheme.values])
            raise _wrong("system", f"Institutions have identifiers of {known}.")
        return {"identifiers": [_checked(IdentifierInput, {"scheme": system, "value": value})]}


class UpsertsPeople(Upserts):
    """People by their ORCID iD: ``by/orcid/…``."""

    kind_of_identified = "person"

    def called(self, system, value):
        return identifiers.people_called(system, value)

    def facts_of_identifier(self, system, value):
        if system != identifiers.ORCID:
            raise _wrong("system", "People have identifiers of orcid.")
        if not (orcid := parse_orcid(value)):
            raise _wrong("value", f"“{value[:100]}” is no ORCID iD.")
        return {"orcid": orcid}


def _stands(identifier: dict, among: list[dict]) -> bool:
    """True where one of ``among`` is the same identifier, whatever else it says."""
    same = [name for name in ("system", "scheme", "value") if name in identifier]
    return any(all(one[name] == identifier[name] for name in same) for one in among)


def _checked(part: type, data: dict) -> dict:
    checked = part(data=data)
    checked.is_valid(raise_exception=True)
    return dict(checked.validated_data)


def _wrong(field: str, message: str) -> exceptions.ValidationError:
    return exceptions.ValidationError({field: [exceptions.ErrorDetail(message, "unknown")]})
