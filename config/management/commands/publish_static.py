"""`publish_static`: translations, third-party browser files and hashed static files, each only when out of date."""

import hashlib
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand

from config import assets, catalogues


class Command(BaseCommand):
    """Needs no database: a container's image is built with it."""

    help = "Compile the catalogues, fetch browser files and collect static files where they are out of date."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Do each step that is not done yet; hashing all files takes seconds, so their inputs carry a stamp."""
        catalogues.compile_all()
        assets.build()
        if is_published():
            return
        call_command(
            "collectstatic", interactive=False, verbosity=0, clear=Path(settings.STATIC_ROOT).exists()
        )
        stamp().write_text(inputs(), encoding="ascii")


def is_published() -> bool:
    """Tell whether the published files are those of the sources and of the lock files."""
    folders = [settings.BASE_DIR / "static", settings.ASSETS_DIR]
    settings.STATICFILES_DIRS = [path for path in folders if path.exists()]
    return assets.is_current() and stamp().exists() and stamp().read_text(encoding="ascii") == inputs()


def stamp() -> Path:
    """Where the hash of the inputs lies."""
    return Path(settings.STATIC_ROOT) / ".inputs"


def inputs() -> str:
    """Return a hash of everything the published files depend on."""
    digest = hashlib.sha256(repr(settings.STORAGES["staticfiles"]).encode())
    for folder in settings.STATICFILES_DIRS:
        for path in sorted(Path(folder).rglob("*")):
            if path.is_file():
                facts = path.stat()
                digest.update(f"{path}|{facts.st_size}|{facts.st_mtime_ns}".encode())
    for path in (settings.BASE_DIR / "requirements.lock", settings.BASE_DIR / "config" / "storage.py"):
        digest.update(path.read_bytes())
    return digest.hexdigest()
