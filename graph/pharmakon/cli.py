"""The command line: the same verbs as in Python, with names as people write them.

Exit status: 0 for an answer, 1 when a check or a verification found something, 2 when the input was at fault.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import sys
from collections.abc import Callable, Sequence
from typing import Any

from . import showing, streams, verbs

Handler = Callable[[argparse.Namespace], int]
_FILES = "ChEBI as OBO, the FDA's product file, or a table of your own with the columns drug and class, gzipped or not; else the graph's own tags"


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; return its exit status."""

    def work() -> int:
        arguments = _parser().parse_args(argv)
        handler: Handler = arguments.run
        return handler(arguments)

    return streams.run(work)


def _parser() -> argparse.ArgumentParser:
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--ontology", metavar="DIR", help="use the Turtle files in DIR in the place of the shipped ones")
    common.add_argument("--add", metavar="PATH", action="append", default=[], help="read a Turtle file or folder besides (repeatable)")
    common.add_argument(
        "--store", metavar="DIR", default=os.environ.get("PHARMAKON_STORE"), help="use the store that databases were imported into"
    )
    common.add_argument(
        "--endpoint",
        metavar="URL",
        default=os.environ.get("PHARMAKON_ENDPOINT"),
        help="use the store that was brought to a SPARQL endpoint",
    )
    output = argparse.ArgumentParser(add_help=False)
    output.add_argument("--json", action="store_true", help="write JSON in the place of text")
    view = argparse.ArgumentParser(add_help=False)
    view.add_argument("--without", metavar="SOURCE", action="append", default=[], help="withdraw a source, such as gtopdb (repeatable)")

    parser = argparse.ArgumentParser(
        prog="pharmakon",
        description="Ask what a drug is, and get a proof. For teaching and research: no medical advice.",
        epilog="Start with: pharmakon ask baclofen opiate",
    )
    from . import __version__

    parser.add_argument("--version", action="version", version=f"pharmakon {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)

    def command(name: str, run: Handler, help: str, *parents: argparse.ArgumentParser) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=help, description=help, parents=[common, *parents])
        added.set_defaults(run=run)
        return added

    ask = command("ask", _ask, "is DRUG a CLASS? yes, no or not known, with the proof", output, view)
    ask.add_argument("words", nargs="+", metavar="DRUG CLASS", help='a drug and a class, or a question: "is baclofen an opiate?"')
    why = command("why", _why, "why DRUG_A and not DRUG_B? the conditions of CLASS side by side", output, view)
    why.add_argument("a", metavar="DRUG_A", help="the drug that is one, or that is asked about first")
    why.add_argument("b", metavar="DRUG_B", help="the drug that is set against it")
    why.add_argument("cls", metavar="CLASS", help="a class, or a word with several senses")
    whatif = command("whatif", _whatif, "what would unsettle the verdict, and what would turn it?", output, view)
    whatif.add_argument("drug", metavar="DRUG", help="a drug, by any of its names")
    whatif.add_argument("cls", metavar="CLASS", help="a class, or a word with several senses")
    members = command("members", _members, "which drugs are a CLASS, which are not, of which is it not known?", output, view)
    members.add_argument("cls", metavar="CLASS", help="a class, or a word with several senses")
    comp = command("compare", _compare, "two drugs or classes side by side, axis by axis", view)
    comp.add_argument("a", metavar="A", help="a drug, by any of its names, or a class that stands for every drug in it")
    comp.add_argument("b", metavar="B", help="another drug or class")
    form = comp.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_const", const="json", dest="format", help="write JSON in the place of text")
    form.add_argument("--format", choices=("text", "markdown", "csv", "json"), default="text", help="how to write it (default text)")
    inter = command("interactions", _interactions, "what follows when drugs are taken together, what is refused, and why", output, view)
    inter.add_argument(
        "drugs", nargs="*", metavar="DRUG", help="two drugs or more, by any of their names; one alone is held against every other"
    )
    inter.add_argument(
        "--all", action="store_true", help="every rule that fires for every pair of drugs that are here, as CSV or with --json"
    )
    inter.add_argument("--condition", metavar="NAME", help='a circumstance of the patient, such as "renal impairment"')
    audit = command("audit", _audit, "an article held against the graph, claim by claim", output, view)
    audit.add_argument("article", nargs="?", metavar="ARTICLE", help="the source, where several articles have claims")
    audit.add_argument("--claim", type=int, metavar="N", help="show one claim, counted as in the table, with its proof")
    drift = command("drift", _drift, "tags of other classifications held against what is derived here", output, view)
    drift.add_argument("files", nargs="*", metavar="FILE", help=_FILES)
    quiz = command("quiz", _quiz, "questions made from the graph, with their key", output)
    quiz.add_argument("topic", nargs="?", metavar="TOPIC", help="a class, a word or a drug; the whole graph where none is given")
    quiz.add_argument("-n", type=int, default=10, metavar="N", help="how many questions (default 10)")
    quiz.add_argument("--seed", type=int, default=0, help="the same seed gives the same quiz (default 0)")
    quiz.add_argument("--no-key", action="store_true", help="leave the answers out")
    show = command("show", _show, "what the graph says of THING, with sources", output)
    show.add_argument("thing", metavar="THING", help="a drug, a class or anything else that has a name")
    listing = command("list", _list, "name the drugs, classes, sources or queries", output)
    listing.add_argument(
        "what", choices=("drugs", "classes", "sources", "queries"), nargs="?", default="drugs", help="what to name (default drugs)"
    )
    query = command("query", _query, "run a SPARQL file, or a shipped query by name")
    query.add_argument("name", metavar="FILE-OR-NAME", help="a file, a name such as identity-01, or - for standard input")
    query.add_argument(
        "--bind", metavar="NAME=VALUE", action="append", default=[], help="bind a variable to a thing, an IRI, a number or a quoted text"
    )
    query.add_argument("--format", choices=("table", "csv", "tsv", "json", "markdown", "parquet"), default="table", help="(default table)")
    query.add_argument("-o", "--output", metavar="FILE", help="write to FILE")
    showing.add(command, view)
    command("check", _check, "look for what must never be: violation queries, shapes, definitions", output)
    verify = command("verify", _verify, "hold every verdict against the OWL reasoner HermiT (needs the verify extra)")
    verify.add_argument("--pairs", type=int, default=2000, metavar="N", help="how many pairs of pattern classes to sample (default 2000)")
    verify.add_argument("--seed", type=int, default=1, help="seed of the sample (default 1)")
    verify.add_argument("--random", type=int, metavar="N", help="judge N random ontologies in the place of the graph")
    verbs.add(command, output)
    return parser


