"""The SQL of the index cards, as the migration installs it."""

from . import facts, keeping, texts, watching

BEFORE = [watching.SEQUENCE, watching.STATUSES, watching.STORAGE]
FUNCTIONS = [*texts.FUNCTIONS, *facts.FUNCTIONS, *keeping.FUNCTIONS, *watching.FUNCTIONS]
TRIGGERS = watching.TRIGGERS
AMENDMENTS = watching.AMENDMENTS
