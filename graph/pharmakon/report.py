"""Longer answers as text for a terminal: interactions, comparisons, audits."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from .text import Style, wrap
from .values import DISCLAIMER

if TYPE_CHECKING:
    from .claims import Audit, Audited
    from .comparison import Comparison
    from .pairs import Interaction, Interactions, Refusal
    from .proof import Proof
    from .tags import Drift

_MANY = 12
"""From how many rules on only their names are written."""

_VERDICT_MARKS = {"supported": "●", "refined": "◐", "contradicted": "✕", "not known": "◌"}
_MARKS = {"shared": "=", "a": "◂", "b": "▸", "unknown": "◌"}

_LONG = 4
"""From how many statements on a list that a claim closes is shortened."""

_SOURCES = 3
"""How many sources of a statement are written, the highest first."""


def interactions(found: Interactions, style: Style) -> str:
    """Write what fires, gravest first, with what each membership rests on; then what makes it graver, what is refused, what is open."""
    lines, told = [style.bold(found.question), ""], set[str]()
    groups: dict[tuple[str, str, str], list[Interaction]] = {}
    for one in found.found:
        groups.setdefault((one.pattern.label, one.a.label, one.b.label), []).append(one)
    brief = len(found.drugs) < 2 or len(groups) > _MANY
    if not groups and found.drugs:
        lines += [f"{style.mark('no')} no rule fires", ""]
    for (pattern, a, b), same in groups.items():
        head = same[0]
        at = _at(pattern, [i.rule.label for i in same])
        lines.append(f"{style.mark('yes')} {style.bold(f'{a} and {b}')}: {pattern}{at}")
        lines += wrap(f"{head.seriousness}, {head.kind}, {head.known}: {head.consequence}", "    ", style)
        if not brief:
            lines += wrap(head.because, "    ", style, dim=False)
            lines += wrap(f"Asked of prescribers: {head.measure}", "    ", style, dim=False) if head.measure else ()
            for membership in head.proof.children:
                lines += _rests(membership, style, "    ", told)
            for warning in head.warnings:
                lines += _rests(warning, style, "    ", told)
            lines.append("")
    if brief and groups:
        lines += ["", style.dim("Give two drugs for the proofs, or --json for all of them."), ""]
    lines += _graver(found, style) if not brief or found.condition else ()
    for verdict, title in (("no", "Refused"), ("superseded", "Not added: another rule says better what happens"), ("unknown", "Not known")):
        chosen = [r for r in found.refused if r.verdict == verdict]
        if chosen:
            lines += [style.bold(title), *_refusals(chosen, style, told if len(found.drugs) == 2 else None), ""]
    return "\n".join([*lines, style.dim(DISCLAIMER)])


def _at(pattern: str, labels: list[str]) -> str:
    """Name the targets or enzymes at which the rules of one pattern stand."""
    at = [label.removeprefix(pattern).removeprefix(": ") for label in labels]
    return f": {', '.join(at[:4])}{' …' if len(at) > 4 else ''}" if any(at) else ""


def _rests(p: Proof, style: Style, indent: str, told: set[str]) -> Iterator[str]:
    """Write a node with the statements and claims that it rests on, a few sources each; the steps between are left to `ask`."""
    yield from wrap(f"{style.mark(p.verdict) if p.kind not in ('statement', 'rule') else '─'} {p.claim}", indent, style, dim=False)
    if p.kind in ("statement", "rule"):
        yield from _sources(p, style, indent + "    ", told)
        return
    run: list[Proof] = []
    for leaf in {leaf.about: leaf for leaf in p.leaves()}.values():
        if leaf.kind == "claim":
            yield from _run(run, style, indent + "  ", told)
            run = []
            yield from _leaf(leaf, "═", style, indent + "  ", told)
        else:
            run.append(leaf)
    yield from _run(run, style, indent + "  ", told)


def _run(leaves: list[Proof], style: Style, indent: str, told: set[str]) -> Iterator[str]:
    """Write the statements that a claim lists; of a long list the first, and how many follow."""
    shown = leaves if len(leaves) <= _LONG else leaves[:1]
    for leaf in shown:
        yield from _leaf(leaf, "─", style, indent, told)
    if len(shown) < len(leaves):
        yield f"{indent}  {style.dim(f'and {len(leaves) - len(shown)} more statements of this kind')}"


def _leaf(leaf: Proof, mark: str, style: Style, indent: str, told: set[str]) -> Iterator[str]:
    yield from wrap(f"{mark} {leaf.claim}{': as above' if leaf.about in told else ''}", indent, style, dim=False)
    yield from _sources(leaf, style, indent + "    ", told)


def _sources(leaf: Proof, style: Style, indent: str, told: set[str]) -> Iterator[str]:
    if leaf.about in told:
        return
    told.add(leaf.about)
    for source in leaf.sources[:_SOURCES]:
        yield from wrap(f"[{source.citation}: {source.locator.split('; ')[0]}]", indent, style)
    if len(leaf.sources) > _SOURCES:
        yield f"{indent}{style.dim(f'and {len(leaf.sources) - _SOURCES} more')}"


def _graver(found: Interactions, style: Style) -> Iterator[str]:
    """Write what makes the interactions graver, each circumstance once with the drugs that it concerns."""
    told = found.modified if found.condition else tuple(m for i in found.found for m in i.modifiers)
    if found.condition:
        yield style.bold(f"Concerned by {found.condition.label}")
        if not told:
            yield from wrap("No drug that was asked about is known to be.", "  ", style, dim=False)
    elif told:
        yield style.bold("What makes it graver")
    for circumstance in dict.fromkeys(m.circumstance for m in told):
        same = list({m.drug: m for m in told if m.circumstance == circumstance}.values())
        names = ", ".join(dict.fromkeys(m.drug.label for m in same))
        yield from wrap(f"~ {circumstance} ({names}): {same[0].because}", "  ", style, dim=False)
        sources = dict.fromkeys(s.citation for m in same for s in m.proof.children[-1].sources)
        yield from (line for s in sources for line in wrap(f"[{s}]", "      ", style))
        if found.condition and found.drugs:
            for modifier in same:
                yield from _rests(modifier.proof.children[0], style, "    ", set())
    if told or found.condition:
        yield ""


def _refusals(refused: list[Refusal], style: Style, told: set[str] | None) -> Iterator[str]:
    """Write refusals: the failed memberships with their proofs for one pair, their names for several; patterns in one line."""
    groups: dict[tuple[str, str, str], list[Refusal]] = {}
    for one in refused:
        groups.setdefault((one.pattern.label, one.a.label, one.b.label), []).append(one)
    for (pattern, a, b), same in groups.items():
        at = _at(pattern, [r.rule.label for r in same])
        yield f"  {style.mark('no' if same[0].verdict == 'superseded' else same[0].verdict)} {pattern}{at}" + (
            "" if told is not None else f"  ({a}, {b})"
        )
        if same[0].verdict == "superseded":
            yield from wrap(f"→ {same[0].because.children[0].claim}", "      ", style, dim=False)
            continue
        failing = list(dict.fromkeys(r.because.children[0] for r in same))
        for child in failing[:_LONG]:
            if told is not None and child.verdict == "no" and len(failing) == 1:
                yield from _rests(child, style, "      ", told)
            else:
                yield from wrap(f"{style.mark(child.verdict)} {child.claim}", "      ", style, dim=False)
        if len(failing) > _LONG:
            yield f"      {style.dim(f'and {len(failing) - _LONG} more')}"


def comparison(c: Comparison, style: Style) -> str:
    """Write a comparison: where the two meet and part, then the axes; proofs are in the JSON."""
    lines = [style.bold(c.question), ""]
    lines += wrap(f"Nearest common class: {c.nearest.label if c.nearest else 'none'}.", "", style, dim=False)
    lines += [*wrap(f"Where they part: {c.parting}", "", style, dim=False), ""] if c.parting else [""]
    for axis in dict.fromkeys(row.axis for row in c.rows):
        lines.append(style.bold(axis))
        rows = [row for row in c.rows if row.axis == axis]
        for row in rows:
            if row.side != "unknown":
                lines += wrap(f"{_MARKS[row.side]} {row.sentence}", "  ", style, dim=False)
        for of, has, rest in (("a", c.a.label, c.b.label), ("b", c.b.label, c.a.label)):
            unsure = [row.value for row in rows if row.side == "unknown" and row.of == of]
            if unsure:
                lines += wrap(f"◌ Not known of {rest}: {has} {_listed(unsure)}.", "  ", style, dim=False)
        lines.append("")
    key = "   ".join(f"{_MARKS[side]} {words}" for side, words in c.sides.items())
    return "\n".join([*lines, style.dim(key), style.dim(DISCLAIMER)])


def audit(a: Audit, style: Style) -> str:
    """Write the claims of an article as a table, with the counts of the verdicts."""
    lines = [style.bold(f"Audit: {a.citation}"), ""]
    for number, one in enumerate(a.claims, 1):
        lines += wrap(f"{number:>3} {_VERDICT_MARKS[one.verdict]} {one.verdict:<12} {one.claim}", "", style, dim=False)
        if one.better and one.verdict != "supported":
            lines += wrap(f"better: {one.better}", "                   ", style)
    counts = ", ".join(f"{count} {verdict}" for verdict, count in a.counts.items())
    return "\n".join([*lines, "", style.bold(f"{len(a.claims)} claims: {counts}"), style.dim(DISCLAIMER)])


def claim(c: Audited, style: Style) -> str:
    """Write one claim with its parts and what each of them rests on."""
    lines = [style.bold(f"{c.claim} ({c.place})"), f"{_VERDICT_MARKS[c.verdict]} {c.verdict}", ""]
    told = set[str]()
    for part in c.proof.children:
        lines += wrap(f"{style.mark(part.verdict)} {part.claim}", "  ", style, dim=False)
        for node in part.children[:_LONG]:
            lines += _rests(node, style, "    ", told)
        if len(part.children) > _LONG:
            lines.append(f"    {style.dim(f'and {len(part.children) - _LONG} more of the same')}")
    if c.better:
        lines += ["", *wrap(f"Better: {c.better}", "", style, dim=False)]
    return "\n".join([*lines, "", style.dim(DISCLAIMER)])


def drift(d: Drift, style: Style) -> str:
    """Write by source and class how tags stand to what is derived, then each refutation with its reason on our side."""
    lines = [style.bold("Tags of other classifications against what is derived here"), "", *_tally(d, style)]
    if d.unread:
        more = f" and {len(d.unread) - _MANY} more" if len(d.unread) > _MANY else ""
        lines += [*wrap(f"unread, since no drug here is called so: {', '.join(d.unread[:_MANY])}{more}", "", style, dim=False), ""]
    wrong = [row for row in d.rows if row.outcome == "they say, we refute"]
    lines.append(style.bold("They say so, and it is refuted here" if wrong else "Nothing that they say is refuted here"))
    for row in wrong:
        head = f"{style.mark('no')} {row.source} calls {row.drug.label} {'; '.join(row.tags)}: here that would be {row.cls.label}"
        lines += wrap(head, "  ", style, dim=False)
        lines += _reason(row.because, style) if row.because else ()
    return "\n".join([*lines, "", *wrap(_total(d), "", style, dim=False), style.dim(DISCLAIMER)])


def _tally(d: Drift, style: Style) -> Iterator[str]:
    """Write the counts, a block for each source; sources of the graph that have one class only are told together."""
    single = [s.name for s in d.sources if s.name.startswith("src:") and sum(name == s.name for name, _ in d.counts) == 1]
    other = f"other sources ({len(single)}, of one class each)"
    small = single if len(single) > 1 else []
    title = {s.name: other if s.name in small else f"{s.name} ({s.drugs} of the drugs here)" for s in d.sources}
    blocks: dict[str, dict[str, dict[str, int]]] = {name: {} for name in sorted(title.values(), key=other.__eq__)}
    for (source, cls), cell in d.counts.items():
        block = blocks[title[source]]
        block[cls] = {outcome: count + block.get(cls, {}).get(outcome, 0) for outcome, count in cell.items()}
    heads = [outcome.rpartition(", ") for outcome in next(iter(d.counts.values()), ())]
    width = max([len(cls) for _, cls in d.counts], default=0)
    silent = {title[s.name] for s in d.sources if s.whole}
    for name, block in blocks.items():
        yield style.bold(name)
        if not block:
            yield "  No tag of it amounts to a class here."
        for cells in ([first + comma.strip() for first, comma, _ in heads], [last for *_, last in heads]) if block else ():
            yield f"  {'':<{width}}" + "".join(f"  {cell:>{_wide(head)}}" for cell, head in zip(cells, heads, strict=True))
        for cls, cell in sorted(block.items()):
            counts = [str(n) if name in silent or "silent" not in o else "–" for o, n in cell.items()]
            yield f"  {cls:<{width}}" + "".join(f"  {n:>{_wide(head)}}" for n, head in zip(counts, heads, strict=True))
        yield ""


def _wide(head: tuple[str, str, str]) -> int:
    """Return the width of a column whose head is broken at its comma."""
    return max(len(head[0]) + 1, len(head[2]))


def _total(d: Drift) -> str:
    """Say how many rows have each outcome; silence only where some source's silence is counted."""
    told = [o for o in next(iter(d.counts.values()), ()) if "silent" not in o or any(s.whole for s in d.sources)]
    return "; ".join(f"{sum(cell[o] for cell in d.counts.values())} {o}" for o in told)


def _reason(p: Proof, style: Style) -> Iterator[str]:
    """Write what a refutation rests on, without its sources: `ask` has them."""
    leaves = list({leaf.about: leaf for leaf in p.leaves()}.values())
    shown = [leaf.claim for leaf in leaves if leaf.kind == "statement"][:_LONG]
    more = len([leaf for leaf in leaves if leaf.kind == "statement"]) - len(shown)
    text = "; ".join(shown) + (f"; and {more} more" if more > 0 else "")
    closed = any(leaf.kind == "claim" for leaf in leaves)
    yield from wrap(f"{text}{' (a complete list)' if closed else ''}", "      ", style)


def _listed(values: list[str]) -> str:
    """List predicates, with the words that all of them begin with said once."""
    words = [v.split() for v in values]
    same = 0
    while len(values) > 1 and all(len(w) > same + 1 and w[same] == words[0][same] for w in words):
        same += 1
    return " ".join([*words[0][:same], "; ".join(" ".join(w[same:]) for w in words)])
