"""What is kept between starts is read only when it is whole and our own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot.adapters.kept import BESIDE, Kept, cache_folder
from bot.adapters.room import BLOCK, ROOM, UNUSED, Found, surplus


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


def older(folder: Path, seconds: float) -> None:
    for path in folder.iterdir():
        os.utime(path, (path.stat().st_mtime - seconds,) * 2)


def test_several_checkouts_do_not_push_each_other_out(folder: Path) -> None:
    kept = Kept(folder)
    for n in range(8):
        kept.keep(str(n), b"learned")
        older(folder, 3600)
    assert [n for n in range(8) if kept.recall(str(n)) is None] == []


def test_what_was_used_lately_stays(folder: Path) -> None:
    """To read is to use; both halves of what a killed process left go with the next one that is written."""
    kept = Kept(folder)
    for name in ("in use", "of last month"):
        kept.keep(name, b"learned")
    (folder / f"{BESIDE}x").write_bytes(b"hal")
    older(folder, UNUSED - 60)
    assert kept.recall("in use")
    older(folder, 120)
    (folder / f"{BESIDE}y").write_bytes(b"ha")
    kept.keep("new", b"learned")
    assert [bool(kept.recall(name)) for name in ("in use", "of last month", "new")] == [True, False, True]
    assert [path.name for path in folder.glob(f"{BESIDE}*")] == [f"{BESIDE}y"], "somebody may be writing it"


def test_another_kind_is_left_alone(folder: Path) -> None:
    Kept(folder, "words").keep("a", b"learned")
    older(folder, UNUSED + 1)
    Kept(folder, "replies").keep("a", b"right")
    assert Kept(folder, "words").recall("a")


def file(name: str, mebibytes: float = 17, days: float = 0) -> Found:
    return Found(name, int(mebibytes * (1 << 20)), -days * 86_400.0)


@pytest.mark.parametrize(
    ("files", "gone"),
    [
        ([], []),
        ([file("new")], []),
        ([file(f"{n:02}", days=n / 100) for n in range(20)], ["15", "16", "17", "18", "19"]),
        ([file("new"), file("a", days=30), file("b", days=30.1)], ["b"]),
        ([file("new"), file("b", 200, days=2), file("a", 230, days=1)], ["b"]),
        ([file("new"), file("big", 250, days=1), file("small", 1, days=2)], ["big"]),  # which leaves room for others
        ([file("new", 300), file("a", days=1)], ["a"]),
        ([file("new"), *(file(f"of 2038 {n}", 120, n - 4000) for n in (0, 1, 2))], ["of 2038 1", "of 2038 2"]),
        ([file("new", 0), file("tiny", 0, days=1)], []),
    ],
)
def test_what_goes(files: list[Found], gone: list[str]) -> None:
    newest = files[0].name if files else ""
    assert sorted(surplus(reversed(files), 0.0, newest)) == gone
    assert sum(max(one.size, BLOCK) for one in files if one.name not in (*gone, newest)) <= ROOM


SEVERAL = """
import sys
from pathlib import Path
from bot.adapters.kept import Kept
kept = Kept(Path(sys.argv[1]))
for n in range(150):
    name = str(n % 5)
    kept.keep(name, name.encode() * 100_000)
    found = kept.recall(name)
    assert found is not None and bytes(found) == name.encode() * 100_000, name
"""


def test_two_processes_at_once_read_whole_files_only(folder: Path) -> None:
    both = [subprocess.Popen([sys.executable, "-c", SEVERAL, folder], stderr=subprocess.PIPE) for _ in range(2)]
    for one in both:
        _, wrong = one.communicate(timeout=60)
        assert (one.returncode, wrong) == (0, b"")
    assert len(list(folder.iterdir())) == 5


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
