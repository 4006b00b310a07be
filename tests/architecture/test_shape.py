"""Files, functions (signature and docstring aside) and tasks stay short, every module says what it is for, and names can be guessed."""

import ast
from collections.abc import Iterator

import pytest

from tests.architecture.source import ROOT, Module, body_of, dotted, functions, modules

FILE_LINES, FUNCTION_LINES, TASK_STATEMENTS = 600, 40, 10
# Tables are data written down: long by nature, without logic.
TABLES = ("accounts/rights/", "accounts/matrix.py", "core/gallery.py")


def too_long(module: Module) -> Iterator[str]:
    lines = module.text.count("\n")
    if lines > FILE_LINES:
        yield f"{module.path} has {lines} lines"
    for function in functions(module.tree):
        length = (function.end_lineno or 0) - body_of(function)[0].lineno + 1 if body_of(function) else 0
        if length > FUNCTION_LINES:
            yield f"{module.path}:{function.lineno} {function.name} has {length} lines"


def fat_tasks(module: Module) -> Iterator[str]:
    for function in functions(module.tree):
        if any("shared_task" in dotted(decorator) for decorator in function.decorator_list) and (
            len(body_of(function)) > TASK_STATEMENTS
        ):
            yield f"{module.path}:{function.lineno} {function.name} does more than call an operation"


def undocumented(module: Module) -> Iterator[str]:
    if module.text.strip() and not ast.get_docstring(module.tree):
        yield f"{module.path} does not say what belongs in it"


@pytest.mark.parametrize("check", [too_long, fat_tasks, undocumented])
def test_every_module_keeps_the_shape(check):
    findings = [what for module in modules() if not module.path.startswith(TABLES) for what in check(module)]
    assert not findings, "\n".join(findings)


@pytest.mark.parametrize(
    ("check", "text"),
    [
        (too_long, "x = 1\n" * 700),
        (too_long, "def f():\n" + "    x = 1\n" * 60),
        (fat_tasks, "@shared_task()\ndef f():\n" + "    x = 1\n" * 12),
        (undocumented, "x = 1\n"),
    ],
)
def test_the_check_can_fail(check, text):
    assert list(check(Module("crm/sample.py", text)))


def test_no_empty_modules():
    empty = [module.path for module in modules() if not module.text.strip() and module.name != "__init__"]
    assert not empty


def test_templates_carry_no_inline_code():
    """A strict content policy would ignore inline scripts and styles: what is written there would silently not work."""
    findings = []
    for path in sorted((ROOT / "templates").rglob("*.html")):
        text = path.read_text(encoding="utf-8").lower()
        for word in (" style=", "<style", "onclick=", "onchange=", "onsubmit=", "javascript:", "hx-on"):
            if word in text:
                findings.append(f"{path.relative_to(ROOT)}: {word.strip()}")
        if "<script" in text.replace('<script type="module" src=', "").replace("<script src=", "").replace(
            "<script defer src=", ""
        ).replace('<script type="application/json"', ""):
            findings.append(f"{path.relative_to(ROOT)}: inline script")
    assert not findings, "\n".join(findings)
