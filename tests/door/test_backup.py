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
    (kept,) = [path for path in (tmp_path / "kept").iterdir() if path.is_dir()]

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


ONE = """
from accounts.models import OrgUnit; from crm.models import Customer, Contact
customer = Customer.objects.create(name="恢复测试水务", kind="end_user", pool_status="pool", code="KH-00-2026-99999", branch=OrgUnit.objects.get(code="00"))
print(Contact.objects.create(customer=customer, name="欧阳惜墨", mobile="14109990001").pk)
"""


def test_a_restored_copy_erases_whoever_was_erased_after_the_backup(tmp_path: Path) -> None:
    one = Installation(open_folder(tmp_path / "data"))
    assert one.manage("migrate", "-v", "0").returncode == 0
    made = one.manage("shell", "-v", "0", "-c", ONE)
    assert made.returncode == 0, made.stderr
    person = made.stdout.strip()
    done = one.manage("backup", str(tmp_path / "kept"))
    assert done.returncode == 0, done.stderr
    kept = next(path for path in (tmp_path / "kept").iterdir() if path.is_dir())
    erase = "from core.clock import db_now; from core import outbox; from crm.models import Contact; "
    erase += "from crm.operations import erase_contact; "
    erase += f"erase_contact(by=None, now=db_now(), contact=Contact.objects.get(pk={person})); "
    erase += "outbox.deliver_due('crm.list_erasure')"
    assert one.manage("shell", "-v", "0", "-c", erase).returncode == 0
    assert one.manage("backup", str(tmp_path / "later")).returncode == 0
    shutil.copy(one.folder / "erasures.json", tmp_path / "kept" / "erasures.json")

    two = Installation(open_folder(tmp_path / "copy"))
    shutil.copytree(one.folder / "secrets", two.folder / "secrets", dirs_exist_ok=True)
    done = two.manage("restore", str(kept))
    assert done.returncode == 0, done.stderr
    assert "1 of 1 people" in done.stdout
    look = f"from crm.models import Contact as C; c = C.objects.get(pk={person}); print(c.contact_removed, c.mobile)"
    assert two.manage("shell", "-v", "0", "-c", look).stdout.strip() == "True"
