"""The JSON API as HTTP: one GET for each verb, its parameters checked here, its answer made by a worker."""

# Annotations are read when the routes are made, and some name what only a function knows: no `from __future__ import annotations`.
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from difflib import get_close_matches
from typing import Annotated, Any, Literal, get_args, get_origin

from fastapi import APIRouter, FastAPI, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute

from . import described
from .calls import VERBS, error

Send = Callable[[str, Mapping[str, Any]], Awaitable[tuple[int, bytes]]]
"""What hands a verb and its parameters to a worker, and comes back with a status and JSON."""

LONGEST_NAME, LONGEST_QUESTION, MOST_DRUGS, MOST_SOURCES, MOST_BINDINGS, MOST_QUESTIONS = 200, 500, 10, 8, 8, 50
"""The limits: characters of a name and of a question; drugs, withdrawn sources, bindings and questions of a quiz in one call."""

_FAR = 2**53 - 1
_PAGE = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self' 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
}


def _name(description: str, *examples: str, alias: str | None = None) -> Any:
    return Query(min_length=1, max_length=LONGEST_NAME, description=description, examples=list(examples) or None, alias=alias)


Drug = Annotated[str, _name("A drug, by any of its names.", "baclofen")]
Class = Annotated[str, _name("A class, or a word with several senses.", "opiate", alias="class")]
Named = Annotated[str, Query(min_length=1, max_length=LONGEST_NAME)]
Without = Annotated[list[Named] | None, Query(max_length=MOST_SOURCES, description="Sources to withdraw, such as gtopdb.")]


