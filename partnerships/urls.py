"""The addresses of the public pages, and of what stands beside them for programs."""

from django.urls import path, re_path

from partnerships.addresses import in_each_language
from partnerships.admin.calendars import calendar_of_staff
from partnerships.views import (
    about,
    agreements,
    calendars,
    catalogue,
    citation,
    countries,
    documents,
    embed,
    events,
    feeds,
    focus_areas,
    home,
    institutions,
    partnerships,
    people,
    sitemaps,
    social,
    styleguide,
    suggest,
    telling,
)
from partnerships.views.explore import frame, map, matrix, network, timeline, trends

app_name = "partnerships"


def resource(plural: str, name: str, listed, shown) -> list:
    """The list and the detail page of a resource; an id may be an address, slashes and all."""
    return [
        path(f"{plural}/", listed.as_view(), name=f"{name}-list"),
        path(f"{plural}/<path:uid>/", shown.as_view(), name=f"{name}-detail"),
    ]


#: By the last part of their addresses.
PICTURES = {
    "map": map.MapPage,
    "network": network.NetworkPage,
    "timeline": timeline.TimelinePage,
    "matrix": matrix.Matrix,
    "trends": trends.TrendsPage,
}

#: The parts of their addresses, their names, and their pages.
RECORDS = (
    ("agreements", "agreement", agreements.AgreementList, agreements.AgreementDetail),
    ("partnerships", "partnership", partnerships.PartnershipList, partnerships.PartnershipDetail),
    ("institutions", "institution", institutions.InstitutionList, institutions.InstitutionDetail),
    ("people", "person", people.PersonList, people.PersonDetail),
    ("focus-areas", "focus-area", focus_areas.FocusAreaList, focus_areas.FocusAreaDetail),
    ("events", "event", events.EventList, events.EventDetail),
    ("countries", "country", countries.CountryList, countries.CountryDetail),
)

#: What stands beside links to pages where people share them. Before the pages, whose ids may hold slashes.
cards = [
    path("card.png", social.SiteCard.as_view(), name="card"),
    *(
        path(f"{plural}/<path:uid>/card.png", social.RecordCard.as_view(page=shown), name=f"{name}-card")
        for plural, name, _listed, shown in RECORDS
    ),
]

#: What visitors read: in every language, at an address of its own.
pages = [
    path("", home.Home.as_view(), name="home"),
    path("suggest/", suggest.Suggestions.as_view(), name="suggest"),
    path("tell-us/", telling.TellUs.as_view(), name="tell-us"),
    path("tell-us/sent/", telling.Sent.as_view(), name="tell-us-sent"),
    path("about/", about.About.as_view(), name="about"),
    path("institutions/<str:uid>/embed/", embed.EmbedPage.as_view(), name="institution-embed"),
    *(entry for record in RECORDS for entry in resource(*record)),
    path("explore/", frame.Overview.as_view(), name="explore"),
    *(path(f"explore/{name}/", page.as_view(), name=f"explore-{name}") for name, page in PICTURES.items()),
]

urlpatterns = [
    path("styleguide/", styleguide.Styleguide.as_view(), name="styleguide"),
    path("agreements.ics", calendars.CalendarOfList.as_view(), name="agreement-calendar"),
    path("calendar/<str:token>.ics", calendar_of_staff, name="calendar-of-staff"),
    path("agreements.atom", feeds.AgreementFeed.as_view(), name="agreement-feed"),
    path("catalog/", catalogue.Catalogue.as_view(), name="catalogue"),
    path("catalog.<str:form>", catalogue.CatalogueForm.as_view(), name="catalogue-form"),
    path("robots.txt", sitemaps.Robots.as_view(), name="robots"),
    path("sitemap.xml", sitemaps.SitemapIndex.as_view(), name="sitemap"),
    path("sitemap-<slug:kind>-<int:number>.xml", sitemaps.SitemapPart.as_view(), name="sitemap-part"),
    path("agreements/<str:uid>/cite.<str:form>", citation.CitationDownload.as_view(), name="citation"),
    # What a picture shows, as files.
    *(
        re_path(rf"^explore/{name}\.(?P<form>csv|json)$", page.as_view(), name=f"explore-{name}-file")
        for name, page in PICTURES.items()
    ),
    # For iframes of other sites, in the language that their query names.
    path("embed/institutions/<str:uid>/", embed.Embedded.as_view(), name="institution-embedded"),
    path("embed/colours.css", embed.Colours.as_view(), name="embed-colours"),
    path("documents/<str:uid>/", documents.DocumentDownload.as_view(), name="document-download"),
    path(
        "documents/<str:uid>/versions/<int:number>/",
        documents.DocumentVersionDownload.as_view(),
        name="document-version",
    ),
    *in_each_language([*cards, *pages]),
]
