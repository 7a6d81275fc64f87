"""/explore/trends/: new against ended, and what is in force, year by year."""

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partnerships.pictures.bars import chart
from partnerships.pictures.crossings import chosen_of
from partnerships.pictures.headings import DIMENSIONS
from partnerships.pictures.narrowing import ending_in, in_force_on, narrowed_to, signed_in
from partnerships.pictures.years import Trend, Trends, Year, trends

from .frame import Picture, PictureFilterSet, Table

GROUPED_BY = ("type", "subject", "country", "activity")


class TrendsPage(Picture):
    slug = "trends"
    template_name = "partnerships/explore/trends.html"
    heading = gettext_lazy("Trends")
    lead = gettext_lazy("What was signed and what ended in each year, and how many agreements were in force.")
    choices = {"by": {"": gettext_lazy("Nothing"), **{name: DIMENSIONS[name].one for name in GROUPED_BY}}}
    labels = {"by": gettext_lazy("Told apart by")}

    def picture(self, questions: PictureFilterSet, rows: list) -> dict:
        found, asked = self.counted(questions), self.asked(questions)
        return {
            "trends": found,
            "whole": self.drawn(found.whole, asked),
            "groups": [self.drawn(trend, self._of_group(asked, trend)) for trend in found.groups],
            "by": DIMENSIONS.get(self.drawn_by["by"]),
        }

    def counted(self, questions: PictureFilterSet) -> Trends:
        by = DIMENSIONS.get(self.drawn_by["by"])
        return trends(questions.question, by, chosen=chosen_of(questions))

    def drawn(self, trend: Trend, asked: QueryDict) -> dict:
        """A trend with its drawing, and the list that each number leads to."""
        addresses = {one.year: self._addresses(one, asked) for one in trend.years}
        return {
            "trend": trend,
            "chart": chart(trend, addresses),
            "address": self.listed(asked),
            "years": [(one, addresses[one.year]) for one in reversed(trend.years)],
        }

    def _addresses(self, one: Year, asked: QueryDict) -> dict[str, str]:
        standing = in_force_on(asked, one.day.isoformat())
        return {
            "signed": self.listed(signed_in(asked, one.year)) if one.signed.value else "",
            "ended": self.listed(ending_in(asked, one.year)) if one.ended.value else "",
            "in_force": self.listed(standing) if standing and one.in_force.value else "",
        }

    def _of_group(self, asked: QueryDict, trend: Trend) -> QueryDict:
        return narrowed_to(asked, DIMENSIONS[self.drawn_by["by"]], trend.line.value)

    def table(self, questions: PictureFilterSet, rows: list) -> Table:
        found, rows = self.counted(questions), []
        for trend in [found.whole, *found.groups]:
            for one in trend.years:
                rows.append(
                    {
                        "group": trend.line.name if trend.line else "",
                        "value": trend.line.value if trend.line else "",
                        "year": one.year,
                        "signed": one.signed.value,
                        "ended": one.ended.value,
                        "in_force_on": one.day.isoformat(),
                        "in_force": one.in_force.value,
                        "is_exact": one.signed.is_exact,
                    }
                )
        headings = {
            "group": _("Group"),
            "value": _("Group (id)"),
            "year": _("Year"),
            "signed": _("Signed"),
            "ended": _("Ended"),
            "in_force_on": _("Day"),
            "in_force": _("In force on that day"),
            "is_exact": _("Counted exactly"),
        }
        unknown = {"signing_unknown": found.whole.unsigned.value, "end_unknown": found.whole.endless.value}
        return Table(headings, rows, {"total": found.whole.total._asdict(), "share": found.share, **unknown})
