"""Which view is made of which kind of value, and the views of comparisons, interactions, pages and members."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from ..errors import BadQuestion
from . import picture as pic
from . import proofs

if TYPE_CHECKING:
    from ..comparison import Compared, Comparison
    from ..pairs import Interaction, Interactions, Refusal
    from ..proof import Proof
    from ..values import Members, Page
    from .picture import Picture, Told


def view(value: Any) -> Picture:
    """Return a value as a picture.

    Raises:
        BadQuestion: no picture is made of such a value.
    """
    if isinstance(getattr(value, "graph", None), dict):
        found: Picture = value
        return found
    name = type(value).__name__
    if name == "tuple" and value and all(type(part).__name__ == "Members" for part in value):
        return of_members(*value)
    if name not in _MADE:
        kinds = ", ".join(_MADE)
        raise BadQuestion(f"there is no picture of a value of the kind {name}: draw one of {kinds}, or a view of your own")
    return _MADE[name](value)


def told(proof: Proof) -> tuple[Told, ...]:
    """Return what a proof rests on, sentence by sentence with the sources of each."""
    return tuple((leaf.claim, leaf.sources) for leaf in dict.fromkeys(proof.leaves()))


def with_basis(sentence: str, proof: Proof) -> tuple[Told, ...]:
    """Return a sentence, then what it rests on; once where the two are the same."""
    leaves = told(proof)
    return leaves if sentence in [text for text, _ in leaves] else ((sentence, ()), *leaves)


# --- comparisons ----------------------------------------------------------------------------------------------------


def of_comparison(found: Comparison) -> Picture:
    """Return a comparison as a graph: what only the first has, the first, what they share, the second, what only the second has."""
    graph = pic.empty(found.question)
    for number, row in enumerate(found.rows):
        if row.side == "a":
            _row(graph, f"row {number}", row, 0)
    kinds = ["class" if every else "drug" for every in found.classes]
    a = pic.node(graph, f"a {found.a.iri}", kinds[0], found.a.label, place=(1, ""))
    for column, side in ((2, "shared"), (3, "b"), (4, "b")):
        if column == 3:
            pic.node(graph, f"b {found.b.iri}", kinds[1], found.b.label, place=(3, ""))
            continue
        for number, row in enumerate(found.rows):
            if row.side == side:
                _row(graph, f"row {number}", row, column)
    b = f"b {found.b.iri}"
    for number, row in enumerate(found.rows):
        for side, key in (("a", a), ("b", b)):
            if row.side in (side, "shared"):
                mine = _of_side(row, side)
                pic.edge(graph, key, f"row {number}", row.axis, derived=not _stated(mine), told=told(mine) or told(row.proof))
    unknown = sum(row.side == "unknown" for row in found.rows)
    if unknown:
        graph.graph["left_out"] = f"Left out: {unknown} things that are known of one and not known of the other; the words tell them."
    return graph


def _row(graph: Picture, key: str, row: Compared, column: int) -> None:
    kind = {"class": "class", "target": "target", "mechanism": "target", "effects": "effect", "adverse effects": "effect"}.get(row.axis)
    pic.node(graph, key, kind or "statement", row.value, row.sentence, proofs=(row.proof,), place=(column, row.axis))


def _stated(proof: Proof) -> bool:
    """Whether a proof only repeats what one statement says."""
    return proof.kind == "statement" or (proof.kind == "condition" and [child.kind for child in proof.children] == ["statement"])


def _of_side(row: Compared, side: str) -> Proof:
    """Return the proof of one side of a row: the first or the last beneath it."""
    children = row.proof.children or (row.proof,)
    return children[0] if side == "a" or len(children) == 1 else children[-1]


_FEW = 8
"""From more drugs on the parts of a picture of interactions stand in blocks."""

# --- interactions ---------------------------------------------------------------------------------------------------


def of_interactions(found: Interactions) -> Picture:
    """Return interactions as a graph: the drugs, the conditions of the rules, the rules, and what follows."""
    graph = pic.empty(found.question)
    for drug in found.drugs:
        pic.node(graph, f"drug {drug.iri}", "drug", drug.label, place=(0, ""))
    for one in found.found:
        _fired(graph, one)
    fired = {(one.pattern, one.a, one.b) for one in found.found}
    for refusal in found.refused:
        if (
            refusal.verdict == "no" and (refusal.pattern, refusal.a, refusal.b) not in fired
        ):  # a pattern that fires at one target is no refusal
            _refused(graph, refusal)
    if sum(node["kind"] == "drug" for _, node in graph.nodes(data=True)) > _FEW:
        for _, node in graph.nodes(data=True):
            node["place"] = node["place"][0], ("drugs", "conditions", "rules", "what follows")[node["place"][0]]
    left = [
        f"{count} of {words}"
        for verdict, words in (
            ("unknown", "which it is not known whether they fire"),
            ("superseded", "which another says better what happens"),
        )
        if (count := len({(r.rule, r.a, r.b) for r in found.refused if r.verdict == verdict}))
    ]
    if left:
        graph.graph["left_out"] = f"Rules left out, told in the words: {' and '.join(left)}."
    return graph


def _fired(graph: Picture, one: Interaction) -> None:
    pair = f"{one.a.label} and {one.b.label}"
    also = one.because, f"Asked of prescribers: {one.measure}" if one.measure else ""
    rule = pic.node(
        graph, f"rule {one.pattern.iri}", "rule", one.pattern.label, verdict="yes", who=pair, also=filter(None, also), place=(2, "")
    )
    graph.nodes[rule]["proofs"] += tuple(p for p in (*one.proof.children[2:], *one.warnings) if p not in graph.nodes[rule]["proofs"])
    for drug, proof in zip((one.a, one.b), one.proof.children, strict=False):
        key = pic.node(graph, f"drug {drug.iri}", "drug", drug.label, place=(0, ""))
        role = _role(graph, drug.label, proof)
        pic.edge(graph, key, role, "is", verdict=proof.verdict, told=told(proof))
        pic.edge(graph, role, rule, "is a condition of", verdict=proof.verdict)
    text = f"{one.consequence} ({one.seriousness})"
    end = pic.node(graph, f"end {text}", "consequence", text, one.consequence, place=(3, ""))
    pic.edge(
        graph,
        rule,
        end,
        "brings about",
        verdict="yes",
        told=((f"{pair}: {one.consequence} ({one.seriousness}, {one.kind}, {one.known})", ()),),
    )


def _refused(graph: Picture, one: Refusal) -> None:
    rule = pic.node(
        graph, f"rule {one.pattern.iri}", "rule", one.pattern.label, verdict="no", who=f"{one.a.label} and {one.b.label}", place=(2, "")
    )
    for proof in one.because.children:
        drug = next((d for d in (one.a, one.b) if proof.claim.startswith(f"{d.label} ")), None)
        if drug is None:
            continue
        role = _role(graph, drug.label, proof)
        pic.edge(graph, f"drug {drug.iri}", role, "is not", verdict=proof.verdict, told=told(proof))
        pic.edge(graph, role, rule, "is a condition of", verdict=proof.verdict)


def _role(graph: Picture, who: str, proof: Proof) -> str:
    words = proof.claim.removeprefix(f"{who} ")
    return pic.node(graph, f"role {words}", "condition", words, verdict=proof.verdict, who=who, proofs=(proof,), place=(1, ""))


# --- a thing, and who is in a class ---------------------------------------------------------------------------------

_CLASS = "is"


def of_page(page: Page, known: Mapping[str, Proof] | None = None, kind: str = "drug") -> Picture:
    """Return all that the graph says of a thing: what is stated of it on the left, what follows on the right.

    Args:
        page: the page.
        known: the proof of each class that the thing is in, by the label of the class, where they are at hand.
        kind: which kind of thing it is.
    """
    graph = pic.empty(f"What is known of {page.subject.label}")
    for entry in page.entries:
        head, _, limits = entry.text.partition(" (")
        head += " (disputed)" if entry.sources and all("disputed" in source.locator.split("; ") for source in entry.sources) else ""
        said = f"{page.subject.label} {entry.text}" if entry.prop != "completeness claim" else entry.text
        stated = "claim" if entry.prop == "completeness claim" else "statement"
        key = pic.node(graph, f"{entry.prop} {head}", stated, head, also=(), place=(0, entry.prop))
        if limits and f"({limits}" not in graph.nodes[key]["also"]:
            graph.nodes[key]["also"] += (entry.text,)
        graph.nodes[key]["sources"] = tuple(dict.fromkeys((*graph.nodes[key]["sources"], *entry.sources)))
        _said(graph, key, said, entry.sources)
    who = pic.node(graph, page.subject.iri, kind, page.subject.label, page.definition, also=page.names, place=(1, ""))
    for key in list(graph)[:-1]:
        node = graph.nodes[key]
        pic.edge(graph, who, key, node["place"][1], derived=False, told=node.pop("said"))
    every = " | ".join(entry.text for entry in page.entries)
    for verb, label in page.derived:
        if verb == _CLASS or label not in every:
            proof = (known or {}).get(label)
            key = pic.node(
                graph, f"{verb} {label}", "class" if verb == _CLASS else "thing", label, proofs=(proof,) if proof else (), place=(2, verb)
            )
            sentence = f"{page.subject.label} {verb} {label}"
            pic.edge(graph, who, key, verb, told=with_basis(sentence, proof) if proof else ((sentence, ()),))
    return graph


def _said(graph: Picture, key: str, sentence: str, sources: tuple[Any, ...]) -> None:
    node = graph.nodes[key]
    node["said"] = (*node.get("said", ()), (sentence, sources))


def of_members(*found: Members) -> Picture:
    """Return a class, or each sense of a word, with the drugs that are in it, that are not, and of which it is not known."""
    graph = pic.empty(" and ".join(m.cls.label for m in found) + ": the drugs that are in it, and those that are not")
    words = {"yes": "in it", "no": "not in it", "unknown": "not known", "contradicted": "contradicted"}
    for number, one in enumerate(found):
        key = pic.node(graph, one.cls.iri, "class", one.cls.label, one.cls.definition, place=(2 * number, ""))
        for verdict, thing in _sorted(one):
            block = words[verdict] if len(found) == 1 else f"{words[verdict]}: {one.cls.label}"
            drug = pic.node(graph, f"{one.cls.iri} {thing.iri}", "drug", thing.label, place=(2 * number + 1, block))
            sentence = f"{thing.label}, {one.cls.label}: {words[verdict]}"
            pic.edge(graph, drug, key, words[verdict], verdict=verdict, told=((sentence, ()),))
    return graph


def _sorted(found: Members) -> Iterator[tuple[str, Any]]:
    for verdict in ("yes", "no", "unknown", "contradicted"):
        yield from ((verdict, thing) for thing in getattr(found, verdict))


_MADE: dict[str, Callable[[Any], Picture]] = {
    "Answer": proofs.of_answer,
    "Contrast": proofs.of_contrast,
    "Comparison": of_comparison,
    "Interactions": of_interactions,
    "Members": of_members,
    "Page": of_page,
}
