"""Follow a relation all the way."""

from __future__ import annotations

from collections.abc import Callable, Iterable


def reachable(start: Iterable[str], step: Callable[[str], Iterable[str]]) -> tuple[str, ...]:
    """Return the start and everything that steps lead to from it, nearest first, each once.

    >>> reachable(["a"], {"a": "bc", "b": "d", "c": "d", "d": "a"}.__getitem__)
    ('a', 'b', 'c', 'd')
    """
    found: dict[str, None] = {}
    todo = list(start)
    while todo:
        name = todo.pop(0)
        if name not in found:
            found[name] = None
            todo += step(name)
    return tuple(found)
