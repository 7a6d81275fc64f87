"""Webhooks: changes of the feed, brought to those who asked for them.

A subscription is made (``subscribing``); changes are handed out to it in the order of the feed
(``handing_out``); what is handed out is claimed, sent and noted (``delivering``, ``attempts``).
"""

from .delivering import deliver
from .replaying import NOT_FINISHED, replay_dead, replay_delivery, send_test, sweep_deliveries
from .subscribing import NO_OVERLAP, end_subscription, revise_subscription, rotate_secret, subscribe

__all__ = [
    "NOT_FINISHED",
    "NO_OVERLAP",
    "deliver",
    "end_subscription",
    "replay_dead",
    "replay_delivery",
    "revise_subscription",
    "rotate_secret",
    "send_test",
    "subscribe",
    "sweep_deliveries",
]
