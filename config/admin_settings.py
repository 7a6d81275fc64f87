"""Settings of the admin's look (django-unfold): its name, its colours, its navigation."""

from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse

#: Shades of the accent of the public pages, from the lightest to the darkest.
_TEAL = {
    "50": "#f0faf8",
    "100": "#d5f2ec",
    "200": "#aee4da",
    "300": "#7cd0c1",
    "400": "#63c7b4",
    "500": "#1f9583",
    "600": "#0b6157",
    "700": "#084a42",
    "800": "#073c36",
    "900": "#06302b",
    "950": "#031b18",
}


def _entry(title: str, icon: str, model: str, question: str = "") -> dict:
    """A line of the navigation: the list of ``app_model``, shown to whoever may see such records."""
    app, _, name = model.partition("_")
    return {
        "title": title,
        "icon": icon,
        "link": lambda request: _address(model) + question,
        "permission": lambda request: _address(model) != "" and request.user.has_perm(f"{app}.view_{name}"),
        "active": lambda request: (
            request.path.startswith(_address(model) or "/-/")
            and request.META["QUERY_STRING"] == question.lstrip("?")
        ),
    }


def _address(model: str) -> str:
    try:
        return reverse(f"admin:{model}_changelist")
    except NoReverseMatch:
        return ""


UNFOLD = {
    "SITE_TITLE": "Entente",
    "SITE_HEADER": "Entente",
    "SITE_URL": "/",
    "SITE_ICON": lambda request: static("entente/mark.svg"),
    "SITE_FAVICONS": [
        {"rel": "icon", "type": "image/svg+xml", "href": lambda request: static("entente/mark.svg")},
    ],
    "STYLES": [lambda request: static("entente/admin/look.css")],
    "SCRIPTS": [lambda request: static("entente/admin/sending.js")],
    "SHOW_HISTORY": True,
    "SHOW_VIEW_ON_SITE": True,
    "COLORS": {"primary": _TEAL},
    "SIDEBAR": {
        "show_search": False,
        "show_all_applications": False,
        "navigation": [
            {
                "title": "Agreements",
                "items": [
                    _entry("All agreements", "handshake", "partnerships_agreement"),
                    _entry("Ending this year", "event_busy", "partnerships_agreement", "?ends=this_year"),
                    _entry(
                        "Waiting for review",
                        "rate_review",
                        "partnerships_agreement",
                        "?publication_state__exact=in_review",
                    ),
                    _entry("Import a spreadsheet", "upload_file", "partnerships_importbatch"),
                ],
            },
            {
                "title": "Who and what they name",
                "separator": True,
                "items": [
                    _entry("Institutions", "account_balance", "partnerships_institution"),
                    _entry("People", "person", "people_person"),
                    _entry("Events", "event", "partnerships_event"),
                    _entry("Focus areas", "account_tree", "partnerships_focusarea"),
                    _entry("Countries", "public", "partnerships_country"),
                ],
            },
            {
                "title": "Access",
                "separator": True,
                "items": [
                    _entry("Staff accounts", "badge", "people_user"),
                    _entry("Offices", "apartment", "people_office"),
                    _entry("API tokens", "key", "people_apitoken"),
                ],
            },
        ],
    },
}
