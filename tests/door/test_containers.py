"""The container files' own commands, run without an engine: roles, migration, web, worker and their health checks."""

import os
import re
import shlex
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest
import yaml

from config.embedded import Postgres, postgres_binaries
from config.env import new_field_keys, new_secret_key
from config.local_servers import ROOT, LocalServers

pytestmark = pytest.mark.door
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
BIN = Path(sys.executable).parent


def test_every_part_has_a_health_check_and_comes_back() -> None:
    services = COMPOSE["services"]
    assert set(services) == {"proxy", "web", "worker", "beat", "migrate", "db", "valkey"}
    for name, service in services.items():
        if name != "migrate":
            assert service["restart"] == "unless-stopped", name
            assert service["healthcheck"]["test"], name
    assert "--builtin-locale=C.UTF-8 " in services["db"]["environment"]["POSTGRES_INITDB_ARGS"] + " "
    assert "noeviction" in services["valkey"]["command"]


def test_the_database_is_made_as_the_local_one_is() -> None:
    """The locale trap (stack): both ways of making a cluster use the same options."""
    options = COMPOSE["services"]["db"]["environment"]["POSTGRES_INITDB_ARGS"].split()
    made_locally = (ROOT / "config" / "embedded.py").read_text(encoding="utf-8")
    assert all(option in made_locally for option in options)


