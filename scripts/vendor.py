"""Fetch the pinned Converse.js and htmx with the ordinary npm client and copy the few files that our pages serve.

Usage: python scripts/vendor.py   (needs npm; the network only when a new version is pinned here)
"""

import base64
import hashlib
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

NAME, VERSION, LICENCE = "converse.js", "14.0.0", "MPL-2.0"
SHA512 = "LFUg030jDalV47vI/vyVPqYPZfJYXFbubq8v0cFDe2zXNeeGEk3Up0Fj/WTzT6t+6do+cAIToy73eAj7RNDj2Q=="
TARGET = Path(__file__).parents[1] / "bot/adapters/sandbox/page/static/vendor/converse"
FILES = {
    "LICENSE": "LICENSE",
    "dist/converse.min.js": "converse.min.js",
    "dist/converse.min.css": "converse.min.css",
    "dist/emoji.json": "emoji.json",
    "dist/chunkjs/locales/zh_CN-LC_MESSAGES-converse-po.js": "chunkjs/locales/zh_CN-LC_MESSAGES-converse-po.js",
    "dist/chunkjs/locales/dayjs/zh-cn-js.js": "chunkjs/locales/dayjs/zh-cn-js.js",
}
HTMX, HTMX_VERSION = "htmx.org", "2.0.11"
HTMX_SHA512 = "Thx/WtpeOQqSrqBCw/A1cwGJGg4UrVa3+sW0GmrM3p4gJgO89ecH4qtbnyzDDWFvBTqjnIMCgELTNt636dtamA=="
HTMX_TARGET = Path(__file__).parents[1] / "bot/adapters/deskweb/static/vendor/htmx"
HTMX_FILES = {"LICENSE": "LICENSE", "dist/htmx.min.js": "htmx.min.js"}
HTMX_NOTE = """# Vendored: {name} {version}

Lets an element of the staff's pages ask the server for a piece of page, licence {licence} (`LICENSE` beside this
file), from the npm package of that name; its source is in the same package under `src/`. Package sha512 (base64):
`{sha512}`. Nothing is changed.
Refresh: change version and sum in `scripts/vendor.py`, run it, run the browser test, commit what changed.

| file | bytes | sha256 |
|---|---|---|
{rows}
"""
NOTE = """# Vendored: {name} {version}

XMPP client for the browser, licence {licence} (`LICENSE` beside this file), from the npm package of that name;
its source is in the same package under `src/`. Package sha512 (base64): `{sha512}`.

Only what the demo page asks for is kept: no source maps, no other language, no fonts, sounds or pictures. One change:
the `@font-face` rules are taken out of the style sheet, because browsers fetch fonts that the page never shows.
Refresh: change version and sum in `scripts/vendor.py`, run it, run the browser test, commit what changed.

| file | bytes | sha256 |
|---|---|---|
{rows}
"""


def fetch(folder: Path, name: str = NAME, version: str = VERSION) -> Path:
    """The package as npm delivers it from the registry that the user's npm is set up for."""
    command = ["npm", "pack", f"{name}@{version}", "--silent", "--pack-destination", str(folder)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return next(folder.glob(f"{name}-*.tgz"))


def check(package: Path, expected: str = SHA512) -> None:
    found = base64.b64encode(hashlib.sha512(package.read_bytes()).digest()).decode()
    if found != expected:
        sys.exit(f"{package.name}: sha512 is {found}, expected {expected}; nothing was changed")


def unpack(package: Path, files: dict[str, str] = FILES) -> dict[str, bytes]:
    """The wanted files by their new name. Read one by one, so that no path of the archive is ever written to."""
    with tarfile.open(package) as archive:
        wanted = {new: archive.extractfile(f"package/{old}") for old, new in files.items()}
        return {new: handle.read() for new, handle in wanted.items() if handle}


def without_fonts(css: bytes) -> bytes:
    lean, found = re.subn(rb"@font-face\s*\{[^}]*\}", b"", css)
    if not found:
        sys.exit("no @font-face rule left to take out: look at the style sheet, and at what VENDORED.md says")
    return lean


def write(files: dict[str, bytes], target: Path = TARGET, text: str = NOTE, **about: str) -> None:
    shutil.rmtree(target, ignore_errors=True)
    for name, content in files.items():
        path = target / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    rows = "\n".join(f"| {n} | {len(c)} | `{hashlib.sha256(c).hexdigest()}` |" for n, c in files.items())
    about = about or {"name": NAME, "version": VERSION, "licence": LICENCE, "sha512": SHA512}
    (target / "VENDORED.md").write_text(text.format(rows=rows, **about), encoding="utf-8")


def main() -> None:
    if shutil.which("npm") is None:
        sys.exit("npm is missing; it is needed only to refresh the vendored files")
    with tempfile.TemporaryDirectory() as folder:
        package = fetch(Path(folder))
        check(package)
        files = unpack(package)
        other = fetch(Path(folder), HTMX, HTMX_VERSION)
        check(other, HTMX_SHA512)
        htmx = unpack(other, HTMX_FILES)
    files["converse.min.css"] = without_fonts(files["converse.min.css"])
    write(files)
    about = {"name": HTMX, "version": HTMX_VERSION, "licence": "0BSD", "sha512": HTMX_SHA512}
    write(htmx, HTMX_TARGET, HTMX_NOTE, **about)
    print(f"{NAME} {VERSION}: {len(files)} files, {sum(map(len, files.values())) / 1e6:.2f} MB in {TARGET}")


if __name__ == "__main__":
    main()
