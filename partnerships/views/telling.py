"""“Report an error”: the links on the page of a record, the form, and the thanks."""

from urllib.parse import urlencode, urlsplit

from django.core.exceptions import ValidationError
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden, HttpResponseRedirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from partnerships.choices import REPORTABLE
from partnerships.querysets.suggestions import kind_of
from partnerships.services.suggestions import suggest
from people.clients import client_address
from people.services.limits import reporter_of, take

from .pages import PublicPage
from .telling_form import TRAP, TellingForm, Ticket
from .told_record import Derived, record_at

#: The hidden field of the form that holds the signed ticket.
TOKEN = "token"  # noqa: S105


# Without a cookie there is no CSRF token; the form's own is signed for this record and this person,
# and what another site sends is refused.
@method_decorator([csrf_exempt, never_cache], name="dispatch")
class TellUs(PublicPage):
    """The form about one record; nothing that is sent is ever shown to anybody but staff."""

    http_method_names = ["get", "head", "post"]
    template_name = "partnerships/tell_us.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        about = request.GET.get("about", "")
        if not about:
            return self.render_to_response(self.get_context_data(without="page"))
        try:
            record = record_at(about, self.user)
        except Derived:
            return self.render_to_response(self.get_context_data(without="record", page=urlsplit(about).path))
        field = request.GET.get("field", "")
        chosen = {"field": field} if field in REPORTABLE[kind_of(type(record))] else {}
        form = TellingForm(record=record, initial=chosen)
        return self._page(record, form, Ticket.new(record, self.user), about)

    def post(self, request: HttpRequest) -> HttpResponse:
        if from_another_site(request):
            return HttpResponseForbidden("Forms of other sites are not taken.", content_type="text/plain")
        about = request.GET.get("about", "")
        try:
            record = record_at(about, self.user)
        except Derived:
            return self.get(request)
        form = TellingForm(request.POST, record=record)
        ticket = Ticket.read(request.POST.get(TOKEN, ""))
        fault = ticket.fault(record, self.user) if ticket else _("Send the form once more.")
        if fault:
            form.add_error(None, fault)
        if form.is_valid():
            return self._take(record, form, ticket, about)
        kept = ticket and ticket.can_be_kept(record, self.user)
        return self._page(record, form, ticket if kept else Ticket.new(record, self.user), about, status=400)

    def _take(self, record: Model, form: TellingForm, ticket: Ticket, about: str) -> HttpResponse:
        limited = reporter_of(self.user, client_address(self.request))
        taken = take(limited, 1) if limited else None
        if taken and not taken.granted:
            form.add_error(None, _("That were many reports in one hour. Send this one later."))
            response = self._page(record, form, ticket, about, status=429)
            response.headers["Retry-After"] = str(taken.wait)
            return response
        by = self.user if self.user.is_authenticated else None
        try:
            suggest(record=record, report=form.report, ticket=ticket.number, by=by)
        except ValidationError as error:
            form.add_error(None, error)
            return self._page(record, form, ticket, about, status=400)
        response = HttpResponseRedirect(reverse("partnerships:tell-us-sent"))
        response.status_code = 303
        return response

    def _page(self, record, form: TellingForm, ticket: Ticket, about: str, status: int = 200) -> HttpResponse:
        context = self.get_context_data(
            record=record,
            page=urlsplit(about).path,
            form=form,
            token=ticket.signed,
            trap=TRAP,
            errors=_errors(form),
            action=f"?{urlencode({'about': about})}",
        )
        return self.render_to_response(context, status=status)


class Sent(PublicPage):
    """Thanks; what was sent is not said again."""

    template_name = "partnerships/tell_us_sent.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.render_to_response(self.get_context_data())


def from_another_site(request: HttpRequest) -> bool:
    """True where a browser says that the form stood on a page of somebody else."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site != "same-origin"
    origin = request.headers.get("Origin")
    return origin is not None and urlsplit(origin).netloc != request.get_host()


def _errors(form: TellingForm) -> list[dict]:
    """What is wrong, as ``components/errors.html`` lists it."""
    found = []
    for name, messages in form.errors.items():
        bound = form[name] if name in form.fields else None
        label = bound.label if bound else _("The form")
        target = bound.id_for_label if bound else ""
        found += [{"label": label, "message": message, "target": target} for message in messages]
    return found
