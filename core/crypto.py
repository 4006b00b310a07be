"""Sealing personal data: AES-GCM under named keys, and keyed hashes that find equal values without opening them."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from functools import lru_cache
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

_NONCE_BYTES: Final = 12
_PURPOSE: Final = b"impeller personal field v1"


class SealBroken(Exception):
    """A sealed value that no key of this installation opens: tampered with, or its key is missing."""


def seal(text: str) -> str:
    """Encrypt a text under the active key: `keyid:base64`; the empty text stays empty."""
    if not text:
        return ""
    key_id, key = _active()
    nonce = secrets.token_bytes(_NONCE_BYTES)
    sealed = nonce + _cipher(key).encrypt(nonce, text.encode("utf-8", "surrogatepass"), _PURPOSE)
    return f"{key_id}:{base64.b64encode(sealed).decode('ascii')}"


def unseal(sealed: str) -> str:
    """The text inside. Raises SealBroken if its key is unknown or the value was changed."""
    if not sealed:
        return ""
    key_id, _, encoded = sealed.partition(":")
    key = _keys().get(key_id)
    if key is None:
        raise SealBroken(f"no field key {key_id!r}")
    try:
        raw = base64.b64decode(encoded, validate=True)
        plain = _cipher(key).decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], _PURPOSE)
        return plain.decode("utf-8", "surrogatepass")
    except (ValueError, InvalidTag) as error:
        raise SealBroken(f"a value sealed under {key_id!r} does not open") from error


def blind_hash(text: str) -> str:
    """The hash under the active key that is stored beside a sealed value; the empty text has none."""
    return _hash(_active()[1], text) if text else ""


def blind_hashes(text: str) -> list[str]:
    """The hashes under every key, to look a value up while rows of older keys remain."""
    return [_hash(key, text) for key in _keys().values()] if text else [""]


def is_under_active_key(sealed: str) -> bool:
    """False for a value that a key rotation should seal again."""
    return not sealed or sealed.partition(":")[0] == _active()[0]


def _keys() -> dict[str, bytes]:
    keys: dict[str, bytes] = settings.FIELD_KEYS
    if not keys:
        raise ImproperlyConfigured("FIELD_KEYS must hold at least one key.")
    return {key_id: _raw(key) for key_id, key in keys.items()}


def _active() -> tuple[str, bytes]:
    return next(iter(_keys().items()))


def _raw(key: bytes | str) -> bytes:
    return key if isinstance(key, bytes) else base64.urlsafe_b64decode(key)


def _hash(key: bytes, text: str) -> str:
    return hmac.new(_hash_key(key), text.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()


@lru_cache(maxsize=16)
def _hash_key(key: bytes) -> bytes:
    """A key of its own for hashing, so that no key serves two purposes."""
    return hmac.new(key, b"impeller blind index v1", hashlib.sha256).digest()


@lru_cache(maxsize=16)
def _cipher(key: bytes) -> AESGCM:
    return AESGCM(key)
