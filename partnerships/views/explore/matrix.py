"""/explore/matrix/: agreements counted by rows and columns."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partnerships.filtersets.reading import Misread
from partnerships.pictures.crossings import Crossing, chosen_of, crossing
from partnerships.pictures.headings import DIMENSIONS
from partnerships.pictures.narrowing import narrowed_to
from partnerships.pictures.ramp import step_of
from partnerships.search.answers import Count

from .frame import Picture, PictureFilterSet, Table, numbers_of

#: What can be crossed: an institution has too many others.
SIDES = ("country", "subject", "type", "activity", "year", "status", "event")
#: Steps of the ramp, from few to many; the fourth stands out from no ink.
STEPS = (1, 2, 3, 5, 6, 7)


class Matrix(Picture):
    slug = "matrix"
    template_name = "partnerships/explore/matrix.html"
    heading = gettext_lazy("Matrix")
    lead = gettext_lazy("How many agreements stand under two headings at once; each number leads to them.")
    choices = {
        "rows": {name: DIMENSIONS[name].many for name in SIDES},
        "columns": {name: DIMENSIONS[name].many for name in SIDES},
    }
    labels = {"rows": gettext_lazy("Rows"), "columns": gettext_lazy("Columns")}

    def read_choices(self) -> None:
        super().read_choices()
        rows, columns = self.drawn_by["rows"], self.drawn_by["columns"]
        if rows == columns != "country":
            raise Misread("columns", _("Rows and columns must differ, unless they are countries."), "invalid")

    def switches(self) -> list[dict]:
        """Without the choices that would cross a thing with itself."""
        found = super().switches()
        for switch, other in zip(found, ("columns", "rows"), strict=True):
            taken = self.choices[other][self.drawn_by[other]]
            switch["links"] = [
                link
                for link in switch["links"]
                if link["words"] != taken or self.drawn_by[other] == "country" or link["is_current"]
            ]
        return found

    def picture(self, questions: PictureFilterSet, rows: list) -> dict:
        crossed = self.crossed(questions)
        asked = self.asked(questions)
        columns, lines = crossed.columns.lines, []
        for row in crossed.rows.lines:
            cells = []
            for column in columns:
                number = crossed.cell(row, column)
                where = self.listed(crossed.asked(asked, row, column)) if number.value else ""
                cells.append(
                    {
                        "count": number,
                        "column": column,
                        "step": step(number, crossed.highest),
                        "address": where,
                    }
                )
            lines.append(
                {"row": row, "cells": cells, "address": self._listed_side(asked, crossed, "rows", row)}
            )
        return {
            "crossing": crossed,
            "columns": [
                {"column": column, "address": self._listed_side(asked, crossed, "columns", column)}
                for column in columns
            ],
            "lines": lines,
            "sides": [crossed.rows] if crossed.is_symmetric else [crossed.rows, crossed.columns],
            "strongest": strongest(crossed),
        }

    def table(self, questions: PictureFilterSet, rows: list) -> Table:
        crossed = self.crossed(questions)
        rows_are, columns_are = crossed.rows.dimension, crossed.columns.dimension
        found = []
        for row in crossed.rows.lines:
            for column in crossed.columns.lines:
                number = crossed.cell(row, column)
                found.append(
                    {
                        "row": row.name,
                        "row_value": row.value,
                        "column": column.name,
                        "column_value": column.value,
                    }
                    | numbers_of(number)
                )
        headings = {
            "row": str(rows_are.one),
            "row_value": f"{rows_are.one} (id)",
            "column": str(columns_are.one),
            "column_value": f"{columns_are.one} (id)",
            "agreements": _("Agreements"),
            "low": _("At least"),
            "high": _("At most"),
        }
        return Table(headings, found, {"total": crossed.total._asdict(), "share": crossed.share})

    def crossed(self, questions: PictureFilterSet) -> Crossing:
        sides = (DIMENSIONS[self.drawn_by[name]] for name in ("rows", "columns"))
        return crossing(questions.question, *sides, chosen=chosen_of(questions))

    def _listed_side(self, asked, crossed: Crossing, side: str, line) -> str:
        return self.listed(narrowed_to(asked, getattr(crossed, side).dimension, line.value))


def step(number: Count, highest: int) -> int:
    """The step of the ramp for the number of a cell."""
    return step_of(number.value, highest, STEPS)


def strongest(crossed: Crossing, most: int = 3) -> list[dict]:
    """The fullest cells, each pair of countries once."""
    pairs = []
    for row in crossed.rows.lines:
        for column in crossed.columns.lines:
            number = crossed.cell(row, column)
            if number.value and not (crossed.is_symmetric and row.key > column.key):
                pairs.append({"row": row, "column": column, "count": number})
    return sorted(pairs, key=lambda one: -one["count"].value)[:most]
