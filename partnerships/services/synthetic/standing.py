"""What stands in the database before synthetic records are made, and taking older ones away."""

from dataclasses import dataclass

from django.db import connection

from partnerships.models import Agreement, Event, FocusArea, Institution
from people.models import Person

from .loading import INDEX_OF_NAMES, untriggered
from .marks import PREFIX, marked
from .shared import PERSON
from .tables import READ_MODEL, SHARED


@dataclass(frozen=True)
class Standing:
    """How many agreements a database holds."""

    real: int
    synthetic: int


def standing() -> Standing:
    """Count the agreements that stand, real and synthetic."""
    synthetic = marked(Agreement.objects, "title").count()
    return Standing(real=Agreement.objects.count() - synthetic, synthetic=synthetic)


def remove() -> None:
    """Take away all agreements and the invented records that they shared; what came from ROR stays.

    For a database whose agreements are all synthetic. Nothing of it goes into the history.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("TRUNCATE partnerships_agreement RESTART IDENTITY CASCADE")
        cursor.execute(f"TRUNCATE {', '.join(READ_MODEL)}")
    with untriggered(SHARED, keep=INDEX_OF_NAMES):
        Person.objects.filter(uid__startswith=PREFIX, name__startswith=PERSON).delete()
        marked(FocusArea.objects).exclude(parent=None).delete()
        for model in (FocusArea, Event, Institution):
            marked(model.objects).delete()
