"""From rows and predictions to figures. Pure."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any

from bot.evaluate.rows import NONE, Prediction, Row, named

AT = 0.909  # in-scope accuracy at which published systems give their out-of-scope recall
STEPS = 200

Pair = tuple[Row, Prediction]


def figures(pairs: Sequence[Pair], changes: frozenset[str] = frozenset()) -> dict[str, Any]:
    """Everything in one plain dictionary; rates are 0…1, times µs of CPU."""
    inside = [pair for pair in pairs if not pair[0].outside]
    outside = [pair for pair in pairs if pair[0].outside]
    times = sorted(p.micros for _, p in pairs)
    found: dict[str, Any] = {"rows": len(pairs), "in_scope": len(inside), "out_of_scope": len(outside)}
    if inside:
        found |= {
            "top1": _rate(p.intent in r.right for r, p in inside),
            "top3": _rate(bool(r.right & set(p.options)) for r, p in inside),
            "accuracy_without_rejection": _rate(p.best in r.right for r, p in inside),
            "macro_f1": macro_f1(pairs),
            "acted_wrong": _rate(p.decision == "act" and p.intent not in r.right for r, p in inside),
            "solved_within_one_tap": _rate(_solved(r, p) for r, p in inside),
        }
    if outside:
        found |= {
            "out_of_scope_recall": _rate(p.decision == NONE or p.intent in r.right for r, p in outside),
            "out_of_scope_acted_on": _rate(p.decision == "act" and p.intent not in r.right for r, p in outside),
        }
    if inside and outside:
        found[f"out_of_scope_recall_at_{AT}"] = recall_at(inside, outside)
        found["best_mcc"] = best_mcc(pairs)
    wrong = sum(p.decision == "act" and p.intent in changes and p.intent not in r.right for r, p in pairs)
    found |= {"wrong_operations": wrong, "wrong_operations_rate": wrong / len(pairs)}
    found |= {"micros_p50": _quantile(times, 0.5), "micros_p99": _quantile(times, 0.99)}
    return found


def by_kind(pairs: Sequence[Pair]) -> dict[str, dict[str, Any]]:
    kinds: dict[str, list[Pair]] = defaultdict(list)
    for row, prediction in pairs:
        kinds[row.kind or "-"].append((row, prediction))
    return {
        kind: {"rows": len(some), "right": _rate(p.intent in r.right for r, p in some), "acted": _acted(some)}
        for kind, some in sorted(kinds.items())
    }


def confusions(pairs: Sequence[Pair]) -> list[tuple[str, str, int]]:
    """(meant, understood, how often), the commonest first."""
    counted = Counter((named(r.intent), p.intent) for r, p in pairs if p.intent not in r.right)
    return [(meant, heard, n) for (meant, heard), n in counted.most_common()]


def macro_f1(pairs: Sequence[Pair]) -> float:
    right: Counter[str] = Counter()
    meant: Counter[str] = Counter()
    heard: Counter[str] = Counter()
    for row, prediction in pairs:
        good = prediction.intent in row.right
        label = prediction.intent if good else named(row.intent)
        meant[label] += 1
        heard[prediction.intent] += 1
        right[label] += good
    return _mean([2 * right[label] / (meant[label] + heard[label]) for label in meant])


def recall_at(inside: Sequence[Pair], outside: Sequence[Pair]) -> float:
    """Out-of-scope recall where the bar leaves `AT` of the in-scope messages right."""
    kept = sorted((p.score for r, p in inside if p.best in r.right), reverse=True)
    need = math.ceil(AT * len(inside))
    if len(kept) < need:
        return 0.0
    return _rate(p.score < kept[need - 1] or p.best in r.right for r, p in outside)


def best_mcc(pairs: Sequence[Pair]) -> float:
    """Matthews' correlation over all intents and none, at the best bar on the score."""
    scores = sorted({p.score for _, p in pairs})
    bars = [scores[len(scores) * i // STEPS] for i in range(STEPS)]
    return max(mcc([(_label(r, p, bar)) for r, p in pairs]) for bar in dict.fromkeys(bars))


def _label(row: Row, prediction: Prediction, bar: float) -> tuple[str, str]:
    heard = prediction.best if prediction.score >= bar else NONE
    return (heard if heard in row.right else named(row.intent)), heard


def mcc(pairs: Sequence[tuple[str, str]]) -> float:
    """(meant, understood) of every message → -1…1."""
    meant, heard = Counter(m for m, _ in pairs), Counter(h for _, h in pairs)
    right, n = sum(m == h for m, h in pairs), len(pairs)
    above = right * n - sum(meant[k] * heard[k] for k in meant)
    below = (n * n - sum(v * v for v in heard.values())) * (n * n - sum(v * v for v in meant.values()))
    return above / math.sqrt(below) if below else 0.0


def _solved(row: Row, prediction: Prediction) -> bool:
    if prediction.decision == "act":
        return prediction.intent in row.right
    return prediction.decision == "ask" and bool(row.right & set(prediction.options))


def _acted(pairs: Sequence[Pair]) -> float:
    return _rate(p.decision == "act" for _, p in pairs)


def _rate(hits: Any) -> float:
    return _mean([float(hit) for hit in hits])


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0


def _quantile(values: Sequence[float], part: float) -> float:
    return values[min(len(values) - 1, int(part * len(values)))] if values else 0.0
