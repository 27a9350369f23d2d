"""Cut the small font of the pictures out of the pinned Noto Sans SC, with the ordinary npm client and fontTools.

Usage: python scripts/font.py   (needs npm, and `pip install fonttools brotli`; only when a picture says something new)
"""

from __future__ import annotations

import base64
import hashlib
import re
import subprocess
import sys
import tarfile
import tempfile
from io import BytesIO
from pathlib import Path

NAME, VERSION = "@fontsource/noto-sans-sc", "5.3.0"
SHA512 = "HeqIlGm0+ohOKxZLuHj1qW6r6avHH0OWdKERAcSDI0RQ+MXrteuLKA+M+5eOA8rYy0MFvOR5AT0fQo2rUkye0Q=="
ROOT = Path(__file__).parents[1]
TARGET = ROOT / "bot/adapters/pictures/font"
FILE = "package/files/noto-sans-sc-chinese-simplified-400-normal.woff2"
NAMES = {1: "Hall Sans", 3: "Hall Sans 1", 4: "Hall Sans Regular", 6: "HallSans-Regular"}
MORE = (
    "0123456789"
    + "年月日元角分条分钟秒小时兆个至到剩余已用共短信流量通话漫游国内省内上网话费积分套餐包夜间亲情号码现在今"
)
NOTE = """# Vendored: Noto Sans SC, a subset

From the npm package {name} {version} (sha512, base64: `{sha512}`), SIL Open Font License 1.1 (`LICENSE` beside this
file). The subset has a name of its own, Hall Sans. Kept are the {count} characters of GLYPHS.txt: what the
pictures say in `replies/*/*/*.svg`, printable ASCII, and the words that name what plans include.
Refresh: change version and sum in `scripts/font.py`, or the templates, run it, run tests/adapters/test_pictures.py.
"""


def wanted() -> str:
    """Every character that a picture may hold."""
    said = "".join(path.read_text("utf-8") for path in ROOT.glob("replies/*/*/*.svg"))
    chinese = set(re.findall(r"[⺀-￯]", said)) | set(MORE)
    return "".join(sorted(chinese | {chr(n) for n in range(0x20, 0x7F)} | {"…", "·", "−"}))


def fetch(folder: Path) -> bytes:
    command = ["npm", "pack", f"{NAME}@{VERSION}", "--silent", "--pack-destination", str(folder)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    package = next(folder.glob("*.tgz")).read_bytes()
    found = base64.b64encode(hashlib.sha512(package).digest()).decode()
    if found != SHA512:
        sys.exit(f"{NAME} {VERSION}: sha512 is {found}, expected {SHA512}; nothing was changed")
    return package


def subset(font: bytes, characters: str) -> bytes:
    from fontTools.subset import Options, Subsetter
    from fontTools.ttLib import TTFont

    options = Options()
    options.layout_features, options.hinting, options.name_IDs = [], False, [0, 1, 2, 3, 4, 5, 6, 13, 14]
    options.drop_tables += ["BASE", "GPOS", "GSUB", "STAT", "vhea", "vmtx"]
    whole = TTFont(BytesIO(font))
    whole.flavor = None
    cutter = Subsetter(options)
    cutter.populate(text=characters)
    cutter.subset(whole)
    missing = [c for c in characters if ord(c) not in whole.getBestCmap()]
    if missing:
        sys.exit(f"not in the font: {' '.join(missing)}")
    for id, name in NAMES.items():  # the package's file calls itself Thin, whatever its weight
        whole["name"].setName(name, id, 3, 1, 0x409)
    small = BytesIO()
    whole.save(small)
    return small.getvalue()


def main() -> None:
    characters = wanted()
    with tempfile.TemporaryDirectory() as folder, tarfile.open(fileobj=BytesIO(fetch(Path(folder)))) as archive:
        font, licence = archive.extractfile(FILE), archive.extractfile("package/LICENSE")
        assert font is not None
        assert licence is not None
        small, words = subset(font.read(), characters), licence.read()
    TARGET.mkdir(parents=True, exist_ok=True)
    (TARGET / "HallSans.ttf").write_bytes(small)
    (TARGET / "LICENSE").write_bytes(words)
    (TARGET / "GLYPHS.txt").write_text(characters, encoding="utf-8")
    note = NOTE.format(name=NAME, version=VERSION, sha512=SHA512, count=len(characters))
    (TARGET / "VENDORED.md").write_text(note, encoding="utf-8")
    print(f"{len(characters)} characters, {len(small) / 1024:.0f} KB in {TARGET}")


if __name__ == "__main__":
    main()
