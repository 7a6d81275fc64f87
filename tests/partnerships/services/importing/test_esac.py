"""The registry of transformative agreements of ESAC, as it came: every row in, once, and out again."""

import pytest

from partnerships.models import Agreement, AgreementIdentifier, Institution, Party, Source
from tests.factories import MembershipFactory

from .sheets import ESAC, checked, run, undo, upload

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not ESAC.exists(), reason=f"the ESAC files are not in {ESAC}"),
]
PATTERN = "{publisher} – {organization}"


def test_trial():
    import time
    m = MembershipFactory()
    user, office = m.user, m.office
    def t(label, f, *a, **k):
        s = time.time(); r = f(*a, **k); print(label, round(time.time()-s, 1)); return r
    data = (ESAC / "esac_agreements.csv.gz").read_bytes()
    b = t("upload", upload, data, by=user, office=office, filename="esac_agreements.csv.gz")
    print([(c["header"], c["guess"]) for c in b.columns], b.error)
    facts = dict(title_pattern=PATTERN, type="consortium", system="esac", unsure="create")
    b = t("check", checked, b, **facts)
    print(b.state, b.error, b.counts)
    print([r.reasons for r in b.rows.filter(kind="refused")[:5]])
    b = t("run", run, b)
    print(b.state, b.error, b.counts, Agreement.objects.count(), Institution.objects.count())
    b2 = t("upload", upload, data, by=user, office=office, filename="esac_agreements.csv.gz")
    b2 = t("check", checked, b2, **facts)
    print(b2.state, b2.error, b2.counts, [r.changes for r in b2.rows.filter(kind="changed")[:5]])
    links = (ESAC / "esac_agreement_institutions.csv.gz").read_bytes()
    l = t("upload", upload, links, by=user, office=office, filename="esac_agreement_institutions.csv.gz", kind="parties")
    print([(c["header"], c["guess"]) for c in l.columns], l.error)
    l = t("check", checked, l, **facts)
    print(l.state, l.error, l.counts, [r.reasons for r in l.rows.filter(kind="refused")[:5]])
    l = t("run", run, l)
    print(l.state, l.error, l.counts, Party.objects.count())
    l = t("undo", undo, l)
    print(l.state, l.error, l.obstacles[:3], Party.objects.count(), Institution.objects.count())
    b = t("undo", undo, b)
    print(b.state, b.error, b.obstacles[:3], Agreement.objects.count(), Institution.objects.count(), AgreementIdentifier.objects.count())
