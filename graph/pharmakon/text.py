"""Answers as text for a terminal: marks and words before colour, conditions as a checklist, sources at every leaf."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from .proof import Proof
from .say import article
from .values import DISCLAIMER

if TYPE_CHECKING:
    from .check import Finding
    from .sparql import Table
    from .values import Answer, Contrast, Members, Page, Verdict, WhatIfs

MARKS = {"yes": "●", "no": "✕", "unknown": "◌", "contradicted": "⚡"}
WORDS = {"yes": "yes", "no": "no", "unknown": "not known", "contradicted": "contradicted"}
_COLOURS = {"yes": "34", "no": "33", "unknown": "2", "contradicted": "35"}
_WIDTH = 100


@dataclass(frozen=True)
class Style:
    """How to write: with colour on a terminal, without elsewhere."""

    colour: bool = False

    def paint(self, text: str, code: str) -> str:
        """Colour a text, where colours are wanted."""
        return f"\x1b[{code}m{text}\x1b[0m" if self.colour else text

    def mark(self, verdict: str, word: bool = False) -> str:
        """Return the mark of a verdict, with its word where wanted."""
        return self.paint(MARKS[verdict] + (f" {WORDS[verdict]}" if word else ""), _COLOURS[verdict])

    def bold(self, text: str) -> str:
        """Write in bold."""
        return self.paint(text, "1")

    def dim(self, text: str) -> str:
        """Write what is read second."""
        return self.paint(text, "2")


def answer(a: Answer, style: Style) -> str:
    """Write an answer: the verdict in each sense, then its reasons as checklists."""
    lines = [style.bold(a.question), ""]
    for verdict in a.answers:
        lines += _verdict(verdict, style)
        lines.append("")
    return "\n".join([*lines, style.dim(DISCLAIMER)])


def _verdict(v: Verdict, style: Style) -> Iterator[str]:
    yield f"{style.mark(v.verdict, word=True)}  {style.bold(v.sense.label)}"
    yield from wrap(f"{v.sense.definition} ({v.sense.source})" if v.sense.source else v.sense.definition, "  ", style)
    several, told = len(v.reasons) > 1, set[Proof]()
    for number, reason in enumerate(v.reasons, 1):
        shown = list(reason.children) if reason.kind == "class" and reason.children else [reason]
        if several:
            title = "of two sides" if v.verdict == "contradicted" else "independent reason"
            yield f"  {style.dim(f'{title} {number} of {len(v.reasons)}')}"
        for child in shown:
            yield from proof(child, style, "  ", told)
    if v.capped:
        yield "  " + style.dim("There are more reasons than are shown: the smallest come first.")
    if v.open:
        yield "  " + ("What would settle it:" if v.verdict == "unknown" else "What is at odds:")
        for point in v.open:
            yield from wrap(f"· {point}", "    ", style, dim=False)


def proof(p: Proof, style: Style, indent: str = "", told: set[Proof] | None = None) -> Iterator[str]:
    """Write a proof tree, a line a node, the sources under the leaves. What was told before is named and not told again."""
    told = set() if told is None else told
    again = p in told and bool(p.children or p.sources)
    told.add(p)
    while p.kind in ("class", "condition") and len(p.children) == 1 and p.children[0].kind in ("class", "condition"):
        p = replace(p, children=p.children[0].children)
    mark = style.mark(p.verdict) if p.kind in ("class", "condition") else style.dim({"statement": "─", "claim": "═"}.get(p.kind, "·"))
    head, *rest = textwrap.wrap(p.claim + (": as above" if again else ""), _WIDTH - len(indent) - 2) or [""]
    yield f"{indent}{mark} {head}"
    yield from (f"{indent}  {line}" for line in rest)
    if again:
        return
    for source in p.sources if p.kind in ("statement", "claim") else ():
        where = f"{source.citation}: {source.locator}" if source.locator else source.citation
        yield from wrap(f"[{where}]", indent + "    ", style)
    for child in p.children:
        yield from proof(child, style, indent + "  ", told)


def wrap(text: str, indent: str, style: Style, dim: bool = True) -> Iterator[str]:
    """Break a text into lines, each indented, further ones more; dimmed where it is read second."""
    for line in textwrap.wrap(text, _WIDTH - len(indent), subsequent_indent="  "):
        yield indent + (style.dim(line) if dim else line)


def contrast(c: Contrast, style: Style) -> str:
    """Write two checklists side by side, then the proofs of the first condition on which they part."""
    a, b = c.a.subject.label, c.b.subject.label
    lines, told = [style.bold(c.question), ""], set[Proof]()
    for va, vb, rows in zip(c.a.answers, c.b.answers, c.rows, strict=True):
        lines.append(f"{style.bold(va.sense.label)}: {a} {style.mark(va.verdict, word=True)}, {b} {style.mark(vb.verdict, word=True)}")
        width = max([len(a), len(b), 12])
        lines.append(f"  {a:<{width}}  {b:<{width}}  condition")
        for row in rows:
            cells = [f"{MARKS[v]} {WORDS[v]}".ljust(width) for v in (row.a, row.b)]
            painted = [style.paint(cell, _COLOURS[v]) for cell, v in zip(cells, (row.a, row.b), strict=True)]
            lines.append(f"  {painted[0]}  {painted[1]}  {row.condition}")
        for row in rows:
            if row.a != row.b:
                lines += ["", f"  Only one {row.condition}:"]
                for side in (row.proof_a, row.proof_b):
                    if side:
                        lines += list(proof(side, style, "    ", told))
        lines.append("")
    return "\n".join([*lines, style.dim(DISCLAIMER)])


def what_if(w: WhatIfs, style: Style) -> str:
    """Write what would unsettle a verdict and what would turn it."""
    lines = [style.bold(f"What would change whether {w.subject.label} is {article(w.cls.label)}?"), ""]
    for one in w.answers:
        lines.append(f"{style.mark(one.verdict, word=True)}  {style.bold(one.sense.label)}")
        if one.unsettle:
            lines.append("  To unsettle it, withdraw" + (" one of:" if len(one.unsettle) > 1 else ":"))
            for group in one.unsettle:
                lines += wrap("· " + " together with ".join(leaf.claim for leaf in group), "    ", style, dim=False)
                for leaf in group:
                    lines += [x for s in leaf.sources for x in wrap(f"[{s.citation}]", "      ", style)]
        for to in dict.fromkeys(to for to, _ in one.turn):
            plans = [plan for t, plan in one.turn if t == to]
            lines.append(f"  To make it {style.mark(to, word=True)}" + (", one of:" if len(plans) > 1 else ":"))
            for plan in plans:
                lines += wrap("· " + " and ".join(change.text for change in plan), "    ", style, dim=False)
        if not one.turn:
            lines.append("  Nothing that could be stated of it would turn it.")
        lines.append("")
    return "\n".join([*lines, style.dim(DISCLAIMER)])


def members(found: Sequence[Members], style: Style) -> str:
    """Write who is in a class, who is not, and of whom it is not known."""
    lines = []
    for one in found:
        lines += [style.bold(one.cls.label), *wrap(one.cls.definition, "  ", style)]
        for verdict in ("yes", "no", "unknown", "contradicted"):
            things = getattr(one, verdict)
            if things or verdict != "contradicted":
                lines.append(f"{style.mark(verdict, word=True)} ({len(things)})")
                lines += wrap(", ".join(t.label for t in things) or "none", "    ", style, dim=False)
        lines.append("")
    return "\n".join([*lines, style.dim(DISCLAIMER)])


def page(p: Page, style: Style) -> str:
    """Write all that the graph says of a thing."""
    lines = [style.bold(p.subject.label), *wrap(p.definition, "  ", style, dim=False)]
    if p.names:
        lines += wrap("also called " + ", ".join(p.names), "  ", style)
    if p.ids:
        lines += wrap("ids " + ", ".join(p.ids), "  ", style)
    last = ""
    for entry in p.entries:
        if entry.prop != last:
            lines += ["", style.bold(entry.prop)]
            last = entry.prop
        lines += wrap(f"─ {entry.text}", "  ", style, dim=False)
        for source in entry.sources:
            lines += wrap(f"[{source.citation}: {source.locator}]" if source.locator else f"[{source.citation}]", "      ", style)
    if p.derived:
        lines += ["", style.bold("derived")]
        for verb in dict.fromkeys(v for v, _ in p.derived):
            lines += wrap(f"┄ {verb}: " + ", ".join(x for v, x in p.derived if v == verb), "  ", style, dim=False)
    return "\n".join([*lines, "", style.dim(DISCLAIMER)])


def table(t: Table, style: Style) -> str:
    """Write the answer to a query in columns."""
    rows = t.texts()
    widths = [min(max([len(c), *(len(row[i]) for row in rows)]), 60) for i, c in enumerate(t.columns)]
    lines = [style.bold("  ".join(c.ljust(w) for c, w in zip(t.columns, widths, strict=True)).rstrip())]
    lines += ["  ".join(cell.ljust(w) for cell, w in zip(row, widths, strict=True)).rstrip() for row in rows]
    return "\n".join([*lines, style.dim(f"{len(rows)} row{'' if len(rows) == 1 else 's'}")])


def findings(found: Sequence[Finding], style: Style) -> str:
    """Write what a check found, errors first."""
    from .check import SEVERITIES

    lines = [f"{style.bold(f.severity)} {f.line} [{f.check}]" for s in SEVERITIES for f in found if f.severity == s]
    count = {s: sum(f.severity == s for f in found) for s in SEVERITIES}
    last = f"{count['error']} errors, {count['conflict']} conflicts, {count['incomplete']} incomplete"
    clean = "" if count["error"] or count["conflict"] else "clean: "
    return "\n".join([*lines, clean + last])
