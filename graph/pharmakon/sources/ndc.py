"""The FDA's National Drug Code directory, from the table of products in its download.

The directory has products, and names the substances in each; salts have names of their own. The classes in a row are those of the
product. A product with one substance has the classes of that substance. One with several has the classes of all of them in one list,
which does not say whose each is: given to all, they would make paracetamol an opioid. So the rows of combinations give no classes.
Nor do they give names. A brand that products of many substances bear is a shop's name or a complaint, and is no name of any of them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ._names import distinct, lowered, slug
from .records import Record, Substance, Tagged
from .shape import File, Report, Source, role_by_columns, table

_NEEDS = ("PRODUCTNDC", "PROPRIETARYNAME", "NONPROPRIETARYNAME", "SUBSTANCENAME", "PHARM_CLASSES")
_PLAIN = re.compile(r"[A-Za-z0-9' -]{2,40}")
_WORDS = 4
_SYNONYMS = 60
_SHARED = 3


@dataclass
class _Found:
    """What is known of a substance so far: its spellings, and how many products with it alone bear each name."""

    spellings: list[str] = field(default_factory=list)
    plain: Counter[str] = field(default_factory=Counter)
    brands: Counter[str] = field(default_factory=Counter)


def _read(files: Mapping[str, Path], report: Report) -> Iterator[Record]:
    path = files["products"]
    found: dict[str, _Found] = {}
    tags: dict[tuple[str, str], str] = {}
    for number, row in table(path, _NEEDS, report, "\t", "latin-1"):
        names = {slug(name): name.strip().lower() for name in reversed(row["SUBSTANCENAME"].split(";")) if slug(name)}
        classes = [tag.strip() for tag in re.split(r"(?<=\]),", row["PHARM_CLASSES"]) if tag.strip()]
        if not names:
            report.skip("a product without a substance", f"{path.name}:{number}")
        elif len(names) > 1 and classes:
            report.skip("a combination: its classes belong to no one substance", f"{path.name}:{number}")
        for key, name in reversed(names.items()):
            substance = found.setdefault(key, _Found())
            if name not in substance.spellings:
                substance.spellings.append(name)
            if len(names) == 1:
                substance.plain.update(_plain(row["NONPROPRIETARYNAME"]))
                substance.brands.update(_plain(row["PROPRIETARYNAME"]))
                for tag in classes:
                    tags.setdefault((key, tag), row["PRODUCTNDC"])
    bearers = Counter(brand for substance in found.values() for brand in {brand.lower() for brand in substance.brands})
    for key, substance in found.items():
        name, *others = substance.spellings
        brands = (brand for brand, _ in substance.brands.most_common() if bearers[brand.lower()] <= _SHARED)
        borne = (*(plain for plain, _ in substance.plain.most_common()), *brands)
        yield Substance(f"ndc:{key}", name, distinct((*others, *borne), name)[:_SYNONYMS], drug=True)
    for (key, tag), product in tags.items():
        yield Tagged(f"ndc:{key}", tag, tag, f"PRODUCTNDC {product}")


def _plain(name: str) -> tuple[str, ...]:
    """Return a name if it is plain: a few words, without a list, a strength in per cent or a remark in brackets."""
    name = " ".join(name.split())
    return (lowered(name),) if _PLAIN.fullmatch(name) and name.count(" ") < _WORDS else ()


_FILES = (File("products", "https://www.accessdata.fda.gov/cder/ndctext.zip#product.txt", _NEEDS),)

SOURCE = Source(
    name="ndc",
    title="FDA National Drug Code directory",
    licence="public domain",
    home="https://www.fda.gov/drugs/drug-approvals-and-databases/national-drug-code-directory",
    files=_FILES,
    recognise=role_by_columns(_FILES, "\t", "latin-1"),
    read=_read,
)
"""The FDA's National Drug Code directory."""
