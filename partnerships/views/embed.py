"""A page for an iframe on the website of an institution, and the page on which its snippet is made.

What stands in the frame is what everybody may see, whoever looks: nobody is recognised, no cookie is read
or set, and there is nothing on it but links, so that any site may frame it.
"""

from html import escape
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils import translation
from django.utils.cache import patch_cache_control
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.generic.base import ContextMixin, TemplateResponseMixin, View

from partnerships.addresses import permanent
from partnerships.filtersets import AgreementFilterSet
from partnerships.filtersets.reading import Misread
from partnerships.models import IndexCard, Institution
from partnerships.querysets.readers_names import name_for_reader

from .embed_looks import SHOWS, THEMES, BadLook, one_of, palette, read_colour, stylesheet
from .explore.map import map_of, window_asked
from .pages import PublicPage
from .shown import agreements_on

#: Agreements in the frame; the list has all.
SHOWN = 10
#: Parameters that say how the frame looks; all others are those of the list of agreements.
LOOKS = ("show", "theme", "accent", "ground", "lang", "view", "at")
#: Seconds for which what is in a frame may be kept by caches.
KEPT = 300
HEIGHT = 480


def institution_for_everybody(uid: str) -> Institution:
    """Return the institution, by any of its ids.

    Raises:
        Http404: there is none that everybody may see.
    """
    rows = Institution.objects.visible_to(AnonymousUser())
    found = rows.by_identifier(uid).first() if "\x00" not in uid else None
    if found is None:
        raise Http404("There is no such record.")
    return found


def looks_of(query: QueryDict) -> dict[str, str]:
    """Return how a frame shall look.

    Raises:
        BadLook: naming the parameter that makes no sense.
    """
    return {
        "show": one_of("show", query.get("show", ""), SHOWS) or "list",
        "theme": one_of("theme", query.get("theme", ""), THEMES) or "auto",
        "accent": read_colour("accent", query.get("accent", "")),
        "ground": read_colour("ground", query.get("ground", "")),
        "lang": one_of("lang", query.get("lang", ""), [tag for tag, _name in settings.LANGUAGES]),
    }


@method_decorator(xframe_options_exempt, name="dispatch")
class Embedded(TemplateResponseMixin, ContextMixin, View):
    """The page for an iframe. Content policy: ``config.csp``."""

    http_method_names = ["get", "head"]
    template_name = "partnerships/embed/frame.html"

    def get(self, request: HttpRequest, uid: str) -> HttpResponse:
        institution = institution_for_everybody(uid)
        try:
            looks, fault = looks_of(request.GET), None
        except BadLook as error:
            looks, fault = looks_of(QueryDict()), error
        spoken = looks["lang"] or settings.LANGUAGE_CODE
        with translation.override(spoken):
            response = self._answer(institution, looks, fault).render()
        response.headers["Content-Language"] = spoken
        patch_cache_control(response, public=True, max_age=KEPT)
        return response

    def _answer(self, institution: Institution, looks: dict, fault: BadLook | None) -> HttpResponse:
        nobody = AnonymousUser()
        asked = self.request.GET.copy()
        for name in (*LOOKS, "page", "page_size", "cursor"):
            asked.pop(name, None)
        asked["institution"] = institution.uid
        listed = f"{reverse('partnerships:agreement-list')}?{asked.urlencode()}"
        narrowed = asked.copy()
        asked.setdefault("ordering", "-signed_on,-announced_on")
        filters = AgreementFilterSet(asked, IndexCard.objects.visible_to(nobody), user=nobody)
        errors = [f"{fault.field}: {fault.message}"] if fault else []
        if not filters.is_valid():
            errors += [f"{name}: {' '.join(words)}" for name, words in filters.form.errors.items()]
        try:
            window = window_asked(self.request.GET)
        except Misread as error:
            errors.append(f"{error.field}: {error.message}")
        shown = {}
        if looks["show"] == "map" and not errors:
            shown["map"] = map_of(filters.question, query=narrowed, asked=narrowed, window=window)
        elif not errors:
            shown["agreements"] = agreements_on(filters.result[:SHOWN], nobody)
        context = self.get_context_data(
            institution=institution,
            errors=errors,
            **shown,
            mapped=f"{reverse('partnerships:explore-map')}?{narrowed.urlencode()}",
            notices=[
                _("“%(name)s” is not a filter of this list and was left out.") % {"name": name}
                for name in filters.unknown_parameters
            ],
            listed=listed,
            colours=f"{reverse('partnerships:embed-colours')}?{_given(_colours(looks))}",
        )
        name_for_reader(context)
        return self.render_to_response(context, status=400 if errors else 200)


def _colours(looks: dict[str, str]) -> dict[str, str]:
    """Return what of the looks is colour."""
    return {name: looks[name] for name in ("theme", "accent", "ground")}


def _given(looks: dict[str, str]) -> str:
    """Return the query string of those looks that are given."""
    return urlencode({name: value for name, value in looks.items() if value})


class Colours(View):
    """The style sheet of a frame: a strict content policy lets no page style itself."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest) -> HttpResponse:
        try:
            text, status = stylesheet(**_colours(looks_of(request.GET))), 200
        except BadLook as error:
            text, status = f"/* {error.field}: {error.message} */\n", 400
        response = HttpResponse(text, content_type="text/css; charset=utf-8", status=status)
        patch_cache_control(response, public=True, max_age=KEPT)
        return response


class EmbedPage(PublicPage):
    """Choose how the frame looks, see it, and copy what makes it stand on another site."""

    section = "institutions"
    template_name = "partnerships/embed/make.html"

    def get(self, request: HttpRequest, uid: str) -> HttpResponse:
        institution = institution_for_everybody(uid)
        errors = []
        try:
            looks = looks_of(request.GET)
        except BadLook as error:
            looks = looks_of(QueryDict())
            errors = [{"label": error.field, "message": error.message, "target": f"embed-{error.field}"}]
        usual = {("theme", "auto"), ("show", "list")}
        given = {name: value for name, value in looks.items() if value and (name, value) not in usual}
        path = permanent("partnerships:institution-embedded", kwargs={"uid": institution.uid})
        frame = path + (f"?{urlencode(given)}" if given else "")
        context = self.get_context_data(
            institution=institution,
            errors=errors,
            typed={name: request.GET.get(name, "")[:40] for name in LOOKS},
            tongues=settings.LANGUAGES,
            frame=frame,
            corrected=corrected(looks),
            snippet=snippet(request.build_absolute_uri(frame), str(institution)),
        )
        return self.render_to_response(context, status=400 if errors else 200)


def corrected(looks: dict[str, str]) -> bool:
    """True where the accent could not be read as it was given, in one of the themes that are shown."""
    accent, ground, theme = looks["accent"], looks["ground"], looks["theme"]
    shown = ("light", "dark") if theme == "auto" and not ground else ("dark" if theme == "dark" else "light",)
    return bool(accent) and any(palette(one, accent, ground).accent != accent for one in shown)


def snippet(address: str, name: str) -> str:
    """Return the HTML that makes a frame stand on another page, ready to be copied."""
    title = escape(_("Agreements of %(name)s") % {"name": name})
    # A plain text: the page that shows it escapes it once more.
    return (
        f'<iframe src="{escape(address)}"\n        title="{title}"\n'
        f'        width="100%" height="{HEIGHT}" loading="lazy"></iframe>'
    )
