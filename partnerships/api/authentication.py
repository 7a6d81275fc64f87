"""Who calls the API: a system with a token."""

from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied

from people.clients import client_address
from people.principals import TokenPrincipal
from people.services.recognition import FromElsewhere, Unusable, note_use, recognise

from .throttling import spend

REALM = 'Bearer realm="Entente"'


class InvalidToken(AuthenticationFailed):
    """A 401 as RFC 6750 tells it."""

    def __init__(self, detail: str):
        super().__init__(detail)
        self.challenge = f'{REALM}, error="invalid_token", error_description="{detail}"'


class BearerTokenAuthentication(BaseAuthentication):
    """``Authorization: Bearer ent_…``; ``request.user`` becomes the token's principal."""

    def authenticate(self, request):
        kind, _, secret = get_authorization_header(request).partition(b" ")
        if kind.lower() != b"bearer":
            return None
        address = client_address(request)
        try:
            token = recognise(secret.strip().decode("latin-1"), address)
        except Unusable as error:
            # Counted for the address: whoever guesses is stopped like whoever asks.
            spend(request, None, cost=1)
            raise InvalidToken(str(error)) from error
        except FromElsewhere as error:
            spend(request, None, cost=1)
            raise PermissionDenied(str(error)) from error
        note_use(token, address)
        return TokenPrincipal(token), token

    def authenticate_header(self, request) -> str:
        return REALM
