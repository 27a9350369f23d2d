"""What nobody learned yet is learned by a child, and read from the cache; without one a process learns for itself."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from bot.adapters.kept import Kept
from bot.intents.base import Catalogue
from bot.intents.wording import matcher
from bot.learning import KIND, Elsewhere, memory


def own_words(folder: Path) -> Path:
    folder.mkdir()
    (folder / "phrases.txt").write_text("bill.query | 瞧瞧月底那笔数目\n", "utf-8")
    return folder


def test_a_child_learns_and_this_process_reads(
    catalogue: Catalogue, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    own = own_words(tmp_path / "own")
    begun = time.thread_time()
    taught = matcher(catalogue, own, memory(own))
    assert time.thread_time() - begun < 1.5  # learning takes three, of a quick machine's
    assert taught("瞧瞧月底那笔数目").intents == ("bill.query",)
    assert len([*(tmp_path / "hallbot").glob(f"{KIND}-*")]) == 1


def test_a_child_that_cannot_is_no_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    missing = Elsewhere(Kept(tmp_path / "hallbot", KIND), tmp_path / "no such folder")
    assert missing.recall("anything") is None


def test_without_a_place_to_keep_it_no_child_is_asked(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for folder in (None, tmp_path / "file" / "hallbot"):
        kept = Kept(folder, KIND)
        assert not kept.usable()
        assert Elsewhere(kept, None).recall("anything") is None
