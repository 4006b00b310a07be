"""`./impeller test`: pytest on throw-away servers, from a migrated cluster kept between runs by its migrations' hash."""

import hashlib
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from config import catalogues, chromium
from config.embedded import OWNER, EmbeddedError, die_with_parent
from config.local_servers import ROOT, LocalServers, copy_cluster, template_name, throw_away_servers

CACHE = ROOT / "build" / "test-clusters"
KEPT = 3
SEEDS = re.compile(
    r"^\s*from (\w+)\.(\w+) import", re.MULTILINE
)  # where data migrations take their rows from


def cluster_key() -> str:
    """Return the hash of everything that decides what a migrated database looks like."""
    digest = hashlib.sha256()
    migrations = sorted(ROOT.glob("*/migrations/*.py"))
    used = {found for path in migrations for found in SEEDS.findall(path.read_text(encoding="utf-8"))}
    files = [*migrations, ROOT / "requirements.lock", ROOT / "config" / "embedded.py"]
    files += [ROOT / app / f"{module}.py" for app, module in sorted(used)]
    for path in files:
        if path.exists():
            digest.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    return digest.hexdigest()[:20]


def environment(servers: LocalServers, database: str = "impeller") -> dict[str, str]:
    """Return the environment of the test process: the schema's owner, because tests make and empty tables."""
    if servers.postgres is None or servers.valkey is None:
        raise EmbeddedError("tests run on their own servers only")
    owner = servers.postgres.url(OWNER, database)
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": "config.settings.test",
        "DATABASE_URL": owner,
        "MIGRATION_DATABASE_URL": owner,
        "REDIS_URL": servers.valkey.url(),
        "DATA_DIR": str(servers.folder / "data"),
        "IMPELLER_TEST_TEMPLATE": template_name(),
        "PYTHONDONTWRITEBYTECODE": "",
    }


def prepared_cluster() -> Path:
    """Return a stopped cluster holding the migrated template database, made when the migrations have changed."""
    target = CACHE / cluster_key()
    if target.exists():
        os.utime(target)
        return target
    CACHE.mkdir(parents=True, exist_ok=True)
    with throw_away_servers() as servers:
        if servers.postgres is None:
            raise EmbeddedError("no local PostgreSQL")
        servers.postgres.query(f"CREATE DATABASE {template_name()} OWNER {OWNER}")
        command = [sys.executable, "manage.py", "migrate", "--skip-checks", "--verbosity", "0"]
        subprocess.run(command, cwd=ROOT, env=environment(servers, template_name()), check=True)
        servers.stop()
        copy_cluster(servers.postgres.data, target)
    for old in sorted(CACHE.iterdir(), key=lambda path: path.stat().st_mtime)[:-KEPT]:
        shutil.rmtree(old, ignore_errors=True)
    return target


def run_tests(arguments: Sequence[str]) -> int:
    """Run pytest with these arguments on fresh servers; return its exit code."""
    catalogues.compile_all()
    try:
        prepared = prepared_cluster()
    except subprocess.CalledProcessError as error:
        return error.returncode
    with throw_away_servers(prepared) as servers:
        if servers.postgres is None:
            raise EmbeddedError("no local PostgreSQL")
        servers.postgres.query(f"CREATE DATABASE test_impeller OWNER {OWNER} TEMPLATE {template_name()}")
        command = [sys.executable, "-m", "pytest", *arguments]
        process = subprocess.Popen(command, cwd=ROOT, env=environment(servers), preexec_fn=die_with_parent())
        code = wait_through_interrupts(process)
    if hint := chromium.hint():
        print(hint, file=sys.stderr)
    return code


def wait_through_interrupts(process: subprocess.Popen[bytes]) -> int:
    """Wait for a child that shares our terminal: Ctrl-C reaches it too, and it ends in its own way."""
    previous = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        return process.wait()
    finally:
        signal.signal(signal.SIGINT, previous)
        if process.poll() is None:
            process.terminate()
            process.wait(30)
