"""The cast of the project tests, and files kept in a folder of their own."""

from pathlib import Path
from typing import Any

import pytest

from tests.personas import later, now, personas  # noqa: F401


@pytest.fixture(autouse=True)
def _own_media(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
