"""`./impeller up`: starts servers, web, worker and beat in order, watches them, and stops them in reverse order.

Knows no Django: each part is a child process that dies with this one.
"""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from config import catalogues
from config.embedded import spawn, stop_process, tail
from config.local_servers import (
    LOGINS_FILE,
    ROOT,
    LocalServers,
    clear_state,
    read_state,
    take_lock,
    write_state,
)

PORTS_TRIED = 50
WEB_SECONDS = 60
RESTARTS = 3  # of one part within a minute
DEAF_SECONDS = 150
# Stopped in this order, one after the other, each with its time to finish what it is doing.
STOP_ORDER = (("web", 25), ("beat", 5), ("worker", 25))


class StartError(RuntimeError):
    """Something did not start; the text says what and where to look."""


class Supervisor:
    """One running installation for one DATA_DIR."""

    def __init__(self, folder: Path, *, demo: bool) -> None:
        self.folder = folder
        self.demo = demo
        self.logs = folder / "log"
        self.children: dict[str, subprocess.Popen[bytes]] = {}
        self.servers: LocalServers | None = None
        self.stopping = False
        self.began = time.monotonic()
        self.host = os.environ.get("HOST", "127.0.0.1")
        self.web_socket: socket.socket | None = None
        self.address = ""
        self.parts: dict[str, Part] = {}

    def run(self) -> int:
        """Start, serve until a signal or a child's death, stop; return the exit code."""
        lock = take_lock(self.folder)
        if lock is None:
            where = read_state(self.folder).get("URL", "")
            say(
                f"✗ 这个数据目录已经在运行 {where}\n  This DATA_DIR is already in use by a running Impeller. {where}"
            )
            return 1
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._ask_to_stop)
        code = 0
        try:
            self._start()
            code = self._watch()
        except KeyboardInterrupt:
            say("  停止 … stopping")
        except Exception as error:  # whatever it is, nothing may stay behind
            code = 1
            say(f"✗ {error}")
        finally:
            self._stop()
            lock.close()
        return code

    def _ask_to_stop(self, number: int, frame: FrameType | None) -> None:
        """Stop soon; a second Ctrl-C does not cut an orderly stop short."""
        if not self.stopping:
            self.stopping = True
            raise KeyboardInterrupt

    # --- Start ----------------------------------------------------------------------------------------------------

    def _start(self) -> None:
        self.web_socket, port = self._bind()
        self.address = f"http://{self._reached_at()}:{port}"
        self.servers = LocalServers(self.folder)
        env = self._environment(port)
        self.parts = parts_of(self.folder, env, self.web_socket.fileno(), demo=self.demo)
        say("· 准备数据库与浏览器文件 … preparing the database and the browser files")
        catalogues.compile_all()  # before anything imports words
        (self.logs / "bootstrap.log").unlink(missing_ok=True)
        servers_run = self._spawn_behind_gate("bootstrap")
        self.servers.start()
        os.close(servers_run)
        write_state(self.folder, {**self.servers.urls(), "URL": env["BASE_URL"]})
        prepared = self._spawn_web_behind_gate()
        self._await_bootstrap()
        os.close(prepared)
        self._await_web()
        for name in ("worker", "beat"):
            self._spawn(name)
        self._announce(env["BASE_URL"])

    def _spawn(self, name: str, **handed_over: int) -> None:
        """Start a part; the web gets our socket, and open files by the name of a variable that tells their number."""
        part = self.parts[name]
        files = [self.web_socket.fileno()] if name == "web" and self.web_socket else []
        files += handed_over.values()
        env = part.env | {variable: str(number) for variable, number in handed_over.items()}
        self.children[name] = spawn(
            part.command, self.logs / f"{name}.log", env=env, cwd=ROOT, pass_fds=files
        )

    def _bind(self) -> tuple[socket.socket, int]:
        """Take the port ourselves and hand it over: looking first and binding later lets another server slip in."""
        wanted = int(os.environ.get("PORT") or 8000)
        for port in range(wanted, wanted + PORTS_TRIED):
            family = socket.AF_INET6 if ":" in self.host else socket.AF_INET
            candidate = socket.socket(family, socket.SOCK_STREAM)
            candidate.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                candidate.bind((self.host, port))
                candidate.listen()  # before that, two starts could both hold the port
            except OSError:
                candidate.close()
                continue
            if port != wanted:
                say(f"· 端口 {wanted} 已被占用，改用 {port} … port {wanted} is taken, using {port}")
            return candidate, port
        raise StartError(f"端口 {wanted}–{port} 都被占用。 Ports {wanted}–{port} are all taken; set PORT.")

    def _reached_at(self) -> str:
        """Return the host part under which this machine reaches the web server."""
        if self.host in {"0.0.0.0", "::"}:  # noqa: S104 - compared, not bound
            return "127.0.0.1"
        return f"[{self.host}]" if ":" in self.host else self.host

    def _environment(self, port: int) -> dict[str, str]:
        defaults = {"DJANGO_SETTINGS_MODULE": "config.settings.dev", "BASE_URL": self.address}
        fixed = {"DATA_DIR": str(self.folder), "PORT": str(port), "DEMO": "1" if self.demo else "0"}
        urls = self.servers.urls() if self.servers else {}
        return defaults | os.environ | fixed | urls

    def _spawn_behind_gate(self, name: str) -> int:
        """Start a part which imports the product meanwhile, and goes on when the returned pipe is closed."""
        waiting, gate = os.pipe()
        self._spawn(name, GATE=waiting)
        os.close(waiting)
        return gate

    def _await_bootstrap(self) -> None:
        log = self.logs / "bootstrap.log"
        if self.children["bootstrap"].wait():
            raise StartError(f"准备失败。 Preparing the database failed, see {log}:\n{tail(log, 25)}")
        del self.children["bootstrap"]

    def _spawn_web_behind_gate(self) -> int:
        """Start gunicorn on our socket, to serve when the returned pipe is closed."""
        figures = self.folder / "metrics"  # where the web processes share what they counted, since this start
        shutil.rmtree(figures, ignore_errors=True)
        figures.mkdir()
        return self._spawn_behind_gate("web")

    def _await_web(self) -> None:
        """Wait for our own /healthz; only then come the jobs, so they do not slow it."""
        deadline = time.monotonic() + WEB_SECONDS
        while ask(f"{self.address}/healthz").status != 200:
            if self.children["web"].poll() is not None or time.monotonic() > deadline:
                log = tail(self.logs / "web.log", 25)
                raise StartError(f"网页服务没有启动。 The web server did not start:\n{log}")
            time.sleep(0.05)

    def _announce(self, url: str) -> None:
        say(f"\n  Impeller 叶轮 ▸ {url}    （{time.monotonic() - self.began:.1f} s，Ctrl-C 停止 / stops）\n")
        logins = self.folder / LOGINS_FILE
        if self.demo and logins.exists():
            say(
                logins.read_text(encoding="utf-8")
                + "    全部登录见登录页 … all of them are on the sign-in page\n"
            )

    # --- Watch and stop -------------------------------------------------------------------------------------------

    def _watch(self) -> int:
        """Wait, starting again what died: a lost worker must not stop reminders, nor a lost broker the pages.

        A part that dies for the fourth time within a minute ends all, because half a system looks like a whole one.
        """
        deaths: dict[str, list[float]] = {}
        asked = deaf_since = time.monotonic()
        while True:
            for name, child in self._everything().items():
                if child.poll() is None:
                    continue
                now = time.monotonic()
                recent = deaths[name] = [at for at in deaths.get(name, []) if now - at < 60] + [now]
                say(f"✗ {name} 意外停止 … {name} ended ({child.returncode})")
                if len(recent) > RESTARTS:
                    say(tail(self.logs / f"{name}.log", 25))
                    return 1
                self._revive(name, child)
            now = time.monotonic()
            if now - asked > 30:
                asked = now
                deaf_since = deaf_since if self._sweeps_are_late() else now
                if now - deaf_since > DEAF_SECONDS:
                    say("✗ 后台任务没有动静，重新启动 … jobs are silent, starting worker and beat again")
                    for name in ("beat", "worker"):
                        stop_process(self.children[name], signal.SIGTERM, 20)
                        self._spawn(name)
                    deaf_since = now
            time.sleep(0.5)

    def _revive(self, name: str, dead: subprocess.Popen[bytes]) -> None:
        """Start a part again, after ending what it left behind in its session."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(dead.pid, signal.SIGKILL)
        say(f"· 重新启动 … starting {name} again")
        if name in self.parts:
            self._spawn(name)
        else:
            getattr(self.servers, name).start()

    def _sweeps_are_late(self) -> bool:
        """Tell whether readiness names the sweep: worker and beat may live and yet do nothing."""
        answer = ask(f"{self.address}/readyz")
        return answer.status == 503 and b'"sweep"' in answer.body.split(b'"parts"')[0]

    def _everything(self) -> dict[str, subprocess.Popen[bytes]]:
        found = dict(self.children)
        for name in ("postgres", "valkey"):
            server = getattr(self.servers, name, None)
            if server is not None and server.process is not None:
                found[name] = server.process
        return found

    def _stop(self) -> None:
        self.stopping = True
        if self.web_socket:
            self.web_socket.close()
        stop_process(self.children.get("bootstrap"), signal.SIGTERM, 10)
        for name, seconds in STOP_ORDER:
            stop_process(self.children.get(name), signal.SIGTERM, seconds)
        if self.servers:
            self.servers.stop()
        clear_state(self.folder)


@dataclass(frozen=True)
class Part:
    """A child process of ours: its command and environment."""

    command: list[str]
    env: dict[str, str]


def parts_of(folder: Path, env: dict[str, str], web_socket: int, *, demo: bool) -> dict[str, Part]:
    """Return what prepares all, and the web server, worker and beat as they are started, and started again."""
    web = f"gunicorn config.wsgi:application --config config/gunicorn.py --bind fd://{web_socket}".split()
    celery = "celery -A config.celery --quiet"
    worker = f"{celery} worker --concurrency 2 --queues default,mail,import --hostname impeller@%h"
    worker += " --without-gossip --without-mingle --loglevel INFO"
    beat = [*f"{celery} beat --pidfile= --loglevel INFO --schedule".split(), str(folder / "beat-schedule")]
    counted = {"PROMETHEUS_MULTIPROC_DIR": str(folder / "metrics")}
    python = [sys.executable, "-m"]
    bootstrap = [sys.executable, "manage.py", "bootstrap", *(["--demo"] if demo else [])]
    return {
        "bootstrap": Part(bootstrap, env),
        "web": Part([*python, *web], env | counted),
        "worker": Part([*python, *worker.split()], env),
        "beat": Part([*python, *beat], env),
    }


@dataclass(frozen=True)
class Answer:
    """What our own web server said; status 0 when it said nothing."""

    status: int
    body: bytes = b""


def ask(address: str) -> Answer:
    """Ask our own web server, never through a proxy of the environment."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(address, timeout=5) as response:
            return Answer(response.status, response.read())
    except urllib.error.HTTPError as error:
        return Answer(error.code, error.read())
    except OSError:
        return Answer(0)


def say(text: str) -> None:
    """Tell the person at the terminal."""
    print(text, file=sys.stderr, flush=True)
