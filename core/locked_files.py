"""Tables that open only with a password: workbooks as Excel and WPS lock them, anything else in a ZIP sealed with AES."""

import secrets
from collections.abc import Iterable
from typing import IO, Final

import pyzipper
from msoffcrypto.format.ooxml import OOXMLFile

_LETTERS: Final = "abcdefghjkmnpqrstuvwxyz23456789"  # none that looks like another on paper
_GROUPS, _LENGTH = 4, 4


def new_password() -> str:
    """A password to be read out or typed off a screen: four groups of four, 79 bits."""
    groups = ("".join(secrets.choice(_LETTERS) for _ in range(_LENGTH)) for _ in range(_GROUPS))
    return "-".join(groups)


def lock_workbook(plain: IO[bytes], target: IO[bytes], password: str) -> None:
    """Encrypt a finished XLSX (AES-256, the office programs' own way): they ask for the password when it is opened."""
    plain.seek(0)
    OOXMLFile(plain).encrypt(password, target)


def lock_zip(parts: Iterable[bytes], target: IO[bytes], password: str, *, name: str) -> None:
    """Write the parts as the only file `name` of a ZIP encrypted with AES-256."""
    with pyzipper.AESZipFile(
        target, "w", compression=pyzipper.ZIP_DEFLATED, encryption=pyzipper.WZ_AES
    ) as archive:
        archive.setpassword(password.encode())
        with archive.open(name, "w", force_zip64=True) as file:
            for part in parts:
                file.write(part)
