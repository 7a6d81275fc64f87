from collections.abc import Callable

from django.utils.translation import gettext_lazy as _

from partnerships.filtersets import FocusAreaFilterSet
from partnerships.models import Facet, FocusArea
from partnerships.querysets.shared import focus_area_family

from .lists import RegistryList
from .options import focus_areas
from .profiles import Profile
from .trees import in_tree_order, path_to


class FocusAreaList(RegistryList):
    """A tree is read as a whole: a page holds many, and without an order asked it is indented."""

    model = FocusArea
    filterset_class = FocusAreaFilterSet
    template_name = "partnerships/focus_area_list.html"
    section = "focus-areas"
    resource = "focus-area"
    heading = _("Focus areas")
    lead = _("The subjects of the agreements, in a small tree.")
    meant_among = ("focus-areas",)
    page_size = 100
    options = {"parent": focus_areas}
    main_filters = ("q", "parent")
    orders = (("", _("Tree")), ("name", _("Name")), ("-agreements", _("Most agreements")))

    def get_context_data(self, **kwargs) -> dict:
        context = super().get_context_data(**kwargs)
        rows = list(context["rows"])
        as_tree = not self.request.GET.get("ordering")
        return context | {"rows": in_tree_order(rows) if as_tree else [(row, 0) for row in rows]}


class FocusAreaDetail(Profile):
    model = FocusArea
    template_name = "partnerships/focus_area_detail.html"
    section = "focus-areas"
    resource = "focus-area"
    kind = _("Focus area")
    facets = (
        Facet.INSTITUTION,
        Facet.COUNTRY,
        Facet.STATUS,
        Facet.TYPE,
        Facet.ACTIVITY,
        Facet.YEAR,
        Facet.FOCUS_AREA,
    )
    titles = {Facet.FOCUS_AREA: _("Often together with")}

    def get_context_data(self, **kwargs) -> dict:
        area = self.object
        everything = FocusArea.objects.visible_to(self.user).with_agreement_count(self.user)
        visible = {row.pk: row for row in everything}
        self.family, self.path = set(focus_area_family([area.pk])), path_to(area, visible)
        below = [row for row in visible.values() if row.pk in self.family and row.pk != area.pk]
        return super().get_context_data(area=area, path=self.path, below=in_tree_order(below), **kwargs)

    def belonging(self) -> dict[str, Callable]:
        # What stands above or below occurs with it by its nature; that is what the tree says.
        kin = {str(key) for key in self.family} | {str(row.pk) for row in self.path}
        return {Facet.FOCUS_AREA: lambda keys: set(keys) - kin}
