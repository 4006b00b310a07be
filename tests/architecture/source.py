"""The product's own source as parsed trees, for the tests that keep the house clean."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FLOORS = [
    "core",
    "accounts",
    "training",
    "crm",
    "projects",
    "service",
    "complaints",
    "surveys",
    "kpi",
    "config",
]
FACES = {
    *("views", "viewsets", "api", "public_views", "urls", "templatetags", "middleware", "context"),
    *(
        "my_day",
        "gallery",
        "navigation",
        "adapters",
        "second_factor",
        "throttle",
        "backends",
        "form_renderer",
    ),
}


@dataclass(frozen=True)
class Module:
    """One source file: where it is, its words and its tree."""

    path: str
    text: str

    @property
    def tree(self) -> ast.Module:
        return _parse(self.text)

    @property
    def app(self) -> str:
        return self.path.split("/")[0]

    @property
    def name(self) -> str:
        return self.path.rsplit("/", 1)[-1].removesuffix(".py")

    @property
    def is_face(self) -> bool:
        """Pages, API and the frame around them: what may know requests."""
        parts = self.path.removesuffix(".py").split("/")
        return any(part in FACES or part.endswith(("_views", "_viewsets")) for part in parts)

    @property
    def is_command(self) -> bool:
        return "/management/" in self.path


@cache
def _parse(text: str) -> ast.Module:
    return ast.parse(text)


@cache
def modules() -> tuple[Module, ...]:
    """Every Python file of the product's apps, migrations left out."""
    found = []
    for app in FLOORS:
        for path in sorted((ROOT / app).rglob("*.py")):
            relative = path.relative_to(ROOT).as_posix()
            if "/migrations/" not in relative:
                found.append(Module(relative, path.read_text(encoding="utf-8")))
    return tuple(found)


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function and method in a tree."""
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield node


def body_of(function: ast.FunctionDef | ast.AsyncFunctionDef) -> list[ast.stmt]:
    """A function's statements without its docstring."""
    first = function.body[0]
    documented = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    return function.body[1:] if documented else function.body


def imported(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Every imported module name with its line."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, node.lineno
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            yield node.module, node.lineno
            for alias in node.names:
                yield f"{node.module}.{alias.name}", node.lineno


def dotted(node: ast.AST) -> str:
    """`a.b.c` of an attribute chain; calls inside are shown as `()`."""
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    if isinstance(node, ast.Call):
        return f"{dotted(node.func)}()"
    return node.id if isinstance(node, ast.Name) else "?"
