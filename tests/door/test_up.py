"""`./impeller up` from outside: what a person at a terminal sees, and what a killed process must not leave behind."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import psycopg2
import pytest

from config.local_servers import ROOT

pytestmark = pytest.mark.door
PASSED_ON = ("PATH", "HOME", "LANG", "PYTHONPATH", "VIRTUAL_ENV")


def wait_for(what: Callable[[], object], seconds: float = 60) -> object:
    """Return the first true answer; fail after so many seconds."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if answer := what():
            return answer
        time.sleep(0.2)
    raise AssertionError(f"not within {seconds} s: {what}")


class Installation:
    """One DATA_DIR and the supervisor running on it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.process: subprocess.Popen[str] | None = None
        self.output = folder.with_suffix(".out")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
        return kept | {"DATA_DIR": str(self.folder), "PORT": str(self.port)}

    def up(self) -> str:
        """Start, wait until the address is told, return what was said."""
        with self.output.open("w") as out:
            command = [sys.executable, "-m", "config.door", "up", "--no-demo"]
            self.process = subprocess.Popen(
                command, cwd=ROOT, env=self.environment, stderr=out, start_new_session=True
            )
        wait_for(lambda: "▸" in self.said() or self.process.poll() is not None, 180)
        assert self.process.poll() is None, self.said()
        return self.said()

    def said(self) -> str:
        return self.output.read_text(encoding="utf-8")

    def state(self) -> dict[str, str]:
        return json.loads((self.folder / "state.json").read_text())

    def get(self, path: str) -> int:
        with urllib.request.urlopen(self.state()["URL"] + path, timeout=10) as answer:
            return answer.status

    def manage(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "config.door", "manage", *arguments]
        return subprocess.run(command, cwd=ROOT, env=self.environment, capture_output=True, text=True)

    def stop(self, how: signal.Signals) -> int:
        assert self.process is not None
        self.process.send_signal(how)
        return self.process.wait(150)

    def processes(self) -> dict[int, str]:
        """Return every process that belongs to this DATA_DIR, by its environment or command."""
        found = {}
        for entry in Path("/proc").iterdir():
            if not entry.name.isdigit() or int(entry.name) == os.getpid():
                continue
            try:
                facts = (entry / "cmdline").read_bytes() + b"\0" + (entry / "environ").read_bytes()
                zombie = "\nState:\tZ" in (entry / "status").read_text()
            except OSError:
                continue
            if str(self.folder).encode() in facts and not zombie:
                found[int(entry.name)] = (
                    facts.split(b"\0\0")[0].replace(b"\0", b" ").decode(errors="replace")[:150]
                )
        return found

    def pid_of(self, *words: str) -> int:
        """Return the oldest process whose command has all these words, 0 when there is none."""
        fitting = [pid for pid, command in self.processes().items() if all(word in command for word in words)]
        return min(fitting, default=0)


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """Yield one installation for all tests here: each leaves it as found, running or not, because starts are slow."""
    one = Installation(open_folder(tmp_path_factory.mktemp("up") / "data"))
    yield one
    if one.process and one.process.poll() is None:
        one.stop(signal.SIGTERM)
    for pid in one.processes():
        os.kill(pid, signal.SIGKILL)


def open_folder(folder: Path) -> Path:
    """Make a DATA_DIR which the database's own account can walk to."""
    folder.mkdir()
    for parent in folder.parents[:3]:
        parent.chmod(0o755)
    return folder


def test_a_taken_port_is_said_and_the_next_one_used(installation: Installation) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", installation.port))
        taken.listen()
        said = installation.up()
    assert f"port {installation.port} is taken" in said
    assert not installation.state()["URL"].endswith(f":{installation.port}")
    assert installation.get("/healthz") == 200
    assert installation.get("/accounts/login/") == 200


def test_two_starts_do_not_share_data(installation: Installation) -> None:
    command = [sys.executable, "-m", "config.door", "up"]
    second = subprocess.run(command, cwd=ROOT, env=installation.environment, capture_output=True, text=True)
    assert second.returncode == 1
    assert installation.state()["URL"] in second.stderr


def test_the_product_cannot_rewrite_its_audit(installation: Installation) -> None:
    """The web's own role may add to the audit, but neither change, delete nor empty it, nor alter any table."""
    connection = psycopg2.connect(installation.state()["DATABASE_URL"])
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM core_auditentry")
        for forbidden in (
            "UPDATE core_auditentry SET code = 'x'",
            "DELETE FROM core_auditentry",
            "TRUNCATE core_auditentry CASCADE",
            "UPDATE core_auditseal SET digest = digest",
            "DELETE FROM core_auditseal",
            "ALTER TABLE core_task ADD COLUMN x int",
            "CREATE TABLE mine (x int)",
            "DROP TABLE core_task",
            "DELETE FROM django_migrations",
        ):
            with pytest.raises(psycopg2.errors.InsufficientPrivilege):
                cursor.execute(forbidden)
    connection.close()


