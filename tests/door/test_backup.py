"""A backup counts only after a restore: bytes proved, keys asked for, rows equal, and nothing sent by the copy."""

import shutil
from pathlib import Path

import pytest

from tests.door.test_up import Installation, open_folder

pytestmark = pytest.mark.door
ADD = """
from core.clock import db_now
from core.outbox import enqueue
enqueue("mail", "door", {}, due_at=db_now())
"""


def test_a_restored_copy_is_whole_and_silent(tmp_path: Path) -> None:
    one = Installation(open_folder(tmp_path / "data"))
    assert one.manage("migrate", "-v", "0").returncode == 0
    assert one.manage("shell", "-v", "0", "-c", ADD).returncode == 0
    (one.folder / "files").mkdir(exist_ok=True)
    (one.folder / "files" / "photo").write_bytes(b"\x00photo")
    done = one.manage("backup", str(tmp_path / "kept"))
    assert done.returncode == 0, done.stderr
    (kept,) = (tmp_path / "kept").iterdir()

    two = Installation(open_folder(tmp_path / "copy"))
    refused = two.manage("restore", str(kept))
    assert "FIELD_KEYS" in refused.stderr
    shutil.copytree(one.folder / "secrets", two.folder / "secrets", dirs_exist_ok=True)
    done = two.manage("restore", str(kept))
    assert done.returncode == 0, done.stderr
    assert (two.folder / "files" / "photo").read_bytes() == b"\x00photo"
    look = "from core import sweep; from core.models import OutboxMessage as M; sweep.run_all(force=True); "
    look += "print(*M.objects.filter(dedupe_key='door').values_list('state', 'attempts'))"
    assert two.manage("shell", "-v", "0", "-c", look).stdout.strip() == "('pending', 0)"
    assert two.manage("release_sending").stdout.strip() == "Sending is released."

    again = two.manage("restore", str(kept))
    assert "not empty" in again.stderr
    with (kept / "database.dump").open("r+b") as dump:
        dump.seek(100)
        dump.write(b"?")
    three = Installation(open_folder(tmp_path / "third"))
    assert "cannot be trusted" in three.manage("restore", str(kept)).stderr
