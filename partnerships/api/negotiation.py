"""Which format an answer has: ``?format=`` first, then ``Accept``; JSON where neither insists."""

from rest_framework.exceptions import ErrorDetail, NotAcceptable, ValidationError
from rest_framework.negotiation import DefaultContentNegotiation


class RegistryNegotiation(DefaultContentNegotiation):
    """As usual, but a format that is not offered is named in the error."""

    def select_renderer(self, request, renderers, format_suffix=None):
        wanted = request.query_params.get(self.settings.URL_FORMAT_OVERRIDE)
        offered = {renderer.format: renderer for renderer in reversed(renderers)}
        message = f"This address answers in {', '.join(reversed(offered))}."
        if wanted:
            if wanted not in offered:
                raise ValidationError({"format": [ErrorDetail(message, "unknown_format")]})
            return offered[wanted], offered[wanted].media_type
        try:
            return super().select_renderer(request, renderers, format_suffix)
        except NotAcceptable as error:
            raise NotAcceptable(message) from error
