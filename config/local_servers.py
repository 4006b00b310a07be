"""The pair of local servers as one thing: started for a DATA_DIR or for one test run, found again by others."""

import fcntl
import json
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from config.embedded import DATABASE, OWNER, Postgres, Valkey, server_home, socket_folder

ROOT = Path(__file__).resolve().parent.parent
Environment = dict[str, str]
THROWN_AWAY = "impeller-run-"
MEMORY_WANTED = 3_000_000_000
LOGINS_FILE = "demo-logins.txt"  # what `up` prints; written by the command that loads the demo


def data_dir() -> Path:
    """Return DATA_DIR as an absolute path, made when missing (default `var/` in the checkout)."""
    path = Path(os.environ.get("DATA_DIR") or "var")
    path = (path if path.is_absolute() else ROOT / path).absolute()
    path.mkdir(parents=True, exist_ok=True)
    return path


class LocalServers:
    """PostgreSQL and Valkey under one folder; a server given by DATABASE_URL or REDIS_URL is used, not started."""

    def __init__(self, folder: Path, *, durable: bool = True) -> None:
        home = server_home(folder)
        sockets = socket_folder(folder, home)
        logs = folder / "log"
        self.folder = folder
        self.postgres = (
            None if os.environ.get("DATABASE_URL") else Postgres(home, sockets / "pg", logs, durable)
        )
        self.valkey = None if os.environ.get("REDIS_URL") else Valkey(folder, sockets / "kv", logs, durable)

    def start(self) -> bool:
        """Start what is ours, both from this thread (children die with it); return whether the data is new."""
        new = bool(self.postgres and self.postgres.create())
        if self.valkey:
            self.valkey.start()
        if self.postgres:
            self.postgres.start()
            self.postgres.create_roles()
        return new

    def stop(self) -> None:
        """Stop in the reverse order of dependence: queue, then database."""
        if self.valkey:
            self.valkey.stop()
        if self.postgres:
            self.postgres.stop()

    def urls(self) -> Environment:
        """Return the addresses as environment variables."""
        urls = {name: os.environ[name] for name in URL_NAMES if os.environ.get(name)}
        if self.postgres:
            urls |= {"DATABASE_URL": self.postgres.url(), "MIGRATION_DATABASE_URL": self.postgres.url(OWNER)}
        if self.valkey:
            urls["REDIS_URL"] = self.valkey.url()
        return urls


URL_NAMES = ("DATABASE_URL", "MIGRATION_DATABASE_URL", "REDIS_URL")


def take_lock(folder: Path) -> IO[str] | None:
    """Take the folder's lock for as long as the returned file is open; None when another process has it."""
    file = (folder / "lock").open("a")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        return None
    os.set_inheritable(file.fileno(), False)
    return file


def write_state(folder: Path, state: Environment) -> None:
    """Leave the addresses for `./impeller manage`; complete or absent, readable by the owner only."""
    draft = folder / "state.new"
    draft.touch(mode=0o600)
    draft.write_text(json.dumps(state), encoding="utf-8")
    draft.rename(folder / "state.json")


def read_state(folder: Path) -> Environment:
    """Return the addresses the running `up` left, else nothing."""
    try:
        state = json.loads((folder / "state.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return {str(key): str(value) for key, value in state.items()}


def clear_state(folder: Path) -> None:
    """Forget the addresses."""
    (folder / "state.json").unlink(missing_ok=True)


@contextmanager
def servers_for(folder: Path) -> Iterator[Environment]:
    """Yield addresses of the servers of this DATA_DIR: configured, already running, or started for the while."""
    if os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL"):
        yield {name: os.environ[name] for name in URL_NAMES if os.environ.get(name)}
        return
    lock = take_lock(folder)
    if lock is None:
        yield read_state(folder)
        return
    servers = LocalServers(folder)
    try:
        servers.start()
        yield servers.urls()
    finally:
        servers.stop()
        lock.close()


@contextmanager
def throw_away_servers(prepared: Path | None = None) -> Iterator[LocalServers]:
    """Yield fast, forgetful servers in a new temporary folder, from a prepared cluster when one is given."""
    sweep_abandoned()
    folder = Path(tempfile.mkdtemp(prefix=THROWN_AWAY, dir=_memory_folder()))
    lock = take_lock(folder)
    folder.chmod(0o711)  # the database's own account passes through; its subfolders are closed
    os.environ.pop("DATABASE_URL", None)
    os.environ.pop("REDIS_URL", None)
    servers = LocalServers(folder, durable=False)
    try:
        if prepared and servers.postgres:
            copy_cluster(prepared, servers.postgres.data)
        servers.start()
        yield servers
    finally:
        servers.stop()
        shutil.rmtree(folder, ignore_errors=True)
        if lock:
            lock.close()
        if servers.postgres:
            shutil.rmtree(servers.postgres.sockets.parent, ignore_errors=True)


def sweep_abandoned() -> None:
    """Remove the folders of runs that were killed: theirs is no longer locked."""
    for path in Path(_memory_folder() or tempfile.gettempdir()).glob(f"{THROWN_AWAY}*"):
        with suppress(OSError):
            if path.stat().st_uid == os.geteuid() and time.time() - path.stat().st_mtime > 120:
                lock = take_lock(path)
                if lock:
                    shutil.rmtree(path, ignore_errors=True)
                    lock.close()


def _memory_folder() -> str | None:
    """Return a folder in memory with room to spare: copying a database there takes a tenth of the time."""
    shared = "/dev/shm"  # noqa: S108 - the folder made in it is private
    try:
        facts = os.statvfs(shared)
    except OSError:
        return None
    roomy = facts.f_bavail * facts.f_frsize > MEMORY_WANTED
    return shared if roomy and os.access(shared, os.W_OK | os.X_OK) else None


def copy_cluster(source: Path, target: Path) -> None:
    """Copy a stopped cluster, owner and modes included; the result is complete or absent."""
    draft = target.with_name(f"{target.name}.copy-{os.getpid()}")
    shutil.copytree(source, draft, symlinks=True)
    for path in [draft, *draft.rglob("*")]:
        original = source / path.relative_to(draft)
        facts = original.lstat()
        if os.geteuid() == 0:
            os.chown(path, facts.st_uid, facts.st_gid, follow_symlinks=False)
    try:
        draft.rename(target)
    except OSError:  # somebody else's copy is already there
        shutil.rmtree(draft, ignore_errors=True)


def template_name() -> str:
    """Return the name of the migrated database that test databases are copied from."""
    return f"{DATABASE}_template"