# --- helpers --------------------------------------------------------------------------------------------------------


def _graph(a: argparse.Namespace) -> Any:
    from .graph import open_graph

    return open_graph(a.ontology, a.add, store=a.store, endpoint=a.endpoint)


def _style() -> Any:
    from .text import Style

    return Style(sys.stdout.isatty() and "NO_COLOR" not in os.environ)


def _say(a: argparse.Namespace, value: Any, write: Callable[[Any, Any], str]) -> int:
    print(json.dumps(value.to_json(), ensure_ascii=False, indent=1) if a.json else write(value, _style()))
    return 0


# --- commands -------------------------------------------------------------------------------------------------------


def _answer(a: argparse.Namespace, words: Sequence[str]) -> Any:
    from .answers import ask

    graph = _graph(a)
    if len(words) == 2:
        return ask(words[0], words[1], without=a.without, graph=graph)
    return ask(" ".join(words), without=a.without, graph=graph)


def _ask(a: argparse.Namespace) -> int:
    from .text import answer

    return _say(a, _answer(a, a.words), answer)


def _why(a: argparse.Namespace) -> int:
    from .answers import why
    from .text import contrast

    return _say(a, why(a.a, a.b, a.cls, without=a.without, graph=_graph(a)), contrast)


def _whatif(a: argparse.Namespace) -> int:
    from .answers import whatif
    from .text import what_if

    return _say(a, whatif(a.drug, a.cls, without=a.without, graph=_graph(a)), what_if)


def _members(a: argparse.Namespace) -> int:
    from .answers import members
    from .text import members as write

    found = members(a.cls, without=a.without, graph=_graph(a))
    print(json.dumps([m.to_json() for m in found], ensure_ascii=False, indent=1) if a.json else write(found, _style()))
    return 0


