"""Settings of the admin's look (django-unfold): its name, its colours, its navigation."""

from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse, reverse_lazy

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


def _entry(
    title: str, icon: str, model: str, question: str = "", verb: str = "view", below: str = ""
) -> dict:
    """A line of the navigation: the list of ``app_model``, for whoever may do ``verb`` with such records.

    ``below`` is the model of further pages that belong to it and have no line of their own.
    """
    app, _, name = model.partition("_")
    return {
        "title": title,
        "icon": icon,
        "link": lambda request: _address(model) + question,
        "permission": lambda request: _address(model) != "" and request.user.has_perm(f"{app}.{verb}_{name}"),
        "active": lambda request: (
            (
                request.path.startswith(_address(model) or "/-/")
                and not request.path.endswith("/duplicates/")
                and request.META["QUERY_STRING"] == question.lstrip("?")
            )
            or request.path.startswith(_address(below) or "/-/")
        ),
    }


def _page(title: str, icon: str, model: str, name: str) -> dict:
    """A line of the navigation that leads to another page of ``app_model`` than its list."""
    app, _, noun = model.partition("_")
    return {
        "title": title,
        "icon": icon,
        "link": lambda request: _address(model, name),
        "permission": lambda request: (
            _address(model, name) != "" and request.user.has_perm(f"{app}.view_{noun}")
        ),
        "active": lambda request: request.path == _address(model, name),
    }


def _address(model: str, page: str = "changelist") -> str:
    try:
        return reverse(f"admin:{model}_{page}")
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
    "SCRIPTS": [
        lambda request: static("entente/admin/sending.js"),
        lambda request: static("entente/admin/presence.js"),
        lambda request: static("entente/admin/keys.js"),
    ],
    "DASHBOARD_CALLBACK": "partnerships.admin.desk.put_on_desk",
    "SHOW_HISTORY": True,
    "SHOW_VIEW_ON_SITE": True,
    "ACCOUNT": {
        "navigation": [
            {"title": "My settings", "link": reverse_lazy("my-settings")},
            {"title": "Change password", "link": reverse_lazy("admin:password_change")},
        ]
    },
    "COLORS": {"primary": _TEAL},
    "SIDEBAR": {
        "show_search": False,
        "show_all_applications": False,
        "navigation": [
            {
                "title": "Agreements",
                "items": [
                    {
                        "title": "Desk",
                        "icon": "space_dashboard",
                        "link": reverse_lazy("admin:index"),
                        "active": lambda request: request.path == reverse("admin:index"),
                    },
                    _entry("All agreements", "handshake", "partnerships_agreement"),
                    _entry("Ending this year", "event_busy", "partnerships_agreement", "?ends=this_year"),
                    _entry(
                        "Waiting for review",
                        "rate_review",
                        "partnerships_agreement",
                        "?publication_state__exact=in_review",
                    ),
                    _entry("Import a spreadsheet", "upload_file", "partnerships_importbatch"),
                    _entry("Commitments", "task_alt", "partnerships_commitment"),
                    _entry("Reported errors", "flag", "partnerships_suggestion", "?state__exact=open"),
                ],
            },
            {
                "title": "Who and what they name",
                "separator": True,
                "items": [
                    _entry("Institutions", "account_balance", "partnerships_institution"),
                    _page("Possible duplicates", "join_inner", "partnerships_institution", "duplicates"),
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
                    _entry("Reminder days", "notifications", "partnerships_officereminders", verb="delete"),
                    _entry("Reminder mails", "outgoing_mail", "partnerships_remindermail", verb="delete"),
                    _entry("API tokens", "key", "people_apitoken"),
                    _entry(
                        "Webhooks",
                        "webhook",
                        "partnerships_webhooksubscription",
                        verb="delete",
                        below="partnerships_webhookdelivery",
                    ),
                ],
            },
        ],
    },
}
