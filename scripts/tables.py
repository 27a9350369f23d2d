"""Write the character tables that reading needs: traditional → simplified, syllables of pinyin, how characters sound.

Usage: python -m venv x && x/bin/pip install opencc-python-reimplemented pypinyin && x/bin/python scripts/tables.py
Only facts are taken from the two packages: which character stands for which, how a character sounds.
"""

from __future__ import annotations

from pathlib import Path

BOT = Path(__file__).parents[1] / "bot"
TARGET = BOT / "intents/data"
LEAST = 0x2E80  # characters below sound like nothing
HAN = [chr(c) for c in (*range(0x3400, 0x4DC0), *range(0x4E00, 0xA000))]


def simplified() -> list[tuple[str, str]]:
    from opencc import OpenCC

    convert = OpenCC("t2s").convert
    pairs = [(char, convert(char)) for char in HAN]
    return [(old, new) for old, new in pairs if old != new and len(new) == 1 and ord(new) < 0xA000]


def syllables() -> list[str]:
    from pypinyin import Style, pinyin
    from pypinyin.contrib.tone_convert import to_normal

    sounds = {to_normal(pinyin(char, style=Style.TONE, errors="ignore")[0][0]) for char in HAN if char_sounds(char)}
    return sorted(s for s in sounds if s.isascii() and s.isalpha() and set(s) & set("aeiouv"))


def sounds() -> dict[str, str]:
    """Syllable → every character that sounds so, by its commonest reading."""
    from pypinyin import Style, pinyin
    from pypinyin.contrib.tone_convert import to_normal
    from pypinyin.pinyin_dict import pinyin_dict

    found: dict[str, str] = {}
    for code in sorted(pinyin_dict):
        if code >= LEAST and (read := pinyin(chr(code), style=Style.TONE, errors="ignore")):
            sound = to_normal(read[0][0])
            found[sound] = found.get(sound, "") + chr(code)
    return dict(sorted(found.items()))


def char_sounds(char: str) -> bool:
    from pypinyin import pinyin

    return char.encode("gb2312", errors="ignore") != b"" and bool(pinyin(char, errors="ignore"))


def main() -> None:
    pairs = simplified()
    head = "# Made by scripts/tables.py; two lines of equal length: traditional, simplified.\n"
    lines = ("".join(old for old, _ in pairs), "".join(new for _, new in pairs))
    (BOT / "spoken/data/simplified.txt").write_text(head + "\n".join(lines) + "\n", encoding="utf-8")
    head = "# Made by scripts/tables.py: every toneless syllable of the characters of GB 2312; ü is v.\n"
    (TARGET / "syllables.txt").write_text(head + " ".join(syllables()) + "\n", encoding="utf-8")
    head = "# Made by scripts/tables.py: a syllable, and every character that sounds so.\n"
    rows = (f"{sound} {chars}\n" for sound, chars in sounds().items())
    (TARGET / "sounds.txt").write_text(head + "".join(rows), encoding="utf-8")


if __name__ == "__main__":
    main()
