"""What a step of an import refuses."""

from django.core.exceptions import ValidationError

from partnerships.services.errors import check_now, told_clearly

__all__ = ["NOT_NOW", "ValidationError", "check_now", "told_clearly"]

#: The code of the refusal of an act that is not open in the state of the import.
NOT_NOW = "not_now"