def _compare(a: argparse.Namespace) -> int:
    from .axes import compare
    from .report import comparison
    from .sparql import Table, write

    found = compare(a.a, a.b, without=a.without, graph=_graph(a))
    if a.format in ("markdown", "csv"):
        streams.write(None, write(Table.of(("axis", "side", "sentence"), found.table()), a.format))
        return 0
    a.json = a.format == "json"
    return _say(a, found, comparison)


def _interactions(a: argparse.Namespace) -> int:
    from .errors import BadQuestion
    from .interact import Pairs, every_pair, interactions
    from .report import interactions as write

    graph = _graph(a)
    if not a.all:
        return _say(a, interactions(*a.drugs, condition=a.condition, without=a.without, graph=graph), write)
    if a.drugs or a.condition is not None:
        raise BadQuestion(
            "--all asks about every pair of drugs in every circumstance: leave out the drugs and --condition, or leave out --all"
        )
    pairs = Pairs(graph, graph.evaluator(a.without))
    found = (pairs.interaction(*fired) for fired in every_pair(without=a.without, graph=graph))
    columns = ("rule", "one", "other", "consequence", "seriousness", "classification")
    rows = [(i.rule.label, i.a.label, i.b.label, i.consequence, i.seriousness, i.kind) for i in found]
    if a.json:
        print(json.dumps([dict(zip(columns, row, strict=True)) for row in rows], ensure_ascii=False, indent=1))
    else:
        csv.writer(sys.stdout, lineterminator="\n").writerows([columns, *rows])
    return 0


def _audit(a: argparse.Namespace) -> int:
    from .claims import audit
    from .errors import BadQuestion
    from .report import audit as write
    from .report import claim

    found = audit(a.article, without=a.without, graph=_graph(a))
    if a.claim is None:
        return _say(a, found, write)
    if not 1 <= a.claim <= len(found.claims):
        raise BadQuestion(f"there is no claim {a.claim}: the article has {len(found.claims)}")
    return _say(a, found.claims[a.claim - 1], claim)


def _drift(a: argparse.Namespace) -> int:
    from .report import drift as write
    from .tags import drift

    return _say(a, drift(*a.files, without=a.without, graph=_graph(a)), write)


def _quiz(a: argparse.Namespace) -> int:
    from .questions import quiz, write

    found = quiz(a.topic, n=a.n, seed=a.seed, graph=_graph(a))
    return _say(a, found, lambda value, style: write(value, style, key=not a.no_key))


def _show(a: argparse.Namespace) -> int:
    from .answers import show
    from .text import page

    return _say(a, show(a.thing, graph=_graph(a)), page)


def _list(a: argparse.Namespace) -> int:
    from .listing import listing

    rows = listing(_graph(a), a.what)
    if a.json:
        print(json.dumps([{"name": name, "about": about} for name, about in rows], ensure_ascii=False, indent=1))
    else:
        width = min(max(len(name) for name, _ in rows), 44)
        print("\n".join(f"{name:<{width}}  {about}".rstrip() for name, about in rows))
    return 0


def _query(a: argparse.Namespace) -> int:
    from . import sparql
    from .binding import bindings
    from .text import table

    graph = _graph(a)
    text = sys.stdin.read() if a.name == "-" else sparql.read(a.name)
    found = sparql.run(graph.store, text, bindings(graph, a.bind))
    content = (table(found, _style()) + "\n").encode() if a.format == "table" else sparql.write(found, a.format)
    streams.write(a.output, content)
    return 0


def _check(a: argparse.Namespace) -> int:
    from . import check
    from .errors import BadQuestion
    from .text import findings

    if a.store or a.endpoint:
        raise BadQuestion(
            "check holds the files of the ontology against their rules: leave out --store and --endpoint; "
            "where imported sources disagree: `pharmakon query sources-disagree --store DIR`"
        )
    graph = _graph(a)
    files = graph.sources.turtle
    found = [*check.run(graph.store, files), *check.definitions(graph.schema, files), *check.shapes(graph.store, files)]
    if a.json:
        print(json.dumps([vars(f) for f in found], ensure_ascii=False, indent=1))
    else:
        print(findings(found, _style()))
    return 1 if any(f.severity != "incomplete" for f in found) else 0


def _verify(a: argparse.Namespace) -> int:
    if a.random is not None:
        from .randoms import judge_random

        return judge_random(a.random, a.seed, print)
    from .verify import judge

    return judge(_graph(a), a.pairs, a.seed, print)
