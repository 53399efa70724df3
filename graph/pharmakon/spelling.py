"""How names are compared: what a person types and what the graph knows meet in one normal form."""

from __future__ import annotations

import unicodedata

_GREEK = {
    "α": "alpha",
    "β": "beta",
    "γ": "gamma",
    "δ": "delta",
    "κ": "kappa",
    "μ": "mu",
    "µ": "mu",
    "σ": "sigma",
}

_ASCII = str.maketrans({chr(c): " " for c in range(128) if not chr(c).isalnum()})


def normal(name: str) -> str:
    """Return the form in which names are compared.

    >>> normal("  GABA-B Agonist "), normal("µ-opioid"), normal("5-HT₃")
    ('gaba b agonist', 'mu opioid', '5 ht3')
    """
    if name.isascii():
        return " ".join(name.casefold().translate(_ASCII).split())
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", name).casefold())
    letters = (_GREEK.get(c, c) for c in plain if not unicodedata.combining(c))
    spelt = " ".join("".join(part if part.isalnum() else " " for part in letters).split())
    return spelt if spelt == name else normal(spelt)


def singular(name: str) -> str:
    """Return an English plural's singular, as far as class names need it.

    >>> singular("opiates"), singular("benzodiazepines"), singular("analgesics"), singular("class")
    ('opiate', 'benzodiazepine', 'analgesic', 'class')
    """
    if name.endswith("ies") and len(name) > 4:
        return name[:-3] + "y"
    return name[:-1] if name.endswith("s") and not name.endswith("ss") else name
