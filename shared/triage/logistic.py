"""Logistic regression by dual coordinate descent (Yu, Huang and Lin 2011), in plain Python.

The same rows in the same order give the same weights: nothing is drawn at random but by a seeded generator.
"""

from collections.abc import Callable, Sequence
from math import exp, log
from operator import itemgetter, mul
from random import Random

Row = Sequence[tuple[int, float]]
"""Text as its parts: the number and the value of each."""

ROUNDS = 12
STEPS = 20
CLOSE = 1e-3
BACK = 0.1
TINY = 1e-8
STILL = 1e-5
"""Least change of a dual variable that is carried over to the weights."""


def fitted(rows: Sequence[Row], yes: Sequence[bool], costs: Sequence[float], width: int) -> list[float]:
    """Weights of `width` parts that separate the rows by `yes`; `costs` has the cost of a mistake for each
    row.
    """
    weights = [0.0] * width
    signs = [1.0 if one else -1.0 for one in yes]
    duals = [min(0.001 * cost, TINY) for cost in costs]
    squares = [sum(much * much for _, much in row) for row in rows]
    for row, sign, dual in zip(rows, signs, duals, strict=True):
        _add(weights, row, sign * dual)
    looks = [_look(row) for row in rows]
    values = [tuple(much for _, much in row) for row in rows]
    order, draw = list(range(len(rows))), Random(1)
    for _ in range(ROUNDS):
        draw.shuffle(order)
        for at in order:
            margin = signs[at] * sum(map(mul, looks[at](weights), values[at]))
            dual = _better(duals[at], costs[at], squares[at], margin)
            if abs(dual - duals[at]) > STILL:
                _add(weights, rows[at], signs[at] * (dual - duals[at]))
                duals[at] = dual
    return weights


def _look(row: Row) -> Callable[[list[float]], tuple[float, ...]]:
    """Function that gives the weights of the parts of a row."""
    parts = [part for part, _ in row]
    if len(parts) > 1:
        return itemgetter(*parts)
    return lambda weights: tuple(weights[part] for part in parts)


def _add(weights: list[float], row: Row, times: float) -> None:
    for part, much in row:
        weights[part] += times * much


def _better(dual: float, cost: float, square: float, margin: float) -> float:
    """Value of one dual variable, between 0 and its cost, at which the slope is zero."""
    turned = square / 2 * (cost - 2 * dual) + margin < 0
    own = cost - dual if turned else dual
    toward = -margin if turned else margin
    was, now = own, own * BACK if own > cost / 2 else own
    for _ in range(STEPS):
        slope = square * (now - was) + toward + log(now / (cost - now))
        if abs(slope) < CLOSE:
            break
        step = now - slope / (square + cost / ((cost - now) * now))
        now = step if TINY < step < cost - TINY else max(now * BACK, TINY)
    return cost - now if turned else now


def curve(scores: Sequence[float], yes: Sequence[bool]) -> tuple[float, float]:
    """Slope and offset that make probabilities of scores (Platt 1999), by Newton's method."""
    positives = sum(yes)
    high, low = (positives + 1) / (positives + 2), 1 / (len(yes) - positives + 2)
    targets = [high if one else low for one in yes]
    slope, offset = 1.0, 0.0
    for _ in range(50):
        ss = so = oo = TINY
        s = o = 0.0
        for score, target in zip(scores, targets, strict=True):
            sure = 1 / (1 + exp(-max(-30.0, min(30.0, slope * score + offset))))
            spread, miss = sure * (1 - sure), sure - target
            s, o = s + miss * score, o + miss
            ss, so, oo = ss + spread * score * score, so + spread * score, oo + spread
        determinant = ss * oo - so * so
        slope, offset = slope - (oo * s - so * o) / determinant, offset - (ss * o - so * s) / determinant
    return slope, offset
