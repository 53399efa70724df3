"""The server: SPARQL, pages and the JSON API over HTTP, from one process and the workers that it starts.

The server reads requests and writes answers; it never asks the graph itself. Workers do, each with the graph open for reading. A worker
that takes too long or too much memory is ended and replaced, and only the request that it worked on is lost.
"""
