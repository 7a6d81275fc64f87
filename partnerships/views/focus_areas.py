from django.utils.translation import gettext_lazy as _

from partnerships.filtersets import FocusAreaFilterSet
from partnerships.models import Facet, FocusArea
from partnerships.querysets.shared import focus_area_family

from .details import RegistryDetail
from .lists import RegistryList
from .options import focus_areas
from .profiles import profile_of
from .trees import in_tree_order, path_to

FACETS = (
    Facet.INSTITUTION,
    Facet.COUNTRY,
    Facet.STATUS,
    Facet.TYPE,
    Facet.ACTIVITY,
    Facet.YEAR,
)


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


class FocusAreaDetail(RegistryDetail):
    model = FocusArea
    template_name = "partnerships/focus_area_detail.html"
    section = "focus-areas"
    resource = "focus-area"
    kind = _("Focus area")

    def get_context_data(self, **kwargs) -> dict:
        area = self.object
        family = set(focus_area_family([area.pk]))
        everything = FocusArea.objects.visible_to(self.user).with_agreement_count(self.user)
        visible = {row.pk: row for row in everything}
        below = [row for row in visible.values() if row.pk in family and row.pk != area.pk]
        path = path_to(area, visible)
        # What stands above or below occurs with it by its nature; that is what the tree says.
        kin = {str(key) for key in family} | {str(row.pk) for row in path}
        return (
            super().get_context_data(**kwargs)
            | {"area": area, "path": path, "below": in_tree_order(below)}
            | profile_of(
                self.user,
                FACETS,
                together=Facet.FOCUS_AREA,
                keep={Facet.FOCUS_AREA: lambda keys: set(keys) - kin},
                titles={Facet.FOCUS_AREA: _("Often together with")},
                focus_area=area.uid,
            )
        )
