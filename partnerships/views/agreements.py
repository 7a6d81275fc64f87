from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from partnerships.amendments import changes, earlier_terms
from partnerships.choices import AgreementType, Binding, Renewal, Status
from partnerships.filtersets import AgreementFilterSet
from partnerships.models import Agreement, Commitment, IndexCard
from partnerships.partial_dates import spoken
from partnerships.pictures.card import Card
from partnerships.pictures.life import life
from partnerships.querysets.institutions import with_parents_of_parties
from partnerships.search.agreements import read
from partnerships.search.explaining import reasons_by_card
from partnerships.search.suggestions import RESOURCES
from partnerships.status import explain_status
from partnerships.templatetags.registry import counted

from . import citation
from .chain import chain_of
from .controls import Control
from .counted import count_choices
from .details import RegistryDetail
from .evidence import evidence_of
from .feeds import address_of_feed
from .history import public_history
from .lists import RegistryList
from .queries import address, question_alone, replaced, with_query
from .shown import agreements_on


class AgreementList(RegistryList):
    model = IndexCard
    filterset_class = AgreementFilterSet
    template_name = "partnerships/agreement_list.html"
    section = "agreements"
    resource = "agreement"
    heading = _("Agreements")
    lead = _("Memoranda of understanding and other agreements, as their sources report them.")
    meant_among = tuple(RESOURCES)
    main_filters = ("q", "status", "country", "focus_area", "institution", "type", "activity", "year")
    open_filters = ("status", "country", "focus_area")
    orders = (
        ("", _("Last changed")),
        ("-signed_on", _("Newest signing")),
        ("signed_on", _("Oldest signing")),
        ("ends_on", _("Ends first")),
        ("title", _("Title")),
    )

    def get_queryset(self) -> QuerySet:
        return IndexCard.objects.visible_to(self.user)

    def data(self, query: QueryDict) -> dict[str, str]:
        asked = question_alone(query)
        asked.pop("ordering", None)
        return super().data(query) | {
            "atom": address_of_feed(query),
            "calendar": with_query(reverse("partnerships:agreement-calendar"), asked),
        }

    def controls(self, questions: AgreementFilterSet) -> list[Control]:
        """Leave out what says how partnerships are meant, where none is asked for."""
        controls = super().controls(questions)
        asked = any(control.values for control in controls if control.name in ("partnership", "sub_units"))
        return [control for control in controls if asked or control.name != "sub_units"]

    def get(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        """Filters written into the query box move to the address, where they can be taken away one by one."""
        if asked := out_of_the_box(request.GET):
            return HttpResponseRedirect(asked)
        return super().get(request, *args, **kwargs)

    def get_context_data(self, *, questions: AgreementFilterSet, **kwargs) -> dict:
        context = super().get_context_data(questions=questions, **kwargs)
        cards = context["rows"]
        context["rows"] = agreements_on(cards, self.user)
        if context["errors"]:
            return context
        keys = [card.pk for card in cards]
        why = reasons_by_card(questions.query_box, keys, self.user, questions.correction)
        for row in context["rows"]:
            row.reasons = [one for one in why.get(row.pk, ()) if one.place != "title" or one.similar_to]
        count_choices([*context["main_controls"], *context["more_controls"]], questions.question)
        count = questions.question.count
        context["counted"] = counted(count, self.resource)
        context["more_open"] = any(control.is_answered for control in context["more_controls"])
        return context | {"found": count, "correction": questions.correction}


class AgreementDetail(RegistryDetail):
    model = Agreement
    template_name = "partnerships/agreement_detail.html"
    section = "agreements"
    resource = "agreement"

    def get_queryset(self) -> QuerySet:
        return with_parents_of_parties(super().get_queryset().with_deadlines(), self.user)

    def forms(self) -> dict[str, str]:
        return super().forms() | citation.addresses(self.object)

    def card(self) -> Card:
        record = self.object
        facts = [str(Status(record.status).label), explain_status(record, write=spoken)]
        return Card(
            kind=" · ".join(facts_line(record)),
            title=record.title,
            parties=[str(party.institution) for party in record.parties.all()],
            facts=facts,
        )

    def gone(self, uid: str) -> HttpResponse:
        """A record that everybody could see once says why it is no longer there."""
        withdrawn = Agreement.objects.withdrawn_from_public().filter(uid=uid).first()
        return gone_with_reason(self.request, withdrawn) if withdrawn else super().gone(uid)

    def get_context_data(self, **kwargs) -> dict:
        record = self.object
        context = super().get_context_data(**kwargs)
        address = context["permanent_address"]
        by_fact, by_source = evidence_of(record)
        drawn = life(record)
        return context | {
            "agreement": record,
            "why": explain_status(record, write=spoken),
            "facts": facts_line(record),
            "unstated": unstated(record),
            "signatories_named": any(party.signatories.all() for party in record.parties.all()),
            "evidence": by_fact,
            "life": drawn,
            "life_rows": [
                (row, by_fact.get(row.supported) or by_source.get(row.source_id)) for row in drawn.rows
            ],
            "statements": [(row, by_source.get(row.source_id)) for row in record.statements.all()],
            "amended": earlier_terms(record),
            "amendments": [
                (row, changes(row), by_source.get(row.source_id)) for row in record.amendments.all()
            ],
            "commitments": [
                (row, by_source.get(row.source_id)) for row in public_commitments(record, self.user)
            ],
            "chain": chain_of(record),
            "history": public_history(record),
            "cite": {
                "sentence": citation.sentence(record, address),
                "bibtex": citation.bibtex(record, address),
                "files": citation.files(record),
            },
            "admin_address": admin_address(self.user, "agreement", record),
        }


def out_of_the_box(query: QueryDict) -> str:
    """Return the address at which filters written into the query box are parameters of their own.

    Empty where there are none, or where they cannot be read.
    """
    box = read(query.get("q", ""), AgreementFilterSet.fields_of_query)
    if not box.fields or box.faults:
        return ""
    asked = replaced(query, "q", box.words)
    for name, values in box.fields.items():
        asked.setlist(name, [*asked.getlist(name), *values])
    if not box.words:
        del asked["q"]
    return address(asked)


def gone_with_reason(request, withdrawn: Agreement) -> HttpResponse:
    """Return the answer 410 with the reason for which ``withdrawn`` was taken back."""
    return render(request, "410.html", {"reason": withdrawn.withdrawal_reason}, status=410)


def facts_line(agreement: Agreement) -> list[str]:
    """Return what one wants to know first: kind, parties, occasion and place."""
    parties = len(agreement.parties.all())
    countries = {party.institution.country_id for party in agreement.parties.all()} - {None}
    facts = [
        AgreementType(agreement.type).in_words,
        ngettext("%(count)s party", "%(count)s parties", parties) % {"count": parties},
    ]
    if (number := len(countries)) > 1:
        facts.append(ngettext("%(count)s country", "%(count)s countries", number) % {"count": number})
    if agreement.event:
        facts.append(agreement.event.name)
    return facts


def unstated(agreement: Agreement) -> list[str]:
    """Return what no source states of the terms: told in one line, not in a row of gaps."""
    stated = (
        (gettext("a date of announcement"), agreement.announced_on),
        (gettext("a term"), agreement.term_as_stated),
        (gettext("renewal"), agreement.renewal != Renewal.NOT_STATED),
        (gettext("a notice period"), agreement.notice_amount),
        (gettext("whether it binds legally"), agreement.binding != Binding.NOT_STATED),
        (gettext("languages"), agreement.languages),
    )
    return [words for words, known in stated if not known]


def public_commitments(agreement: Agreement, user) -> list[Commitment]:
    """Return what was promised in public; who promised it, as far as ``user`` may see them."""
    rows = Commitment.objects.visible_to(user).public().filter(agreement=agreement)
    return list(rows.with_names(user))


def admin_address(user, name: str, row) -> str:
    """Return where staff edit ``row``; nothing for everybody else."""
    if not user.is_staff:
        return ""
    try:
        return reverse(f"admin:partnerships_{name}_change", args=[row.pk])
    except NoReverseMatch:
        return ""
