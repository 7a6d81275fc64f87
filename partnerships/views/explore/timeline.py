"""/explore/timeline/: agreements as spans on one axis, and what ends when."""

from datetime import date, timedelta

from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partnerships.choices import Status
from partnerships.filtersets.reading import Stretch
from partnerships.pictures.crossings import chosen_of
from partnerships.pictures.headings import DIMENSIONS
from partnerships.pictures.narrowing import ending_in, in_force_on, narrowed_to
from partnerships.pictures.spans import SPANS, timeline
from partnerships.pictures.years import Trends, trends
from partnerships.querysets.cards import LONGEST_SPAN
from partnerships.search.answers import CardList
from partnerships.views.lists import RegistryList
from partnerships.views.queries import address, without
from partnerships.views.shown import agreements_on

from .frame import Picture, PictureFilterSet, Table
from .matrix import step

#: So many agreements that end within a year are listed.
COMING = 25
#: Years of the bands above the spans, and groups in them.
BAND_YEARS, BANDS = 20, 20


class TimelineFilterSet(PictureFilterSet):
    """The questions of the list, answered the newest first where no other order is asked for."""

    @property
    def result(self):
        rows = super().result
        if not isinstance(rows, CardList) or rows.is_ranked or self.form.cleaned_data.get("ordering"):
            return rows
        return CardList(rows.question, self._dated(rows.rows).order_by("-dated_on", "-pk"), rows.instead)

    def _dated(self, cards):
        """``cards`` within the dates that the filters imply, so that no others have to be passed."""
        values = self.form.cleaned_data
        if years := [int(year) for year in values.get("year") or ()]:
            cards = cards.filter(dated_on__gte=date(min(years), 1, 1), dated_on__lte=date(max(years), 12, 31))
        if after := values.get("signed_after"):
            cards = cards.filter(dated_on__gt=after.first_day - LONGEST_SPAN)
        if before := values.get("signed_before"):
            cards = cards.filter(dated_on__lte=before.last_day)
        return cards


class TimelinePage(Picture):
    slug = "timeline"
    template_name = "partnerships/explore/timeline.html"
    heading = gettext_lazy("Timeline")
    lead = gettext_lazy(
        "Since when and until when agreements hold, as far as it is known, and what ends when."
    )
    page_size = SPANS
    orders = (
        ("", gettext_lazy("Newest first")),
        ("signed_on", gettext_lazy("Oldest signing")),
        ("ends_on", gettext_lazy("Ends first")),
        ("title", gettext_lazy("Title")),
    )
    choices = {
        "by": {
            "": gettext_lazy("Nothing"),
            **{name: DIMENSIONS[name].one for name in ("country", "institution", "subject")},
        }
    }
    labels = {"by": gettext_lazy("Grouped by")}

    filterset_class = TimelineFilterSet

    def page_of(self, rows: CardList) -> Stretch:
        self.read_choices()
        return RegistryList.page_of(self, rows)

    def picture(self, questions: PictureFilterSet, rows: list) -> dict:
        by, asked = DIMENSIONS.get(self.drawn_by["by"]), self.asked(questions)
        many = questions.question.count.value > len(rows)
        found = trends(questions.question, by if many else None, chosen=chosen_of(questions), most=BANDS)
        drawn = timeline(rows, by)
        coming = self.coming(questions)
        return {
            "timeline": drawn,
            "trends": found,
            "by": by,
            "groups": [(group, self._group_address(by, group.value)) for group in drawn.groups],
            "bands": self._bands(found, by, asked) if by and many else [],
            "band_years": found.whole.years[-BAND_YEARS:],
            "ends": self._ends(found, asked),
            "coming": coming[:COMING],
            "more_coming": len(coming) > COMING,
            "over": sum(span.is_over for span in drawn.spans),
        }

    def coming(self, questions: PictureFilterSet) -> list:
        """Agreements that may end within a year from today, the first ones first; one more than are shown."""
        today = timezone.localdate()
        cards = questions.question.cards().ending_between(today, today + timedelta(days=365))
        cards = cards.exclude(statuses__contains=[Status.SUPERSEDED]).order_by(F("ends_on__first_day"), "pk")
        return agreements_on(list(cards.only("pk")[: COMING + 1]), self.user)

    def _group_address(self, by, value: str) -> str:
        """The timeline of one group alone."""
        if not by or not value:
            return ""
        return address(narrowed_to(without(self.request.GET, "by"), by, value))

    def _bands(self, found: Trends, by, asked) -> list[dict]:
        """A row for each group: how many of its agreements were in force, year by year."""
        highest = max((one.in_force.value for trend in found.groups for one in trend.years), default=0)
        bands = []
        for trend in found.groups:
            own = narrowed_to(asked, by, trend.line.value)
            cells = []
            for one in trend.years[-BAND_YEARS:]:
                standing = in_force_on(own, one.day.isoformat())
                where = self.listed(standing) if standing and one.in_force.value else ""
                cells.append(
                    {
                        "count": one.in_force,
                        "step": step(one.in_force, highest),
                        "address": where,
                        "year": one,
                    }
                )
            bands.append(
                {"trend": trend, "cells": cells, "address": self._group_address(by, trend.line.value)}
            )
        return bands

    def _ends(self, found: Trends, asked) -> list[dict]:
        highest = max((number.value for _year, number in found.ends), default=0)
        this_year, width = timezone.localdate().year, 100 / max(len(found.ends), 1)
        return [
            {
                "year": year,
                "count": number,
                "x": round((place + 0.1) * width, 3),
                "middle": round((place + 0.5) * width, 3),
                "width": round(0.8 * width, 3),
                "height": round(number.value * 60 / max(highest, 1), 1),
                "y": round(64 - number.value * 60 / max(highest, 1), 1),
                "when": "past" if year < this_year else "now" if year == this_year else "ahead",
                "address": self.listed(ending_in(asked, year)) if number.value else "",
                "is_told": len(found.ends) <= 12 or not year % 5 or year == this_year,
            }
            for place, (year, number) in enumerate(found.ends)
        ]

    def table(self, questions: PictureFilterSet, rows: list) -> Table:
        found = []
        for agreement in agreements_on(rows, self.user):
            where = reverse("partnerships:agreement-detail", kwargs={"uid": agreement.uid})
            dates = {
                name: str(value) if (value := getattr(agreement, name)) else ""
                for name in ("announced_on", "signed_on", "effective_from", "terminated_on")
            }
            ends = agreement.current_ends_on
            found.append(
                {"id": agreement.uid, "title": agreement.title, **dates}
                | {"ends_on": str(ends) if ends else "", "end_kind": agreement.current_end_kind}
                | {"status": agreement.status, "address": self.request.build_absolute_uri(where)}
            )
        headings = {
            "id": _("Id"),
            "title": _("Title"),
            "announced_on": _("Announced"),
            "signed_on": _("Signed"),
            "effective_from": _("In effect from"),
            "ends_on": _("Ends"),
            "end_kind": _("Kind of end"),
            "terminated_on": _("Terminated"),
            "status": _("Status today"),
            "address": _("Address"),
        }
        return Table(headings, found, {"total": questions.question.count._asdict()})
