"""When a photo was taken, as the camera wrote it into the file."""

import logging
import re
from datetime import datetime
from pathlib import Path

import exifread
from django.utils import timezone

logger = logging.getLogger(__name__)

TAKEN, OFFSET = "EXIF DateTimeOriginal", "EXIF OffsetTimeOriginal"
ZONE = re.compile(r"[+-]\d{2}:\d{2}")


def taken_at(path: Path) -> datetime | None:
    """The moment of taking; None where the file says none, or nothing that can be read. Nothing is believed further.

    Cameras write the time of their clock; without a zone it is read as the company's.
    """
    try:
        with path.open("rb") as stream:
            tags = exifread.process_file(stream, details=False)
        written = str(tags[TAKEN]).strip()
        zone = str(tags.get(OFFSET, "")).strip()
        if ZONE.fullmatch(zone):
            return datetime.strptime(f"{written}{zone}", "%Y:%m:%d %H:%M:%S%z")
        return timezone.make_aware(datetime.strptime(written, "%Y:%m:%d %H:%M:%S"))  # noqa: DTZ007
    except (KeyError, ValueError):
        return None
    except Exception:  # whatever a damaged or made-up picture does to the reader, the record goes on
        logger.warning("no time could be read from a photo", exc_info=True)
        return None
