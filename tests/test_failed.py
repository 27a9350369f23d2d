"""What failed beside other people's programs is found again by its name, whatever stands in it (.ci/run)."""

import subprocess
import sys
from pathlib import Path

SCRIPT = Path(__file__).parents[1] / "scripts/failed.py"
TESTS = """
import pytest

@pytest.fixture
def torn():
    yield
    raise OSError

@pytest.mark.parametrize("desk", ["20 with 10 each", "好 [1]", "fine"])
def test_desks(desk):
    assert desk == "fine"

def test_torn(torn):
    pass

def test_fine():
    pass
"""


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *arguments], cwd=folder, capture_output=True, text=True, check=False)


def test_what_failed_is_what_runs_again(tmp_path: Path) -> None:
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub/test_these.py").write_text(TESTS, "utf-8")
    pytest = ("-m", "pytest", "-q", "-p", "no:cacheprovider")
    first = run(tmp_path, *pytest, "-o", "junit_family=xunit1", "--junitxml=report.xml", "sub")
    assert "2 failed, 3 passed, 1 error" in first.stdout
    found = run(tmp_path, str(SCRIPT), "report.xml").stdout
    assert found.splitlines() == [
        "sub/test_these.py::test_desks[20 with 10 each]",
        r"sub/test_these.py::test_desks[\u597d [1]]",
        "sub/test_these.py::test_torn",
    ]
    (tmp_path / "again.txt").write_text(found, "utf-8")
    assert "2 failed, 1 passed, 1 error" in run(tmp_path, *pytest, "@again.txt").stdout
