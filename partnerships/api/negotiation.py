"""Which format an answer has: ``?format=`` first, then ``Accept``; JSON where neither insists."""

from rest_framework.exceptions import ErrorDetail, NotAcceptable, ValidationError
from rest_framework.negotiation import DefaultContentNegotiation


class RegistryNegotiation(DefaultContentNegotiation):
    """As usual, but a format that is not offered is named in the error."""

    def select_renderer(self, request, renderers, format_suffix=None):
        wanted = request.query_params.get(self.settings.URL_FORMAT_OVERRIDE)
        offered = [renderer.format for renderer in renderers]
        if wanted and wanted not in offered:
            message = f"This address answers in {', '.join(offered)}."
            raise ValidationError({"format": [ErrorDetail(message, "unknown_format")]})
        try:
            return super().select_renderer(request, renderers, format_suffix)
        except NotAcceptable as error:
            raise NotAcceptable(f"This address answers in {', '.join(offered)}.") from error
