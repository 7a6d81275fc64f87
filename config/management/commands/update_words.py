"""``manage.py update_words``: bring the catalogues of all languages up to date with code and templates."""

from typing import Any

from django.core.management.base import BaseCommand

from config import words
from config.languages import LOCALE, catalogues, compile_catalogues


class Command(BaseCommand):
    """Merge what visitors read into every ``django.po``; say what waits for its translation."""

    help = "Writes the words that visitors read into the catalogues of all languages, or of a new one."
    requires_system_checks = ()

    def add_arguments(self, parser) -> None:
        parser.add_argument(
            "--new", metavar="TAG", help="begin a catalogue for this language first: de, pt_BR"
        )

    def handle(self, *args: Any, new: str | None, **options: Any) -> None:
        if new:
            begun = LOCALE / new / "LC_MESSAGES" / "django.po"
            begun.parent.mkdir(parents=True, exist_ok=True)
            begun.touch()
        for tag, path in catalogues().items():
            words.merge(path)
            left = [
                message for message in words.read(path) if message.id and not words.is_translated(message)
            ]
            self.stdout.write(
                f"{tag}: {len(left)} of {len(words.read(path))} messages wait for a translation."
            )
        compile_catalogues()
