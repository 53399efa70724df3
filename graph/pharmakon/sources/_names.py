"""Names as sources write them, made plain."""

from __future__ import annotations

import re
from collections.abc import Iterable

_CODE = re.compile(r"[A-Z&]{1,5}[- ]?\d[\w.,/-]*")
_GREEK = re.compile(r"\.(alpha|beta|gamma|delta|epsilon|zeta|eta|kappa|lambda|mu|xi|pi|sigma|tau|psi|omega)\.", re.IGNORECASE)
_HANDS = (("(+/-)", " plus minus "), ("(+)", " plus "), ("(-)", " minus "))


def distinct(names: Iterable[str], but: str = "") -> tuple[str, ...]:
    """Return each name once, whatever its capitals, in order, without blank ones and without the name ``but``.

    >>> distinct(["Lioresal", "", "LIORESAL", "Baclofen"], "baclofen")
    ('Lioresal',)
    """
    found: dict[str, str] = {}
    for name in names:
        name = name.strip()
        found.setdefault(name.lower(), name)
    for unwanted in ("", but.lower()):
        found.pop(unwanted, None)
    return tuple(found.values())


def is_code(name: str) -> bool:
    """Whether a name is a code that a company gave.

    >>> is_code("LY-510929"), is_code("RO 23-3544"), is_code("BACLOFEN"), is_code("2-NAPHTHOL")
    (True, True, False, False)
    """
    return _CODE.fullmatch(name) is not None


def lowered(name: str) -> str:
    """Return a name written in capitals in small letters, and its Greek letters without their stops; a code stays as it is.

    >>> lowered("BACLOFEN"), lowered(".BETA.-CAROTENE"), lowered("LY-510929"), lowered("Lioresal")
    ('baclofen', 'beta-carotene', 'LY-510929', 'Lioresal')
    """
    if "." in name:
        name = _GREEK.sub(r"\1", name)
    return name.lower() if name.isupper() and not is_code(name) else name


def slug(name: str) -> str:
    """Return a name as the last part of an id: small letters and figures, and hyphens between; a sign of rotation in words.

    >>> slug("FLORBETAPIR F-18"), slug("CAMPHOR, (-)-"), slug("CAMPHOR, (+/-)-")
    ('florbetapir-f-18', 'camphor-minus', 'camphor-plus-minus')
    """
    for sign, words in _HANDS:
        name = name.replace(sign, words)
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
