"""One HTML page without anything from elsewhere: figures, a confusion picture, confidence of right and wrong."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from html import escape
from typing import Any

from bot.evaluate.figures import Pair
from bot.evaluate.rows import named

BINS = 20
BAR = 34
CELL = 20
MOST = 40  # intents in the picture
SHOWN = 200  # rows
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
        f"<h2>By kind</h2><table><tr><td>kind</td><td>rows</td><td>right</td><td>acted</td></tr>{kinds}</table>"
        "<h2>Understood otherwise, the surest first</h2><table><tr><td>text</td><td>meant</td><td>understood</td>"
        f"<td>decision</td><td>score</td></tr>{wrongs(pairs)}</table>\n"
    )


def histogram(pairs: Sequence[Pair]) -> str:
    """Height goes by the square root, so that one wrong answer is seen beside two hundred right ones."""
    right, wrong = Counter[int](), Counter[int]()
    for row, prediction in pairs:
        side = right if prediction.best in row.right or prediction.intent in row.right else wrong
        side[min(int(prediction.score * BINS), BINS - 1)] += 1
    most = max([*right.values(), *wrong.values(), 1])
    bars = []
    for i in range(BINS):
        up, down = (100 * math.sqrt(side[i] / most) for side in (right, wrong))
        x, middle = i * BAR, i * BAR + BAR / 2 - 1
        bars.append(f'<rect x="{x}" y="{114 - up:.1f}" width="{BAR - 2}" height="{up:.1f}" fill="#2a7"/>')
        bars.append(f'<rect x="{x}" y="130" width="{BAR - 2}" height="{down:.1f}" fill="#c33"/>')
        bars.append(_label(middle, 110 - up, right[i]) + _label(middle, 142 + down, wrong[i]))
        bars.append(f'<text x="{middle}" y="126" text-anchor="middle" fill="#666">{i / BINS:.2f}</text>')
    return f'<svg width="{BINS * BAR}" height="250" role="img">{"".join(bars)}</svg>'


def _label(x: float, y: float, times: int) -> str:
    return f'<text x="{x}" y="{y:.1f}" text-anchor="middle">{times}</text>' if times else ""


def picture(pairs: Sequence[Pair]) -> str:
    """Of the intents that were confused; how often stands in the cell."""
    cells = Counter((_meant(row, p.intent), p.intent) for row, p in pairs)
    wrong = Counter[str]()
    for (meant, heard), times in cells.items():
        if meant != heard:
            wrong.update({meant: times, heard: times})
    names = sorted(name for name, _ in wrong.most_common(MOST))
    left, top, size = 150, 120, CELL * len(names)
    drawn = [
        f'<rect x="{left + CELL * x}" y="{top + CELL * y}" width="{CELL}" height="{CELL}" stroke="#eee" '
        f'fill="{_shade(cells[a, b], a == b)}"><title>{escape(a)} → {escape(b)}: {cells[a, b]}</title></rect>'
        + _label(left + CELL * x + CELL / 2, top + CELL * y + CELL - 6, cells[a, b])
        for y, a in enumerate(names)
        for x, b in enumerate(names)
    ]
    labels = [
        f'<text x="{left - 6}" y="{top + CELL * n + CELL - 6}" text-anchor="end">{escape(name)}</text>'
        f'<text transform="translate({left + CELL * n + 13},{top - 6}) rotate(-60)">{escape(name)}</text>'
        for n, name in enumerate(names)
    ]
    return f'<svg width="{left + size + 90}" height="{top + size + 4}" role="img">{"".join([*drawn, *labels])}</svg>'


def wrongs(pairs: Sequence[Pair]) -> str:
    """What was understood otherwise, the surest first."""
    wrong = sorted((p for p in pairs if p[1].intent not in p[0].right), key=lambda pair: -pair[1].score)
    return "".join(
        f"<tr><td>{escape(row.text)}</td><td>{escape(named(row.intent))}</td><td>{escape(p.intent)}</td>"
        f"<td>{p.decision}</td><td>{p.score:.2f}</td></tr>"
        for row, p in wrong[:SHOWN]
    )


def _meant(row: Any, heard: str) -> str:
    return heard if heard in row.right else named(row.intent)


def _shade(times: int, right: bool) -> str:
    if not times:
        return "#fff"
    strength = 230 - min(times, 10) * 18
    return f"rgb({strength},{220 if right else strength},{strength})" if right else f"rgb(230,{strength},{strength})"


def _number(value: Any) -> str:
    return f"{value:.4f}" if isinstance(value, float) else str(value)