@pytest.fixture(scope="module")
def production(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """Yield the environment of a container: two roles made by the image's own script, migrated, static published."""
    folder = tmp_path_factory.mktemp("production")
    for parent in [folder, *folder.parents][:3]:
        parent.chmod(0o755)
    saved = {name: os.environ.pop(name) for name in ("DATABASE_URL", "REDIS_URL")}
    servers = LocalServers(folder, durable=False)
    os.environ.update(saved)
    assert servers.postgres
    assert servers.valkey
    servers.postgres.create()
    servers.postgres.start()
    servers.valkey.start()
    try:
        make_roles(servers.postgres)
        env = {name: os.environ[name] for name in ("PATH", "HOME", "PYTHONPATH") if name in os.environ}
        env |= {
            "BASE_URL": "https://crm.example.com",
            "SECRET_KEY": new_secret_key(),
            "FIELD_KEYS": new_field_keys(),
            "DATABASE_URL": servers.postgres.url(),
            "MIGRATION_DATABASE_URL": servers.postgres.url("impeller_owner"),
            "REDIS_URL": servers.valkey.url(),
            "TRUSTED_PROXIES": "127.0.0.1",
            "DATA_DIR": str(folder / "data"),
            "STATIC_ROOT": str(folder / "static"),
        }
        manage = [sys.executable, "manage.py"]
        build = env | {"DJANGO_SETTINGS_MODULE": "config.settings.dev"}
        subprocess.run([*manage, "publish_static"], cwd=ROOT, env=build, check=True)
        env["DJANGO_SETTINGS_MODULE"] = "config.settings.production"
        migrate = COMPOSE["services"]["migrate"]["command"].split()[1:]
        subprocess.run([sys.executable, *migrate, "-v", "0"], cwd=ROOT, env=env, check=True)
        yield env
    finally:
        servers.stop()


def make_roles(postgres: Postgres) -> None:
    """Run the database container's start-up script against the local server."""
    psql = os.environ | {
        "PATH": f"{postgres_binaries()}:{os.environ['PATH']}",
        "POSTGRES_USER": "postgres",
        "PGHOST": str(postgres.sockets),
        "DB_OWNER_PASSWORD": 'owner\'s "word"',
        "DB_APP_PASSWORD": "app",
    }
    subprocess.run(
        ["sh", str(ROOT / "deploy/postgres/10-roles.sh")], env=psql, check=True, stdout=subprocess.DEVNULL
    )


def test_the_products_role_is_the_lesser_one(production: dict[str, str]) -> None:
    with psycopg2.connect(production["DATABASE_URL"]) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM core_auditentry")
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            cursor.execute("DELETE FROM core_auditentry")


def test_the_web_serves_only_https_behind_its_proxy(production: dict[str, str], tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = image_command()
    command[command.index("0.0.0.0:8000")] = f"127.0.0.1:{port}"
    with (tmp_path / "web.log").open("w") as log:
        web = subprocess.Popen([str(BIN / command[0]), *command[1:]], cwd=ROOT, env=production, stderr=log)
    try:
        probe = shlex.join(COMPOSE["services"]["web"]["healthcheck"]["test"][1:]).replace(":8000", f":{port}")
        for _ in range(100):
            if (
                subprocess.run(
                    [str(BIN / "python"), *shlex.split(probe)[1:]], cwd=ROOT, env=production
                ).returncode
                == 0
            ):
                break
            time.sleep(0.2)
        else:
            raise AssertionError((tmp_path / "web.log").read_text())
        proxied = {"Host": "crm.example.com", "X-Forwarded-For": "203.0.113.9"}
        plain = fetch(port, "/accounts/login/", proxied | {"X-Forwarded-Proto": "http"})
        assert (plain.status, plain.headers["Location"]) == (301, "https://crm.example.com/accounts/login/")
        page = fetch(port, "/accounts/login/", proxied | {"X-Forwarded-Proto": "https"})
        assert page.status == 200
        assert page.headers["Strict-Transport-Security"] == "max-age=31536000"
        assert "Secure" in page.headers["Set-Cookie"]
        assert "script-src 'self'" in page.headers["Content-Security-Policy"]
        assert "unsafe" not in page.headers["Content-Security-Policy"]
        body = page.read().decode()
        assert "impeller-demo" not in body
        style = re.search(r'href="(/static/[^"]+\.css)"', body)
        assert style
        assert fetch(port, style[1], proxied | {"X-Forwarded-Proto": "https"}).status == 200
        assert fetch(port, "/metrics", proxied | {"X-Forwarded-Proto": "https"}).status == 404
        assert fetch(port, "/", {"Host": "evil.example.com", "X-Forwarded-Proto": "https"}).status == 400
    finally:
        web.terminate()
        web.wait(30)


def image_command() -> list[str]:
    """Return the Dockerfile's own CMD."""
    line = next(one for one in (ROOT / "Dockerfile").read_text().splitlines() if one.startswith("CMD "))
    return list(yaml.safe_load(line.removeprefix("CMD ")))


class NoRedirect(urllib.request.HTTPRedirectHandler):
    """Shows redirects instead of following them."""

    def redirect_request(self, *args: object) -> None:
        return None


def fetch(port: int, path: str, headers: dict[str, str]):
    """Ask the web server as a proxy would."""
    opener = urllib.request.build_opener(NoRedirect, urllib.request.ProxyHandler({}))
    try:
        return opener.open(
            urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers=headers), timeout=10
        )
    except urllib.error.HTTPError as error:
        return error


def test_worker_and_beat_start_by_their_own_commands(production: dict[str, str], tmp_path: Path) -> None:
    started = []
    try:
        for name in ("worker", "beat"):
            command = (
                COMPOSE["services"][name]["command"]
                .replace("/tmp/beat-schedule", str(tmp_path / "beat"))
                .split()
            )
            with (tmp_path / f"{name}.log").open("w") as log:
                process = subprocess.Popen(
                    [str(BIN / command[0]), *command[1:], "--loglevel", "INFO"],
                    cwd=ROOT, env=production, stdout=log, stderr=subprocess.STDOUT,
                )  # fmt: skip
            started.append(process)
        swept = re.compile(r"Task core\.run_scan\S+ succeeded")
        for _ in range(150):
            if swept.search((tmp_path / "worker.log").read_text()):
                break
            time.sleep(0.3)
        else:
            raise AssertionError((tmp_path / "worker.log").read_text() + (tmp_path / "beat.log").read_text())
        ping = ["-A", "config.celery", "inspect", "ping", "--timeout", "10"]
        done = subprocess.run(
            [str(BIN / "celery"), *ping], cwd=ROOT, env=production, capture_output=True, text=True
        )
        assert "pong" in done.stdout
    finally:
        for process in started:
            process.terminate()
        for process in started:
            process.wait(60)
