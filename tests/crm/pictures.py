"""Photos made for tests: as small as a camera's file can be, with the time of taking or without."""

import struct


def photo(taken: str = "", zone: str = "", salt: bytes = b"") -> bytes:
    """A JPEG whose EXIF says `taken` ("2026:11:20 10:00:00") and the camera's `zone` ("+09:00")."""
    if not taken:
        return b"\xff\xd8\xff\xfe" + struct.pack(">H", 2 + len(salt)) + salt + b"\xff\xd9"
    texts = [(0x9003, taken.encode() + b"\0"), *([(0x9011, zone.encode() + b"\0")] if zone else [])]
    start = 8 + 2 + 12 + 4
    data_at = start + 2 + 12 * len(texts) + 4
    entries, data = b"", b""
    for tag, text in texts:
        entries += struct.pack(">HHII", tag, 2, len(text), data_at + len(data))
        data += text
    tiff = b"MM\0*" + struct.pack(">I", 8) + struct.pack(">HHHIII", 1, 0x8769, 4, 1, start, 0)
    tiff += struct.pack(">H", len(texts)) + entries + struct.pack(">I", 0) + data
    body = b"Exif\0\0" + tiff
    head = b"\xff\xd8\xff\xe1" + struct.pack(">H", 2 + len(body)) + body
    return head + b"\xff\xfe" + struct.pack(">H", 2 + len(salt)) + salt + b"\xff\xd9"
