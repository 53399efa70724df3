"""Pages: what the graph says, rendered on the server, for a browser with or without script.

>>> from pharmakon import open_graph
>>> respond(open_graph(), "/ask", {"subject": ["morphine"], "class": ["opioid"]}).status
200
"""

from __future__ import annotations

from .assets import static
from .reply import Reply
from .routes import respond, warm

__all__ = ["Reply", "respond", "static", "warm"]
