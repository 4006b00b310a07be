"""Words in public links: 128 bits derived from a key, never stored, revocable by counting a generation up.

A token is made again for a reminder or a reprinted label; only its hash is kept to look a row up.
"""

import base64
import hashlib
import hmac

from django.conf import settings

TOKEN_BYTES = 16


def make_token(kind: str, row_id: int, generation: int = 1) -> str:
    """The token of a row: 26 lower-case base32 characters, the same at every call for one generation."""
    message = f"{kind}|{row_id}|{generation}".encode()
    digest = hmac.new(_key(), message, hashlib.sha256).digest()[:TOKEN_BYTES]
    return base64.b32encode(digest).decode().rstrip("=").lower()


def token_hash(token: str) -> str:
    """What the database keeps of a token (64 hex characters); malformed tokens hash to nothing known."""
    return hashlib.sha256(token.strip().lower().encode()).hexdigest()


def _key() -> bytes:
    return hashlib.sha256(b"public-tokens|" + settings.SECRET_KEY.encode()).digest()
