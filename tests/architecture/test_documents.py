"""Documents made from the code say what the code does."""

import io
import re
from io import StringIO
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.conf import settings
from django.core.management import CommandError, call_command

from config import catalogues
from config.management.commands import draw_states


def test_the_state_diagrams_are_current():
    call_command("draw_states", "--check")


def test_a_diagram_that_lost_a_step_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """The comparison above can fail: the same document without one arrow does not pass."""
    text = (settings.BASE_DIR / "docs" / "states.md").read_text(encoding="utf-8")
    (tmp_path / "states.md").write_text(text.replace("waiting --> accepted: accept\n", ""), encoding="utf-8")
    monkeypatch.setattr(draw_states.Command, "document", str(tmp_path / "states.md"))
    with pytest.raises(CommandError, match="draw_states"):
        call_command("draw_states", "--check", stdout=StringIO())


def test_every_stateful_model_is_drawn():
    text = (settings.BASE_DIR / "docs" / "states.md").read_text(encoding="utf-8")
    assert all(f"## {model._meta.label} " in text for model in draw_states.stateful_models())


def test_the_glossary_speaks_as_the_catalogue_does():
    """Where the English of a row is a word of the product, the Chinese beside it is its translation."""
    known: dict[str, set[str]] = {}
    for message in read_po(io.BytesIO(catalogues.MERGED.read_bytes())):
        if isinstance(message.id, str):
            known.setdefault(message.id.lower(), set()).add(str(message.string))
    rows = [
        [cell.strip() for cell in line.strip("| \n").split("|")]
        for line in (settings.BASE_DIR / "docs" / "glossary.md").read_text(encoding="utf-8").splitlines()
        if line.startswith("| ") and not line.startswith("| code")
    ]
    checked = [(chinese, english) for _code, chinese, english, *_meaning in rows if english.lower() in known]
    wrong = [(chinese, english) for chinese, english in checked if chinese not in known[english.lower()]]
    assert not wrong
    assert len(checked) > 40


DOCUMENTS = [
    settings.BASE_DIR / name for name in ("README.md", "CHANGELOG.md", "templates/components/README.md")
] + sorted((settings.BASE_DIR / "docs").rglob("*.md"))


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(settings.BASE_DIR)))
def test_documents_link_to_what_is_there(path: Path):
    text = path.read_text(encoding="utf-8")
    links = [link.split("#")[0] for link in re.findall(r"\]\(([^)\s]+)\)", text) if "://" not in link]
    named = re.findall(
        r"`((?:core|config|accounts|crm|projects|service|complaints|tests)/[\w/]+\.(?:py|csv))`", text
    )
    missing = [link for link in links if link and not (path.parent / link).exists()]
    missing += [name for name in named if not (settings.BASE_DIR / name).exists()]
    assert not missing


def test_every_decision_is_in_the_index():
    folder = settings.BASE_DIR / "docs" / "decisions"
    index = (folder / "README.md").read_text(encoding="utf-8")
    records = sorted(path.name for path in folder.glob("0*.md"))
    assert len({name[:4] for name in records}) == len(records)
    for name in records:
        assert f"]({name})" in index
        assert (folder / name).read_text(encoding="utf-8").startswith(f"# {name[:4]} · ")
