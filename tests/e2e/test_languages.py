"""No Chinese in English pages and no English label in Chinese ones, outside data: every page of the product is read."""

import re
from typing import Any

import pytest

from accounts.models import User
from tests.access.conftest import *  # noqa: F403 - the demo company
from tests.access.routes import Route, all_routes
from tests.e2e.reading import Data, pieces_of

pytestmark = pytest.mark.django_db
READERS = ("ex1", "sv1", "dp1", "pm1", "ae1", "bm1", "am1", "co1", "ad1", "dm_prd")
ROWS = 2  # rows of a model whose pages are read, so that several states are met
HAN = re.compile(r"[\u4e00-\u9fff]")
WORD = re.compile(r"[A-Za-z]{3,}")
NOT_WORDS = re.compile(r"\b[A-Z]{2,4}-[\w-]+|\S+@\S+|https?://\S+|/\w+/\S*|\b[\w-]+\.(csv|xlsx|po|pdf|txt)\b")
FOREIGN = {"en": HAN, "zh-hans": WORD}
ALLOWED = {
    "en": {"简体中文", "中文", "叶轮"},
    "zh-hans": {"English", "Impeller", "IMPELLER"},
}
ALLOWED["zh-hans"] |= {
    *("iPhone", "Outlook", "Web"),  # products and their menus
    *("VIP", "SLA", "CSAT", "NPS", "CES", "CSI", "KPI", "CRM", "CNY", "NPSH", "Cronbach", "bar"),
    *("Odoo", "EspoCRM", "Salesforce", "HubSpot", "Cordys"),  # proper names of products
    *("CSV", "XLSX", "xlsx", "Excel", "PDF", "API", "ISO", "UTF", "QR"),
}
UNREAD = ("/api/", "/accounts/logout/", "/accounts/2fa", "/healthz", "/readyz", "/metrics", "/gallery/")


def is_page(route: Route) -> bool:
    return not route.path.startswith(UNREAD) and not route.path.endswith((".js", ".webmanifest"))


def addresses(route: Route, user: Any) -> list[str]:
    """The route's pages for some rows the reader sees."""
    if not route.needs_row:
        return [] if "<" in route.path else [route.path]
    if route.model is None:
        return []
    rows = route.model._default_manager.visible_to(user).order_by("-pk")[:ROWS]
    return [address for row in rows if "<" not in (address := route.address(row.pk))]


def read(client: Any, address: str) -> list[str] | None:
    answer = client.get(address)
    if answer.status_code != 200 or not answer.headers.get("Content-Type", "").startswith("text/html"):
        return None
    return pieces_of(answer.content.decode())


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_pages_speak_one_language(demo: Any, clients: Any, language: str) -> None:
    User.objects.update(language=language)
    data, allowed = Data(FOREIGN[language]), ALLOWED[language]
    found: dict[str, str] = {}
    pages = 0
    assert f'<html lang="{language}"' in clients["pm1"].get("/").content.decode()
    for route in filter(is_page, all_routes()):
        for name in READERS:
            shown = [(address, read(clients[name], address)) for address in addresses(route, demo[name])]
            shown = [(address, pieces) for address, pieces in shown if pieces is not None]
            if not shown:
                continue
            pages += len(shown)
            for address, pieces in shown:
                for piece in pieces:
                    left = (
                        data.without(NOT_WORDS.sub(" ", piece))
                        if language == "zh-hans"
                        else data.without(piece)
                    )
                    words = [part for part in left.split() if not is_allowed(part, language, allowed)]
                    if words:
                        found.setdefault(f"{piece[:60]!r}: {' '.join(words)}", f"{name} {address}")
            break
    assert pages > 100, pages
    assert not found, "\n".join(f"{what}   ({where})" for what, where in sorted(found.items()))


def is_allowed(part: str, language: str, allowed: set[str]) -> bool:
    if language == "en":
        return len(part) == 1 or part in allowed  # one character is a person's initial
    return all(word in allowed for word in WORD.findall(part))


def test_a_forgotten_word_is_found(demo: Any) -> None:
    assert Data(HAN).without("New 客户, please") == "客户"
    assert Data(WORD).without("新建 Customer") == "Customer"
    assert pieces_of('<p title="提示">a<b>b</b><kbd>Esc</kbd></p>') == ["提示", "a", "b"]
