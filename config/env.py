"""Everything the product reads from its environment, each name once, with its meaning and default."""

import base64
import os
import secrets
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from django.core.exceptions import ImproperlyConfigured

ROOT = Path(__file__).resolve().parent.parent


def text(name: str, default: str = "") -> str:
    """Return the variable, or the content of the file named by `<name>_FILE` (container secrets)."""
    if path := os.environ.get(f"{name}_FILE"):
        try:
            return Path(path).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise ImproperlyConfigured(f"{name}_FILE={path} cannot be read: {error}") from error
    return os.environ.get(name, default).strip()


def flag(name: str, default: bool = False) -> bool:
    """Return True for 1/true/yes/on in any case."""
    value = text(name)
    return value.lower() in {"1", "true", "yes", "on"} if value else default


def number(name: str, default: int) -> int:
    """Return a whole number; refuses anything else by name."""
    value = text(name)
    try:
        return int(value) if value else default
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} must be a whole number, not {value!r}.") from error


def words(name: str, default: str = "") -> list[str]:
    """Return a comma-separated list without empty parts."""
    return [part.strip() for part in text(name, default).split(",") if part.strip()]


def data_dir() -> Path:
    """Return the folder for everything written at run time (`DATA_DIR`, default `var/`), made when missing."""
    path = Path(text("DATA_DIR") or ROOT / "var")
    path = path if path.is_absolute() else ROOT / path
    path.mkdir(parents=True, exist_ok=True)
    return path


def kept_secret(name: str, make: str) -> str:
    """Return a secret from the environment, else one made once and kept in `DATA_DIR/secrets/` (mode 0600).

    Only development settings use this: production must be given its secrets.
    """
    if value := text(name):
        return value
    folder = data_dir() / "secrets"
    folder.mkdir(mode=0o700, exist_ok=True)
    path = folder / name.lower()
    try:
        handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(make)
    return make


def new_secret_key() -> str:
    """Return a fresh signing key."""
    return secrets.token_urlsafe(48)


def new_field_keys() -> str:
    """Return a fresh field key in the form of `FIELD_KEYS`."""
    return "k1:" + base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()


def field_keys(value: str) -> dict[str, bytes]:
    """Parse `FIELD_KEYS`, `id:base64,id:base64`, each key 32 bytes; the first encrypts, all decrypt.

    Raises ImproperlyConfigured for a missing id, a wrong length or a repeated id.
    """
    keys: dict[str, bytes] = {}
    for part in filter(None, (piece.strip() for piece in value.split(","))):
        key_id, _, encoded = part.partition(":")
        try:
            key = base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4))
        except ValueError:
            key = b""
        if not key_id or len(key) != 32 or key_id in keys:
            raise ImproperlyConfigured(
                "FIELD_KEYS must be id:key[,id:key…], each key 32 bytes in base64, ids different."
            )
        keys[key_id] = key
    return keys


def broker_url(redis_url: str) -> str:
    """Translate `REDIS_URL` for Celery, which spells socket addresses in its own way."""
    parts = urlsplit(redis_url)
    if parts.scheme != "unix":
        return redis_url
    database = parse_qs(parts.query).get("db", ["0"])[0]
    return f"redis+socket://{parts.path}?virtual_host={database}"
