"""Every address a template names exists: `{% url … as x %}` is silent about a misspelt one, and a button just never shows."""

import re

from tests.access.routes import all_routes
from tests.architecture.source import ROOT

NAMED = re.compile(r"""\{% url ['"]([\w:.-]+)['"]""")


def unknown(text: str) -> set[str]:
    known = {route.name for route in all_routes()}
    return set(NAMED.findall(text)) - known


def test_templates_name_only_addresses_that_exist():
    found = {
        str(path.relative_to(ROOT)): names
        for path in sorted((ROOT / "templates").rglob("*.html"))
        if (names := unknown(path.read_text(encoding="utf-8")))
    }
    assert not found


def test_the_check_can_fail():
    assert unknown('{% url "service:ticket_nothing" as address %}') == {"service:ticket_nothing"}


def test_templates_ask_only_permissions_that_exist():
    """A misspelt code in `{% can %}` is a permission nobody has: the button would just never show."""
    from accounts.matrix import BY_CODE

    asked = re.compile(r"""\{% can \S+ ['"]([\w.]+)['"]""")
    texts = {path: path.read_text(encoding="utf-8") for path in (ROOT / "templates").rglob("*.html")}
    found = {(path.name, code) for path, text in texts.items() for code in asked.findall(text)}
    assert len(found) > 20
    assert not {(name, code) for name, code in found if code not in BY_CODE}
