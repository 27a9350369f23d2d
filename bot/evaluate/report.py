"""One HTML page without anything from elsewhere: figures, a confusion picture, confidence of right and wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from html import escape
from typing import Any

from bot.evaluate.figures import Pair
from bot.evaluate.rows import named

BINS = 20
CELL = 14
MOST = 40  # intents in the picture
_STYLE = "body{font:14px sans-serif;margin:2em}td{padding:1px 10px 1px 0}svg text{font:10px sans-serif}"


def page(name: str, pairs: Sequence[Pair], result: dict[str, Any]) -> str:
    rows = "".join(f"<tr><td>{escape(k)}</td><td>{_number(v)}</td></tr>" for k, v in result["figures"].items())
    kinds = "".join(
        f"<tr><td>{escape(kind)}</td><td>{k['rows']}</td><td>{k['right']:.3f}</td><td>{k['acted']:.3f}</td></tr>"
        for kind, k in result["kinds"].items()
    )
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{escape(name)}</title><style>{_STYLE}</style>'
        f"<h1>{escape(name)}</h1><table>{rows}</table><h2>Confidence: right above, wrong below</h2>{histogram(pairs)}"
        f"<h2>Meant (down), understood (across)</h2>{picture(pairs)}"
        f"<h2>By kind</h2><table><tr><td>kind</td><td>rows</td><td>right</td><td>acted</td></tr>{kinds}</table>\n"
    )


def histogram(pairs: Sequence[Pair]) -> str:
    right, wrong = Counter[int](), Counter[int]()
    for row, prediction in pairs:
        side = right if prediction.best in row.right or prediction.intent in row.right else wrong
        side[min(int(prediction.score * BINS), BINS - 1)] += 1
    most = max([*right.values(), *wrong.values(), 1])
    bars = []
    for i in range(BINS):
        up, down = 100 * right[i] / most, 100 * wrong[i] / most
        bars.append(f'<rect x="{i * 24}" y="{100 - up:.1f}" width="22" height="{up:.1f}" fill="#2a7"/>')
        bars.append(f'<rect x="{i * 24}" y="102" width="22" height="{down:.1f}" fill="#c33"/>')
        bars.append(f'<text x="{i * 24}" y="214">{i / BINS:.2f}</text>')
    return f'<svg width="{BINS * 24}" height="220" role="img">{"".join(bars)}</svg>'


def picture(pairs: Sequence[Pair]) -> str:
    cells = Counter((_meant(row, p.intent), p.intent) for row, p in pairs)
    wrong = Counter[str]()
    for (meant, heard), times in cells.items():
        if meant != heard:
            wrong.update({meant: times, heard: times})
    names = sorted(name for name, _ in wrong.most_common(MOST))
    left, size = 140, CELL * len(names)
    drawn = [
        f'<rect x="{left + CELL * x}" y="{CELL * y}" width="{CELL}" height="{CELL}" stroke="#eee" '
        f'fill="{_shade(cells[a, b], a == b)}"><title>{escape(a)} → {escape(b)}: {cells[a, b]}</title></rect>'
        for y, a in enumerate(names)
        for x, b in enumerate(names)
    ]
    labels = [f'<text x="0" y="{CELL * y + 11}">{escape(name)}</text>' for y, name in enumerate(names)]
    return f'<svg width="{left + size}" height="{size + 4}" role="img">{"".join([*drawn, *labels])}</svg>'


def _meant(row: Any, heard: str) -> str:
    return heard if heard in row.right else named(row.intent)


def _shade(times: int, right: bool) -> str:
    if not times:
        return "#fff"
    strength = 230 - min(times, 10) * 18
    return f"rgb({strength},{220 if right else strength},{strength})" if right else f"rgb(230,{strength},{strength})"


def _number(value: Any) -> str:
    return f"{value:.4f}" if isinstance(value, float) else str(value)
