"""Documents made from the code say what the code does."""

from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

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
