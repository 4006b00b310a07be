"""What every template and sheet must keep: strict policy, colours in one place, icons that exist, little weight."""

import gzip
import re
from pathlib import Path

import pytest
from django.conf import settings

from core.icons import ICONS

ROOT = Path(settings.BASE_DIR)
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
PAGES = [path for path in TEMPLATES if path.parent.name != "emails"]
SHEETS = sorted((ROOT / "static" / "css").rglob("*.css"))
SHELL_BUDGET = 45_000  # compressed bytes of what every page of the shell loads, without the page itself
PUBLIC_BUDGET = 8_000
SHELL_FILES = ("css/tokens.css", "css/tokens-dark.css", "css/base.css", "css/components.css", "js/app.js", "js/forms.js", "js/words.js", "img/mark.svg")  # fmt: skip


def _named(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", PAGES, ids=_named)
def test_template_keeps_the_strict_policy(path: Path) -> None:
    """No inline style, script or handler: the content security policy would silently drop them."""
    text = re.sub(
        r"{#.*?#}|{% comment %}.*?{% endcomment %}", "", path.read_text(encoding="utf-8"), flags=re.S
    )
    assert not re.search(r"\sstyle=", text), "style attribute"
    assert not re.search(r"<style\b", text), "style element"
    assert not re.search(r"\son[a-z]+=", text), "inline handler"
    assert not re.search(r"hx-on|hx-vals='js", text), "evaluated attribute"
    scripts = re.findall(r"<script\b[^>]*>", text)
    assert all("src=" in tag or "application/json" in tag for tag in scripts), "inline script"
    assert not re.search(r"""(?:src|href)=["']https?://(?!www\.w3\.org)""", text), "foreign host"


@pytest.mark.parametrize("path", TEMPLATES, ids=_named)
def test_template_names_icons_that_exist(path: Path) -> None:
    """A misspelt icon would show as a dot."""
    text = path.read_text(encoding="utf-8")
    names = re.findall(r"""{% icon ["']([\w-]+)["']""", text) + re.findall(
        r"""\bicon=["']([\w-]+)["']""", text
    )
    assert set(names) <= set(ICONS)


def test_python_names_icons_that_exist() -> None:
    """Navigation, time line and task kinds name icons too."""
    wrong = []
    for app in settings.OUR_APPS:
        for path in (ROOT / app).rglob("*.py"):
            for name in re.findall(r"""\bicon=["']([\w-]+)["']""", path.read_text(encoding="utf-8")):
                if name not in ICONS:
                    wrong.append(f"{_named(path)}: {name}")
    assert not wrong


def test_colours_live_in_the_tokens() -> None:
    """Outside the tokens only white, black and the fixed petrol of brand surfaces may be written as values."""
    allowed = {"#fff", "#000", "#0a4050", "#08303b", "#0b5366", "#b9dde3", "#dceef1", "#86c4cf", "#ffb9b2", "#f6cf85",
               "#a5e2c5", "#e2f1f3", "#ffd0cb", "#9a6400", "#5a4a9c", "#7a69c4", "#eef3f4", "#06222b"}  # fmt: skip
    for sheet in SHEETS:
        if sheet.name.startswith("tokens"):
            continue
        found = {
            colour.lower() for colour in re.findall(r"#[0-9a-fA-F]{3,8}\b", sheet.read_text(encoding="utf-8"))
        }
        assert found <= allowed, f"{_named(sheet)}: {sorted(found - allowed)}"


def test_dark_redefines_only_known_tokens() -> None:
    """A dark value for a token that does not exist is a typing error."""
    light, dark = (
        set(
            re.findall(
                r"^\s*(--[\w-]+):", (ROOT / "static/css" / name).read_text(encoding="utf-8"), flags=re.M
            )
        )
        for name in ("tokens.css", "tokens-dark.css")
    )
    assert dark <= light


def _luminance(colour: str) -> float:
    colour = colour.lstrip("#")
    colour = "".join(letter * 2 for letter in colour) if len(colour) == 3 else colour
    parts = [int(colour[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(
    ("text", "ground"),
    [
        ("ink", "sheet"), ("ink-2", "sheet"), ("ink-3", "sheet"), ("ink-3", "quiet"), ("ink-2", "canvas"), ("ink-3", "canvas"),
        ("brand-text", "sheet"), ("brand-text", "brand-tint"), ("on-brand", "brand"), ("danger", "danger-tint"), ("danger", "sheet"),
        ("warn", "warn-tint"), ("warn", "sheet"), ("good", "good-tint"), ("life", "life-tint"), ("vip-text", "vip"), ("on-solid", "solid"),
    ],
)  # fmt: skip
def test_text_contrast_reaches_aa(theme: str, text: str, ground: str) -> None:
    """WCAG 2.2 AA asks 4.5:1 for text of our sizes, in both appearances."""
    tokens: dict[str, str] = {}
    for name in ("tokens.css", *(("tokens-dark.css",) if theme == "dark" else ())):
        source = (ROOT / "static/css" / name).read_text(encoding="utf-8").split("@media")[0]
        tokens.update(re.findall(r"--([\w-]+):\s*([^;]+);", source))

    def value(name: str) -> str:
        raw = tokens[name]
        reference = re.fullmatch(r"var\(--([\w-]+)\)", raw)
        return value(reference[1]) if reference else raw

    assert _contrast(value(text), value(ground)) >= 4.5


def _weight(names: list[Path]) -> int:
    return sum(len(gzip.compress(path.read_bytes())) for path in names)


def test_shell_stays_light() -> None:
    """Sheets, scripts and htmx of every page together, compressed."""
    import django_htmx

    htmx = Path(django_htmx.__file__).parent / "static/django_htmx/htmx-4.min.js"
    assert _weight([*(ROOT / "static" / name for name in SHELL_FILES), htmx]) < SHELL_BUDGET


def test_customer_pages_stay_light() -> None:
    """A customer's phone loads two small sheets and no script."""
    assert (
        _weight([ROOT / "static/css" / name for name in ("tokens.css", "pages/public.css")]) < PUBLIC_BUDGET
    )
    assert "<script" not in (ROOT / "templates/public/base.html").read_text(encoding="utf-8")
