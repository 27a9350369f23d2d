"""What is kept between starts is read only when it is whole and our own."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bot.adapters.kept import FILES, Kept, cache_folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "deep" / "hallbot"


def the_file(folder: Path) -> Path:
    [path] = folder.iterdir()
    return path


def test_what_was_kept_is_found_again(folder: Path) -> None:
    kept = Kept(folder)
    assert kept.recall("a") is None
    kept.keep("a", b"learned" * 1000)
    assert bytes(kept.recall("a") or b"") == b"learned" * 1000
    assert kept.recall("b") is None
    kept.keep("a", b"anew")
    assert bytes(Kept(folder).recall("a") or b"") == b"anew"
    assert (the_file(folder).stat().st_mode & 0o777, folder.stat().st_mode & 0o777) == (0o600, 0o700)


@pytest.mark.parametrize("at", [0, 8, 39, 40, -1])
def test_a_changed_byte_is_noticed(at: int, folder: Path) -> None:
    Kept(folder).keep("a", b"learned")
    path = the_file(folder)
    raw = bytearray(path.read_bytes())
    raw[at] ^= 1
    path.write_bytes(raw)
    assert Kept(folder).recall("a") is None


@pytest.mark.parametrize("size", [0, 7, 20, 40, 44])
def test_half_a_file_is_none(size: int, folder: Path) -> None:
    Kept(folder).keep("a", b"learned")
    path = the_file(folder)
    path.write_bytes(path.read_bytes()[:size])
    assert Kept(folder).recall("a") is None


@pytest.mark.parametrize("mode", [0o620, 0o602])
def test_a_file_that_others_may_write_is_not_trusted(mode: int, folder: Path) -> None:
    Kept(folder).keep("a", b"learned")
    the_file(folder).chmod(mode)
    assert Kept(folder).recall("a") is None


def test_neither_a_link_nor_a_folder_nor_a_pipe_is_read(folder: Path, tmp_path: Path) -> None:
    Kept(folder).keep("a", b"learned")
    path = the_file(folder)
    path.rename(tmp_path / "elsewhere")
    path.symlink_to(tmp_path / "elsewhere")
    assert Kept(folder).recall("a") is None
    path.unlink()
    os.mkfifo(path)
    assert Kept(folder).recall("a") is None
    path.unlink()
    path.mkdir()
    assert Kept(folder).recall("a") is None
    Kept(folder).keep("a", b"learned")  # cannot take the folder's place: no error either
    assert Kept(folder).recall("a") is None


def test_a_folder_that_cannot_be_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for folder in (tmp_path / "file" / "below", None):
        Kept(folder).keep("a", b"learned")
        assert Kept(folder).recall("a") is None


def test_only_the_newest_stay(folder: Path) -> None:
    kept = Kept(folder)
    for n in range(FILES + 3):
        kept.keep(str(n), b"learned")
        for path in folder.iterdir():
            os.utime(path, (path.stat().st_mtime - 10,) * 2)
    assert len(list(folder.iterdir())) == FILES
    assert bytes(kept.recall(str(FILES + 2)) or b"") == b"learned"
    assert kept.recall("0") is None


@pytest.mark.parametrize(
    ("set_to", "found"), [("/var/cache/me", Path("/var/cache/me/hallbot")), ("relative/path", None)]
)
def test_where_users_keep_caches(set_to: str, found: Path | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", set_to)
    assert cache_folder() == found


def test_a_home_has_its_usual_place(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    found = cache_folder()
    assert found is not None
    assert found.is_relative_to(tmp_path)
