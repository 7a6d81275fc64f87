"""What the registry's own triggers refuse, in words; see ``people.errors`` for how they are told."""

from people.errors import MESSAGES, check_now, clear_message, told_clearly

__all__ = ["MESSAGES", "check_now", "clear_message", "told_clearly"]

MESSAGES |= {
    "published_has_two_parties": "A published agreement needs two parties or more.",
    "published_has_source": "A published agreement needs a source.",
    "relation_acyclic": "These relations would close a circle.",
    "institution_link_acyclic": "An institution cannot stand above or before itself, not even by detours.",
    "focus_area_acyclic": "A focus area cannot stand below itself.",
}
