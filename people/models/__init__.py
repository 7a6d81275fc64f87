from .office import Membership, Office, Role
from .person import Person, PersonName
from .token import ApiToken, Scope
from .user import User
from .visit import Visit

__all__ = ["ApiToken", "Membership", "Office", "Person", "PersonName", "Role", "Scope", "User", "Visit"]
