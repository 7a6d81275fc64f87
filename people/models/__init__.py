from .allowance import Allowance
from .office import Membership, Office, Role
from .person import Person, PersonName
from .presence import Presence
from .token import ApiToken, Scope, TokenState
from .user import User
from .visit import Visit

__all__ = [
    "Allowance",
    "ApiToken",
    "Membership",
    "Office",
    "Person",
    "PersonName",
    "Presence",
    "Role",
    "Scope",
    "TokenState",
    "User",
    "Visit",
]