def test_the_product_seals_its_audit_with_the_rights_it_has(installation: Installation) -> None:
    command = [sys.executable, "-m", "config.door", "manage", "sweep", "--once"]
    run = subprocess.run(command, cwd=ROOT, env=installation.environment, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    connection = psycopg2.connect(installation.state()["DATABASE_URL"])
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT last_error FROM core_sweepstate WHERE code IN ('core.seal_audit', 'crm.expire_access_log')"
        )
        assert cursor.fetchall() == [("",), ("",)]
        cursor.execute("SELECT count(*) FROM core_auditentry WHERE at < now() - interval '3 minutes'")
        settled = cursor.fetchone()
        cursor.execute("SELECT coalesce(sum(entries), 0) FROM core_auditseal")
        assert cursor.fetchone() >= settled
        cursor.execute("SELECT crm_expire_access_log(0, 9, now() - interval '200 days')")
        with pytest.raises(psycopg2.errors.RaiseException):
            cursor.execute("SELECT crm_expire_access_log(0, 9, now())")
        with pytest.raises(psycopg2.errors.RaiseException):
            cursor.execute("SELECT core_cut_from_audit(min(seq), 'x', '{}') FROM core_auditentry")
    connection.close()


def test_every_killed_part_comes_back(installation: Installation) -> None:
    parts = {
        "worker": ("celery", "worker"),
        "beat": ("celery", "beat"),
        "valkey": ("valkey-server",),
        "web": ("gunicorn",),
        "postgres": ("bin/postgres", "-D"),
    }
    for name, command in parts.items():
        kill_and_await(installation, name, command)
    wait_for(lambda: ready_but_for_sweeps(installation))
    killed = datetime.now(UTC)

    def swept() -> bool:
        with (
            psycopg2.connect(installation.state()["DATABASE_URL"]) as connection,
            connection.cursor() as cursor,
        ):
            cursor.execute("SELECT count(*) FROM core_sweepstate WHERE finished_at > %s", [killed])
            return bool(cursor.fetchone()[0])

    wait_for(swept, 120)


def test_due_work_is_done_exactly_once_although_worker_and_broker_are_killed(
    installation: Installation,
) -> None:
    """Reminders and rungs that are due survive a worker killed twice and a broker that forgets its queue."""

    def ask(call: str) -> dict[str, int]:
        answer = installation.manage(
            "shell", "-v", "0", "-c", f"from tests.door import due_rows; due_rows.{call}"
        )
        assert answer.returncode == 0, answer.stderr
        return json.loads(answer.stdout.strip().splitlines()[-1])

    made = ask("make()")
    for name, command in (
        ("worker", ("celery", "worker")),
        ("valkey", ("valkey-server",)),
        ("worker", ("celery", "worker")),
    ):
        kill_and_await(installation, name, command)
    expected = {"reminders": 5, "owner_told": 1, "manager_told": 1, "rungs": 4, "top_told": 1, "unsent": 0}

    def counted() -> dict[str, int]:
        return ask(f"count({made['follow_up']}, {made['case']})")

    wait_for(lambda: counted() == expected, 150)
    kill_and_await(installation, "worker", ("celery", "worker"))
    time.sleep(20)
    assert counted() == expected, "a second round of scans made something twice"


def kill_and_await(installation: Installation, name: str, command: tuple[str, ...]) -> None:
    """Kill one part's main process; wait until another one stands in its place."""
    before = installation.pid_of(*command)
    assert before, f"{name} does not run"  # and 0 would mean ourselves
    os.kill(before, signal.SIGKILL)
    wait_for(lambda: f"starting {name} again" in installation.said(), 120)
    wait_for(lambda: installation.pid_of(*command) not in {before, 0}, 120)


def ready_but_for_sweeps(installation: Installation) -> bool:
    """Tell whether database and broker answer again."""
    try:
        with urllib.request.urlopen(installation.state()["URL"] + "/readyz", timeout=10):
            return True
    except urllib.error.HTTPError as error:
        return json.loads(error.read())["failing"] == ["sweep"]
    except OSError:
        return False


def test_ctrl_c_leaves_nothing_and_the_data_stay(installation: Installation) -> None:
    made = "from core.models import SweepState; SweepState.objects.create(code='door')"
    assert installation.manage("shell", "-c", made).returncode == 0
    assert installation.stop(signal.SIGINT) == 0
    assert installation.processes() == {}
    assert not (installation.folder / "state.json").exists()

    seen = "from core.models import SweepState; print(SweepState.objects.filter(code='door').count())"
    stopped = installation.manage("shell", "-v", "0", "-c", seen)
    assert stopped.returncode == 0, stopped.stderr
    assert stopped.stdout.strip().splitlines()[-1] == "1"
    assert installation.processes() == {}


def test_a_killed_supervisor_leaves_nothing_and_the_next_start_works(installation: Installation) -> None:
    installation.up()
    installation.stop(signal.SIGKILL)
    wait_for(lambda: not installation.processes(), 90)
    installation.up()
    assert installation.get("/healthz") == 200
    assert installation.stop(signal.SIGTERM) == 0
    assert installation.processes() == {}
