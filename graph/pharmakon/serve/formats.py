"""Which format an answer is written in: what a client accepts, held against what there is."""

from __future__ import annotations

import re
from functools import lru_cache

from ..rdf import QueryResultsFormat, RdfFormat

Format = QueryResultsFormat | RdfFormat

TABLES: tuple[tuple[str, Format], ...] = (
    ("application/sparql-results+json", QueryResultsFormat.JSON),
    ("application/sparql-results+xml", QueryResultsFormat.XML),
    ("text/csv", QueryResultsFormat.CSV),
    ("text/tab-separated-values", QueryResultsFormat.TSV),
    ("application/json", QueryResultsFormat.JSON),
    ("application/xml", QueryResultsFormat.XML),
    ("text/xml", QueryResultsFormat.XML),
)
"""The formats of a table, the one that is taken where any will do first."""

GRAPHS: tuple[tuple[str, Format], ...] = (
    ("text/turtle", RdfFormat.TURTLE),
    ("application/n-triples", RdfFormat.N_TRIPLES),
    ("application/rdf+xml", RdfFormat.RDF_XML),
    ("application/ld+json", RdfFormat.JSON_LD),
    ("application/xml", RdfFormat.RDF_XML),
    ("text/xml", RdfFormat.RDF_XML),
    ("application/json", RdfFormat.JSON_LD),
    ("text/plain", RdfFormat.N_TRIPLES),
)
"""The formats of a graph."""

_Q = re.compile(r"\s*q\s*=\s*(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)\s*$", re.I)


@lru_cache(256)
def chosen(accept: str, offered: tuple[tuple[str, Format], ...]) -> tuple[str, Format] | None:
    """Return the media type and the format that a client likes best of those that there are; None where it takes none.

    >>> chosen("text/csv;q=0.5, application/sparql-results+xml", TABLES)[0]
    'application/sparql-results+xml'
    >>> chosen("image/png", TABLES) is None
    True
    """
    wanted = list(_ranges(accept)) or [("*/*", 1.0)]

    def liking(media: str) -> float:
        exactness = {media: 2, media.partition("/")[0] + "/*": 1, "*/*": 0, "*": 0}
        fitting = [(exactness[pattern], q) for pattern, q in wanted if pattern in exactness]
        return max(fitting, default=(0, 0.0))[1]

    best = max(offered, key=lambda pair: liking(pair[0]))
    return best if liking(best[0]) > 0 else None


def _ranges(accept: str) -> list[tuple[str, float]]:
    found = []
    for part in accept.split(","):
        media, *parameters = part.split(";")
        q = 1.0
        for parameter in parameters:
            if match := _Q.match(parameter):
                q = float(match[1])
        if media.strip():
            found.append((media.strip().lower(), q))
    return found
