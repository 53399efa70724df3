"""How a measured affinity is written: sources of this kind give negative logarithms of concentrations, with more digits than they mean."""

from __future__ import annotations

_OF_THE_LOGARITHM = {">": "< ", ">=": "<= ", "<": "> ", "<=": ">= ", "~": "~ "}


def measured(kind: str, low: str, high: str, relation: str = "") -> str:
    """Say what was measured, with two decimals at most; empty where nothing was.

    Args:
        kind: what it is the negative logarithm of, with its ``p``.
        low: the figure, or the lower end of a range.
        high: the figure again, or the upper end.
        relation: how the concentration stands to its figure; its negative logarithm stands the other way round.

    >>> measured("pKi", "6.46999979019165", "6.46999979019165"), measured("pIC50", "5.2", "6.1"), measured("pKi", "5", "5", ">")
    ('pKi 6.47', 'pIC50 5.2-6.1', 'pKi < 5')
    """
    ends = dict.fromkeys(_short(figure) for figure in (low, high) if figure)
    return f"{kind} {_OF_THE_LOGARITHM.get(relation, '')}{'-'.join(ends)}" if ends else ""


def _short(figure: str) -> str:
    try:
        return f"{float(figure):.2f}".rstrip("0").rstrip(".")
    except ValueError:
        return figure
