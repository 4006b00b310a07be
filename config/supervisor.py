"""`./impeller up`: starts servers, web, worker and beat in order, watches them, and stops them in reverse order.

Knows no Django: each part is a child process that dies with this one.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from types import FrameType

from config import assets
from config.demo import LOGINS, SHOWN_FIRST
from config.embedded import spawn, stop_process, tail
from config.local_servers import ROOT, LocalServers, clear_state, read_state, take_lock, write_state

PORTS_TRIED = 50
WEB_SECONDS = 60
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
        web_socket, port = self._bind()
        self.servers = LocalServers(self.folder)
        fetch = self._fetch_assets()
        self.servers.start()
        env = self._environment(port)
        write_state(self.folder, {**self.servers.urls(), "URL": env["BASE_URL"]})
        if fetch is not None and fetch.wait():
            raise StartError(
                f"浏览器文件下载失败。 Fetching the browser files failed:\n{tail(self.logs / 'assets.log')}"
            )
        self._bootstrap(env)
        self._start_web(env, web_socket)
        self._start_jobs(env)
        self._announce(env["BASE_URL"])

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

    def _environment(self, port: int) -> dict[str, str]:
        shown = "127.0.0.1" if self.host in {"0.0.0.0", "::"} else self.host  # noqa: S104 - compared, not bound
        defaults = {"DJANGO_SETTINGS_MODULE": "config.settings.dev", "BASE_URL": f"http://{shown}:{port}"}
        fixed = {"DATA_DIR": str(self.folder), "PORT": str(port), "DEMO": "1" if self.demo else "0"}
        urls = self.servers.urls() if self.servers else {}
        return defaults | os.environ | fixed | urls

    def _fetch_assets(self) -> subprocess.Popen[bytes] | None:
        """Fetch browser files beside the start of the database; both wait mostly for others."""
        if assets.is_current():
            return None
        say("· 下载浏览器文件 … fetching browser files")
        code = "from config import assets; assets.build()"
        return spawn([sys.executable, "-c", code], self.logs / "assets.log", env=dict(os.environ), cwd=ROOT)

    def _bootstrap(self, env: dict[str, str]) -> None:
        log = self.logs / "bootstrap.log"
        log.unlink(missing_ok=True)
        say("· 准备数据库 … preparing the database")
        command = [sys.executable, "manage.py", "bootstrap", *(["--demo"] if self.demo else [])]
        child = self.children["bootstrap"] = spawn(command, log, env=env, cwd=ROOT)
        if child.wait():
            raise StartError(f"准备失败。 Preparing the database failed, see {log}:\n{tail(log, 25)}")
        del self.children["bootstrap"]

    def _start_web(self, env: dict[str, str], web_socket: socket.socket) -> None:
        """Start gunicorn on our socket and wait for its own /healthz; only then the jobs, so they do not slow it."""
        number = web_socket.fileno()
        figures = self.folder / "metrics"  # where the web processes share what they counted, since this start
        shutil.rmtree(figures, ignore_errors=True)
        figures.mkdir()
        env = env | {"PROMETHEUS_MULTIPROC_DIR": str(figures)}
        command = [sys.executable, "-m", "gunicorn", "config.wsgi:application", "--bind", f"fd://{number}"]
        command += ["--worker-class", "gthread", "--workers", "2", "--threads", "4", "--no-control-socket"]
        command += ["--timeout", "60", "--graceful-timeout", "15", "--forwarded-allow-ips", ""]
        command += ["--max-requests", "20000", "--max-requests-jitter", "2000"]
        command += ["--reload"] if env.get("DEBUG") else ["--preload"]
        self.children["web"] = spawn(command, self.logs / "web.log", env=env, cwd=ROOT, pass_fds=[number])
        web_socket.close()
        address = f"http://127.0.0.1:{env['PORT']}/healthz"
        if self.host not in {"0.0.0.0", "127.0.0.1", "localhost"}:  # noqa: S104
            address = f"http://{f'[{self.host}]' if ':' in self.host else self.host}:{env['PORT']}/healthz"
        deadline = time.monotonic() + WEB_SECONDS
        while not answers(address):
            if self.children["web"].poll() is not None or time.monotonic() > deadline:
                raise StartError(
                    f"网页服务没有启动。 The web server did not start:\n{tail(self.logs / 'web.log', 25)}"
                )
            time.sleep(0.05)

    def _start_jobs(self, env: dict[str, str]) -> None:
        celery = [sys.executable, "-m", "celery", "-A", "config.celery"]
        worker = [
            *celery,
            "worker",
            "--concurrency",
            "2",
            "--queues",
            "default,mail,import",
            "--hostname",
            "impeller@%h",
        ]
        worker += ["--without-gossip", "--without-mingle", "--loglevel", "INFO"]
        beat = [
            *celery,
            "beat",
            "--schedule",
            str(self.folder / "beat-schedule"),
            "--pidfile=",
            "--loglevel",
            "INFO",
        ]
        self.children["worker"] = spawn(worker, self.logs / "worker.log", env=env, cwd=ROOT)
        self.children["beat"] = spawn(beat, self.logs / "beat.log", env=env, cwd=ROOT)

    def _announce(self, url: str) -> None:
        say(f"\n  Impeller 叶轮 ▸ {url}    （{time.monotonic() - self.began:.1f} s，Ctrl-C 停止 / stops）\n")
        if self.demo:
            from config.demo import PASSWORD

            say(f"  演示登录 demo logins，密码 password: {PASSWORD}")
            for login in LOGINS:
                if login.name in SHOWN_FIRST:
                    say(f"    {login.name:<5} {login.place_zh} · {login.place_en}")
            say("    全部登录见登录页 … all of them are on the sign-in page\n")

    # --- Watch and stop -------------------------------------------------------------------------------------------

    def _watch(self) -> int:
        """Wait; any child's death ends all, because half a system looks like a whole one."""
        while True:
            for name, child in self._everything().items():
                if child.poll() is not None:
                    say(
                        f"✗ {name} 意外停止 … {name} ended ({child.returncode}):\n{tail(self.logs / f'{name}.log')}"
                    )
                    return 1
            time.sleep(0.5)

    def _everything(self) -> dict[str, subprocess.Popen[bytes]]:
        found = dict(self.children)
        for name in ("postgres", "valkey"):
            server = getattr(self.servers, name, None)
            if server is not None and server.process is not None:
                found[name] = server.process
        return found

    def _stop(self) -> None:
        self.stopping = True
        stop_process(self.children.get("bootstrap"), signal.SIGTERM, 10)
        for name, seconds in STOP_ORDER:
            stop_process(self.children.get(name), signal.SIGTERM, seconds)
        if self.servers:
            self.servers.stop()
        clear_state(self.folder)


def answers(address: str) -> bool:
    """Tell whether our own web server says 200 here."""
    try:
        with urllib.request.urlopen(address, timeout=5) as response:  # noqa: S310 - our own http address
            return bool(response.status == 200)
    except (OSError, urllib.error.URLError):
        return False


def say(text: str) -> None:
    """Tell the person at the terminal."""
    print(text, file=sys.stderr, flush=True)
