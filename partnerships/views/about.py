"""What this registry is, and how its facts and its data are to be read."""

from django.http import HttpRequest, HttpResponse

from .pages import PublicPage


class About(PublicPage):
    template_name = "partnerships/about.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.render_to_response(self.get_context_data())
