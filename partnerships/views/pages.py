"""What every public page shares."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.views.generic.base import ContextMixin, TemplateResponseMixin, View

from partnerships.querysets.readers_names import name_for_reader


class PublicPage(TemplateResponseMixin, ContextMixin, View):
    """A page that anybody may ask for; what it shows follows from the gate."""

    http_method_names = ["get", "head"]
    #: The entry of the main navigation that the page belongs to.
    section = ""

    def setup(self, request: HttpRequest, *args, **kwargs) -> None:
        super().setup(request, *args, **kwargs)
        self.user = request.user

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        # PostgreSQL refuses a zero byte in a text; no address of ours holds one.
        if any("\x00" in str(value) for value in kwargs.values()):
            raise Http404("There is no such address.")
        response = super().dispatch(request, *args, **kwargs)
        patch_vary_headers(response, ["Cookie"])
        if request.user.is_authenticated:
            patch_cache_control(response, private=True)
        return response

    def render_to_response(self, context: dict, **kwargs) -> HttpResponse:
        name_for_reader(context)
        return super().render_to_response(context, **kwargs)

    def get_context_data(self, **kwargs) -> dict:
        return super().get_context_data(section=self.section, **kwargs)
