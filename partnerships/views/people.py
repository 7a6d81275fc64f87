from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from partnerships.filtersets import PersonFilterSet
from partnerships.models import Facet, IndexCard
from partnerships.querysets.people import appearances, with_appearances
from people.models import Person

from .lists import RegistryList
from .profiles import Profile


class PersonList(RegistryList):
    model = Person
    filterset_class = PersonFilterSet
    template_name = "people/person_list.html"
    section = "people"
    resource = "person"
    heading = _("People")
    lead = _("Who signed agreements, and who spoke about them. These are two different things.")
    meant_among = ("people",)
    main_filters = ("q",)
    orders = (("", _("Name")), ("-updated_at", _("Last changed")))

    def get_queryset(self) -> QuerySet:
        return with_appearances(Person.objects.visible_to(self.user).with_names(), self.user)


class PersonDetail(Profile):
    model = Person
    template_name = "people/person_detail.html"
    section = "people"
    resource = "person"
    kind = _("Person")
    facets = (Facet.INSTITUTION, Facet.COUNTRY, Facet.FOCUS_AREA, Facet.EVENT, Facet.YEAR)

    def get_queryset(self) -> QuerySet:
        return Person.objects.visible_to(self.user).with_names()

    def find(self, rows: QuerySet, text: str) -> QuerySet:
        return rows.by_identifier(text)

    def get_context_data(self, **kwargs) -> dict:
        context = super().get_context_data(**kwargs)
        cards = self.narrowed and self.narrowed(IndexCard.objects.visible_to(self.user))
        return context | {"person": self.object} | appearances(self.object, self.user, cards)
