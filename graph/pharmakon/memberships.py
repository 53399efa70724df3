"""Which drugs are proved to be in which classes: a batch of drugs at a time, so that memory is bounded by the batch."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path

from .evaluate import Evaluator
from .expression import Named
from .facts import Schema, View
from .matrix import Index
from .rdf import Engine, NamedNode, Store, open_store

BATCH = 2500
"""How many drugs are evaluated at a time: some 200 MB for each core."""


def proved(store: Engine, drugs: Sequence[str], schema: Schema | None = None) -> Iterator[tuple[str, str]]:
    """Yield each drug with each class that it is proved to be in.

    Args:
        store: a store, of whichever engine.
        drugs: IRIs of drugs.
        schema: the schema of the store, where it was read already.
    """
    schema = schema or Schema(store)
    classes = (*schema.drug_classes, *schema.pattern_classes())
    for batch in _batches(drugs):
        view = View(store)
        if fetch := getattr(store, "prefetch", None):
            fetch(NamedNode(drug) for drug in batch)
        index, evaluator = Index(schema, view, batch), Evaluator(schema, view)
        for name, (yes, no) in index.verdicts(classes).items():
            for i in (yes & ~no).nonzero()[0]:
                drug = batch[i]
                if drug not in index.conflicted or evaluator.verdict(drug, Named(name)) == "yes":
                    yield drug, name


def side_by_side(place: Path, drugs: Sequence[str], told: Callable[[int], None] = lambda count: None) -> Iterator[tuple[str, str]]:
    """Do the same as :func:`proved` for a store on disk, on all cores that there are.

    Args:
        place: the store; nobody may be writing to it.
        drugs: IRIs of drugs.
        told: is told of each batch that is done, with its size.
    """
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    batches = list(_batches(drugs))
    if cores < 2 or len(batches) < 2:
        store = open_store(place)
        schema = Schema(store)
        for batch in batches:
            yield from proved(store, batch, schema)
            told(len(batch))
        return
    from concurrent.futures import ProcessPoolExecutor, as_completed
    from multiprocessing import get_context

    with ProcessPoolExecutor(cores, mp_context=get_context("spawn"), initializer=_open, initargs=(place,)) as pool:
        tasks = {pool.submit(_work, batch): len(batch) for batch in batches}
        for task in as_completed(tasks):
            yield from task.result()
            told(tasks[task])


_opened: list[tuple[Store, Schema]] = []


def _open(place: Path) -> None:
    store = open_store(place)
    _opened.append((store, Schema(store)))


def _work(batch: Sequence[str]) -> list[tuple[str, str]]:
    store, schema = _opened[0]
    return list(proved(store, batch, schema))


def _batches(drugs: Sequence[str]) -> Iterator[tuple[str, ...]]:
    rest = iter(drugs)
    while batch := tuple(islice(rest, BATCH)):
        yield batch
