"""The rooms and their direction, and one name everywhere."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from bot.intents import catalogue as listed
from bot.intents.base import Catalogue
from bot.paths import shipped

ROOT = Path(__file__).parents[1]
CORE = (
    "pipeline",
    "outgoing",
    "confirmations",
    "hold",
    "factor",
    "operations",
    "leftovers",
    "gate",
    "menu",
    "forms",
    "words",
    "hiding",
    "context",
)
OUTSIDE = {"slixmpp", "redis", "aiohttp", "jinja2", "sqlalchemy", "yaml", "socket", "requests", "os", "subprocess"}
MANY = {"help": "help_", "set": "set_"}  # names that Python has already


def core_files() -> list[Path]:
    files = [ROOT / "bot" / f"{name}.py" for name in CORE]
    return [
        *files,
        *(ROOT / "bot/intents").glob("*.py"),
        ROOT / "bot" / "errors.py",
        *(ROOT / "bot" / "model").glob("*.py"),
        *(ROOT / "bot" / "spoken").glob("*.py"),
        *(ROOT / "bot" / "ports").glob("*.py"),
        *(ROOT / "bot" / "dialog").glob("*.py"),
        *(ROOT / "bot" / "turn").glob("*.py"),
    ]


def imported(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add(node.module or "")
    return found


def test_the_contracts_of_the_rooms_hold() -> None:
    """In a process of its own: import-linter's command line disables every logger of the process that it runs in."""
    command = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))"
    linted = subprocess.run([sys.executable, "-c", command], cwd=ROOT, capture_output=True, text=True, check=False)
    assert linted.returncode == 0, linted.stdout + linted.stderr
    assert "0 broken" in linted.stdout


@pytest.mark.parametrize("path", core_files(), ids=lambda path: path.stem)
def test_the_core_knows_no_wire_no_store_no_clock_of_its_own(path: Path) -> None:
    tops = {name.partition(".")[0] for name in imported(path)}
    assert not tops & OUTSIDE
    assert not {name for name in imported(path) if name.startswith(("bot.adapters", "bot.wiring", "bot.config"))}
    assert not re.search(r"datetime\.now\(|time\.time\(|utcnow\(", path.read_text("utf-8"))


def test_an_intent_is_the_function_of_its_name_in_the_module_of_its_name(catalogue: Catalogue) -> None:
    for intent in catalogue:
        module, _, rest = intent.name.rpartition(".")
        name = rest if not module else intent.name.partition(".")[2].replace(".", "_")
        assert intent.run.__module__ == f"bot.intents.{module.partition('.')[0] or 'talk'}", intent.name
        assert intent.run.__qualname__ == MANY.get(name, name), intent.name


def test_every_module_of_intents_is_in_the_list(catalogue: Catalogue) -> None:
    names = {intent.name for intent in catalogue}
    for path in (ROOT / "bot/intents").glob("*.py"):
        module = import_module(f"bot.intents.{path.stem}")
        assert {intent.name for intent in getattr(module, "INTENTS", ())} <= names, path.stem
    assert {intent.name for intent in listed.everything()} == names


def test_every_intent_has_its_words(catalogue: Catalogue) -> None:
    """`bill.query` says replies/zh/bill/query.j2 (contracts.md, Names)."""
    for intent in catalogue:
        folder, _, rest = intent.name.partition(".")
        name = f"{folder}/{rest.replace('.', '_')}" if rest else f"talk/{intent.name}"
        assert (shipped("replies") / "zh" / f"{name}.j2").is_file(), intent.name


def test_replies_lie_where_an_intent_or_the_hall_looks_for_them(catalogue: Catalogue) -> None:
    rooms = {intent.name.partition(".")[0] for intent in catalogue if "." in intent.name}
    folders = {path.name for path in (shipped("replies") / "zh").iterdir()}
    assert folders <= rooms | {"talk", "gate", "note", "error", "sms", "push", "desk"}


def test_what_a_customer_reads_stands_in_no_handler() -> None:
    """Chinese sentences belong into replies/; titles and phrases stand beside the intent, doc strings may quote."""
    for path in (ROOT / "bot").glob("*.py"):
        tree = ast.parse(path.read_text("utf-8"))
        documents = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documents:
                assert not re.search(r"[一-鿿].*[。！？]", node.value), (path.name, node.lineno)
