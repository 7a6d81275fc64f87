"""What a page about something shows of its agreements: the newest ones, and the way to all."""

from partnerships.models import Agreement


def agreements_on(cards, user) -> list[Agreement]:
    """Return the agreements of ``cards`` with what a list shows of them, in the same order."""
    keys = [card.pk for card in cards]
    rows = Agreement.objects.visible_to(user).for_list(user).in_bulk(keys)
    return [rows[key] for key in keys if key in rows]
