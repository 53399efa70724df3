"""Requests to a SPARQL server: credentials, a limit of time, and a clear error for everything that can go wrong on the way."""

from __future__ import annotations

import os
import time
import weakref
from collections.abc import Generator, Mapping

from ..errors import BadInput, BadQuery, StoreUnavailable

try:
    import httpx
except ImportError:
    raise StoreUnavailable("an endpoint needs the endpoint extra: pip install 'pharmakon[endpoint]'") from None

USER, PASSWORD, TOKEN = "PHARMAKON_ENDPOINT_USER", "PHARMAKON_ENDPOINT_PASSWORD", "PHARMAKON_ENDPOINT_TOKEN"
TIMEOUT = "PHARMAKON_ENDPOINT_TIMEOUT"
ROWS, TRIPLES, ANY = "application/sparql-results+json", "application/n-triples", "*/*"

_SECONDS = 60.0
_SHOWN = 300


class Wire:
    """The connection to one server.

    Attributes:
        requests: how many requests were sent.
    """

    def __init__(self) -> None:
        self.requests = 0
        self.seconds = _limit()
        self._client = httpx.Client(auth=_credentials(), timeout=self.seconds)
        self._end = weakref.finalize(self, self._client.close)

    def close(self) -> None:
        """Close the connections. Done at the latest when nobody uses them any more."""
        self._end()

    def query(self, url: str, text: str, accept: str, data: Mapping[str, str]) -> tuple[bytes, Mapping[str, str]]:
        """Send a query as a form, which every server takes, and return the body and the headers of the answer.

        Raises:
            BadQuery: the server refuses the query.
            StoreUnavailable: the answer does not come, not in time, not whole, or is of another type.
        """
        response, body = self._send(url, {"query": text, **data}, None, {"Accept": accept}, {})
        if response.status_code == 400:
            raise BadQuery(f"{url} refuses the query: {_opening(body)}")
        self._good(url, response.status_code, body)
        found = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        if found != accept and not (accept == TRIPLES and found == "text/plain"):
            raise StoreUnavailable(f"{url} answered with {found or 'no type'} in the place of {accept}: {_opening(body)}")
        if response.status_code == 206 or "X-SQL-State" in response.headers:
            why = response.headers.get("X-SQL-Message", "no reason given")
            raise StoreUnavailable(f"{url} answered in part only: {why}; raise the time that the server allows a query")
        return body, response.headers

    def update(self, url: str, text: str) -> None:
        """Send an update.

        Raises:
            StoreUnavailable: the server does not carry it out.
        """
        response, body = self._send(url, {"update": text}, None, {}, {})
        self._good(url, response.status_code, body)

    def post(self, url: str, graph: str, content: bytes) -> None:
        """Add N-Triples to a graph by the graph store protocol.

        Raises:
            StoreUnavailable: the server does not take them.
        """
        response, body = self._send(url, None, content, {"Content-Type": TRIPLES}, {"graph": graph})
        self._good(url, response.status_code, body)

    def _send(
        self, url: str, form: Mapping[str, str] | None, content: bytes | None, headers: Mapping[str, str], params: Mapping[str, str]
    ) -> tuple[httpx.Response, bytes]:
        """Send a request and read the whole answer, both within the time that is set."""
        self.requests += 1
        until = time.monotonic() + self.seconds
        parts: list[bytes] = []
        try:
            with self._client.stream("POST", url, data=form, content=content, headers=headers, params=params) as response:
                for part in response.iter_bytes():
                    parts.append(part)
                    if time.monotonic() > until:
                        raise httpx.ReadTimeout("the answer is too slow")
                return response, b"".join(parts)
        except httpx.TimeoutException:
            advice = f"ask for less, or allow more by {TIMEOUT}"
            raise StoreUnavailable(f"{url} did not answer within {self.seconds:g} seconds: {advice}") from None
        except httpx.ConnectError as error:
            raise StoreUnavailable(f"{url} cannot be reached: {error}; is the server running, and is the address right?") from None
        except httpx.TransportError as error:
            raise StoreUnavailable(f"{url} broke off before its answer was whole: {error}; ask again") from None
        except (httpx.InvalidURL, ValueError) as error:
            raise StoreUnavailable(f"{url} is no address of a server: {error}") from None

    def _good(self, url: str, status: int, body: bytes) -> None:
        """Refuse an answer that is an error."""
        if status < 300:
            return
        if status in (401, 403):
            if os.environ.get(USER) or os.environ.get(TOKEN):
                raise StoreUnavailable(f"{url} refuses the credentials (status {status}): check {USER} and {PASSWORD}, or {TOKEN}")
            raise StoreUnavailable(f"{url} asks for credentials (status {status}): set {USER} and {PASSWORD}, or {TOKEN}")
        hint = "is this the right address?" if status in (404, 405) or status < 400 else "see the server's log"
        raise StoreUnavailable(f"{url} failed with status {status}: {_opening(body)}; {hint}")


class _Credentials(httpx.Auth):
    """A user name and password, in the way that the server asks for: digest or basic. Nothing is sent before it asks."""

    def __init__(self, user: str, password: str) -> None:
        self._digest, self._basic = httpx.DigestAuth(user, password), httpx.BasicAuth(user, password)
        self._way: httpx.Auth = self._digest

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Send a request, and once more with credentials where they are asked for."""
        flow = self._way.auth_flow(request)
        sending: httpx.Request | None = next(flow)
        while sending is not None:
            response = yield sending
            try:
                sending = flow.send(response)
            except StopIteration:
                sending = None
        asked = " ".join(response.headers.get_list("WWW-Authenticate")).lower()
        if response.status_code == 401 and "basic" in asked and self._way is self._digest:
            self._way = self._basic
            yield from self._basic.auth_flow(request)


class _Token(httpx.Auth):
    """A bearer token."""

    def __init__(self, token: str) -> None:
        self._token = token

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Send a request with the token."""
        request.headers["Authorization"] = f"Bearer {self._token}"
        yield request


def _credentials() -> httpx.Auth | None:
    user, token = os.environ.get(USER), os.environ.get(TOKEN)
    if user:
        return _Credentials(user, os.environ.get(PASSWORD, ""))
    return _Token(token) if token else None


def _limit() -> float:
    text = os.environ.get(TIMEOUT, "")
    try:
        seconds = float(text) if text else _SECONDS
    except ValueError:
        seconds = 0.0
    if not 0 < seconds < 1e9:
        raise BadInput(f'{TIMEOUT} is "{text}": give a number of seconds above 0')
    return seconds


def _opening(body: bytes) -> str:
    """Return the first words of a body, on one line."""
    text = " ".join(body[: 4 * _SHOWN].decode("utf-8", "replace").split())
    return f'"{text[:_SHOWN]}…"' if len(text) > _SHOWN else f'"{text}"' if text else "it says no more"