class _Route(APIRoute):
    """A route that takes only the parameters it knows, each as often as it says, and refuses others in a sentence."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()
        fields = {f.alias: f.field_info for f in self.dependant.query_params}

        async def checked(request: Request) -> Response:
            given = [name for name, _ in request.query_params.multi_items()]
            for name in given:
                if name not in fields:
                    takes = f"it takes {_listed(list(fields))}" if fields else "it takes none"
                    near = get_close_matches(name, fields, n=1)
                    return _refusal(f"there is no parameter `{name[:LONGEST_NAME]}` here: {takes}", near)
                if given.count(name) > 1 and not _repeats(fields[name].annotation):
                    return _refusal(f"`{name}` is given {given.count(name)} times: give it once")
            try:
                return await handle(request)
            except RequestValidationError as problem:
                return _refusal(described.sentence(problem.errors()[0]))

        return checked


def router(send: Send) -> APIRouter:
    """Return the routes of the calls.

    Args:
        send: hands a verb and its parameters to a worker.
    """
    calls = APIRouter(prefix="/api", route_class=_Route, default_response_class=Response)

    async def sent(verb: str, **parameters: Any) -> Response:
        given = {name.rstrip("_"): value for name, value in parameters.items() if value is not None}
        status, body = await send(verb, given)
        return _json(body, status)

    def call(verb: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        return calls.get(f"/{verb}", operation_id=verb, responses=described.responses(verb))

    @call("ask")
    async def ask(
        drug: Annotated[str | None, _name("A drug, by any of its names, or a class that stands for every drug in it.", "baclofen")] = None,
        class_: Annotated[str | None, _name("A class, or a word with several senses.", "opiate", alias="class")] = None,
        question: Annotated[
            str | None, Query(min_length=1, max_length=LONGEST_QUESTION, description="In place of both: a question.")
        ] = None,
        without: Without = None,
    ) -> Response:
        """Ask whether a drug is in a class: yes, no or not known, in each sense of the word, with the proof."""
        return await sent("ask", drug=drug, class_=class_, question=question, without=without)

    @call("why")
    async def why(
        drug_a: Annotated[str, _name("The drug that is one, or that is asked about first.", "morphine")],
        drug_b: Annotated[str, _name("The drug that is set against it.", "baclofen")],
        class_: Class,
        without: Without = None,
    ) -> Response:
        """Say why the one drug and not the other: the conditions of the class side by side."""
        return await sent("why", drug_a=drug_a, drug_b=drug_b, class_=class_, without=without)

    @call("whatif")
    async def whatif(drug: Drug, class_: Class, without: Without = None) -> Response:
        """Say what would unsettle the verdict, and what would turn it."""
        return await sent("whatif", drug=drug, class_=class_, without=without)

    @call("members")
    async def members(class_: Class, without: Without = None) -> Response:
        """Sort the drugs: which are in the class, which are not, and of which it is not known."""
        return await sent("members", class_=class_, without=without)

    @call("compare")
    async def compare(
        a: Annotated[str, _name("A drug, by any of its names, or a class that stands for every drug in it.", "baclofen")],
        b: Annotated[str, _name("Another drug or class.", "morphine")],
        without: Without = None,
    ) -> Response:
        """Hold two drugs or classes side by side, axis by axis."""
        return await sent("compare", a=a, b=b, without=without)

    @call("interactions")
    async def interactions(
        drug: Annotated[
            list[Named] | None,
            Query(
                max_length=MOST_DRUGS,
                description="Two drugs or more; one alone is held against every other.",
                examples=[["baclofen", "morphine", "ethanol"]],
            ),
        ] = None,
        condition: Annotated[str | None, _name("A circumstance of the patient, such as a condition or a state.")] = None,
        all: Annotated[bool, Query(description="In place of drugs: every rule that fires for every pair of drugs.")] = False,
        without: Without = None,
    ) -> Response:
        """Derive what follows when drugs are taken together, and say what is refused and why."""
        return await sent("interactions", drug=drug, condition=condition, all=all or None, without=without)

    @call("audit")
    async def audit(
        article: Annotated[str | None, _name("The source, where several articles have claims.")] = None,
        claim: Annotated[int | None, Query(ge=1, le=9999, description="One claim, counted from 1, with its proof.", examples=[1])] = None,
        without: Without = None,
    ) -> Response:
        """Hold an article against the graph, claim by claim."""
        return await sent("audit", article=article, claim=claim, without=without)

    @call("drift")
    async def drift(without: Without = None) -> Response:
        """Hold the tags of other classifications, which the graph carries, against what is derived."""
        return await sent("drift", without=without)

    @call("quiz")
    async def quiz(
        topic: Annotated[str | None, _name("A class, a word or a drug; the whole graph where none is given.", "opioid")] = None,
        n: Annotated[int, Query(ge=1, le=MOST_QUESTIONS, description="How many questions.", examples=[3])] = 10,
        seed: Annotated[int, Query(ge=-_FAR, le=_FAR, description="The same seed gives the same quiz.")] = 0,
    ) -> Response:
        """Make questions from the graph, with their key and a proof for every option."""
        return await sent("quiz", topic=topic, n=n, seed=seed)

    @call("show")
    async def show(thing: Annotated[str, _name("A drug, a class or anything else that has a name.", "baclofen")]) -> Response:
        """Show what the graph says of a thing, with sources."""
        return await sent("show", thing=thing)

    @call("list")
    async def listing(
        what: Annotated[
            Literal["drugs", "classes", "sources", "queries"], Query(description="What to name.", examples=["classes"])
        ] = "drugs",
    ) -> Response:
        """Name the drugs, classes, sources or queries."""
        return await sent("list", what=what)

    @call("query")
    async def query(
        name: Annotated[str, _name("The name of a query that ships: see /api/list?what=queries.", "shares-a-target")],
        bind: Annotated[
            list[Named] | None,
            Query(
                max_length=MOST_BINDINGS,
                description="NAME=VALUE: a thing, an IRI, a number or a quoted text.",
                examples=[["drug=ketamine"]],
            ),
        ] = None,
    ) -> Response:
        """Run a query that ships, with values for its variables. Queries of your own go to the SPARQL endpoint."""
        return await sent("query", name=name, bind=bind)

    @call("suggest")
    async def suggest(
        start: Annotated[str, _name("The beginning of a name.", "bac")],
        kind: Annotated[Literal["drug", "class", "thing"], Query(description="A thing is anything that has a name.")] = "thing",
        n: Annotated[int, Query(ge=1, le=50, description="How many at most.")] = 10,
    ) -> Response:
        """Suggest names that begin so, or, where there are none, that are spelt so."""
        return await sent("suggest", start=start, kind=kind, n=n)

    return calls


def application(send: Send) -> FastAPI:
    """Return the API as an application: the calls, the page that lists them at /api, and the OpenAPI document.

    Args:
        send: hands a verb and its parameters to a worker.
    """
    calls = router(send)
    document = described.document(get_openapi(routes=calls.routes, **described.ABOUT))
    whole = APIRouter()

    @whole.get("/openapi.json", include_in_schema=False)
    async def openapi() -> Response:
        return _json(document)

    @whole.get("/api", include_in_schema=False)
    async def page(request: Request) -> Response:
        html = "text/html" in request.headers.get("accept", "")
        text = described.page(document) if html else described.listing(document)
        return Response(text, headers={"Vary": "Accept", **_PAGE}, media_type="text/html" if html else "text/plain")

    for route in (*calls.routes, *whole.routes):
        if isinstance(route, APIRoute):
            route.methods = {"GET", "HEAD"}
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None, redirect_slashes=False, exception_handlers={404: _no_such, 405: _not_so})
    app.include_router(calls)
    app.include_router(whole)
    return app


# --- parts ----------------------------------------------------------------------------------------------------------


def _json(body: bytes, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    return Response(body, status, {"Cache-Control": "no-store", **(headers or {})}, "application/json")


async def _no_such(request: Request, problem: Exception) -> Response:
    near = [f"/api/{verb}" for verb in get_close_matches(request.url.path[-20:].rpartition("/api/")[2], VERBS)]
    return _json(error("UnknownName", "there is no such call: /api lists them all", near), 404)


async def _not_so(request: Request, problem: Exception) -> Response:
    message = f"{request.url.path} is asked with GET, not with {request.method[:20]}"
    return _json(error("BadMethod", message), 405, {"Allow": "GET, HEAD"})


def _refusal(message: str, suggestions: Sequence[str] = ()) -> Response:
    return _json(error("BadParameter", message, suggestions), 422)


def _repeats(annotation: Any) -> bool:
    return any(get_origin(one) is list for one in (annotation, *get_args(annotation)))


def _listed(names: Sequence[str]) -> str:
    marked = [f"`{name}`" for name in names]
    return " and ".join([", ".join(marked[:-1]), marked[-1]]) if len(marked) > 1 else marked[0]
