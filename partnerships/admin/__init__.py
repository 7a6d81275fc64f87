"""The admin of the registry: small files, one for each thing that staff work on.

Admin classes show and call services; what the registry knows stands in models, querysets and services.
"""

from . import (
    agreements,
    autocomplete,
    catalogue,
    commitments,
    imports,
    institutions,
    notes,
    people,
    reminder_days,
    reminder_mails,
    suggestions,
    webhook_deliveries,
    webhooks,
)

__all__ = [
    "agreements",
    "catalogue",
    "commitments",
    "imports",
    "institutions",
    "notes",
    "people",
    "reminder_days",
    "reminder_mails",
    "suggestions",
    "webhook_deliveries",
    "webhooks",
]

autocomplete.install()
