"""As in production: `hallbot run` beside Prosody, with the log that it writes there."""

from __future__ import annotations

import json
from pathlib import Path

from tests.e2e.lives import lived
from tests.grounds.prosody import prosody


async def test_nothing_written_anywhere_tells_what_was_said(tmp_path: Path) -> None:
    written = await lived(tmp_path / "hall", prosody, "-m", "bot", "run", "{folder}/bot.yaml", "--with-parent")
    events = [json.loads(line)["event"] for line in written["logs/bot.log"].splitlines()]
    assert events.count("turn") > 50
