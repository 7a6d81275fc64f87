from .agreements import AgreementSerializer
from .catalogue import CountrySerializer, EventSerializer, FocusAreaSerializer
from .institutions import InstitutionSerializer
from .partnerships import PartnershipSerializer, PartnershipWithAgreementsSerializer
from .parts import ActivityRecordSerializer, DocumentRecordSerializer, SourceRecordSerializer
from .people import PersonSerializer

__all__ = [
    "ActivityRecordSerializer",
    "AgreementSerializer",
    "CountrySerializer",
    "DocumentRecordSerializer",
    "EventSerializer",
    "FocusAreaSerializer",
    "InstitutionSerializer",
    "PartnershipSerializer",
    "PartnershipWithAgreementsSerializer",
    "PersonSerializer",
    "SourceRecordSerializer",
]
