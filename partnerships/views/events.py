from django.utils.translation import gettext_lazy as _

from partnerships.filtersets import EventFilterSet
from partnerships.models import Event, Facet

from .lists import RegistryList
from .options import countries_of_events
from .profiles import Profile


class EventList(RegistryList):
    model = Event
    filterset_class = EventFilterSet
    template_name = "partnerships/event_list.html"
    section = "events"
    resource = "event"
    heading = _("Events")
    lead = _("Summits, visits and ceremonies at which agreements were signed or announced.")
    meant_among = ("events",)
    options = {"country": countries_of_events}
    main_filters = ("q", "country", "starts_after", "starts_before")
    orders = (("", _("Name")), ("-starts_on", _("Newest")), ("-agreements", _("Most agreements")))


class EventDetail(Profile):
    model = Event
    template_name = "partnerships/event_detail.html"
    section = "events"
    resource = "event"
    kind = _("Event")
    facets = (
        Facet.INSTITUTION,
        Facet.COUNTRY,
        Facet.PERSON,
        Facet.TYPE,
        Facet.FOCUS_AREA,
        Facet.ACTIVITY,
        Facet.STATUS,
    )
    titles = {Facet.INSTITUTION: _("Institutions that came"), Facet.COUNTRY: _("Countries that came")}

    def get_context_data(self, **kwargs) -> dict:
        return super().get_context_data(event=self.object, **kwargs)
