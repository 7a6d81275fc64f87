from .office import Membership, Office, Role
from .person import Person, PersonName
from .presence import Presence
from .token import ApiToken, Scope
from .user import User
from .visit import Visit

__all__ = [
    "ApiToken",
    "Membership",
    "Office",
    "Person",
    "PersonName",
    "Presence",
    "Role",
    "Scope",
    "User",
    "Visit",
]
