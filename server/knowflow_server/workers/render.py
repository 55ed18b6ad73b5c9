"""Main of the template worker: renders templates that anybody may have written, which is why it is done here."""

import argparse
from collections.abc import Iterator, Mapping
from typing import Any

from jinja2 import TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from knowflow_server.workers.frames import Frame
from knowflow_server.workers.serve import RequestError, add_arguments, become_worker, serve

MAX_CHARACTERS = 1_000_000
# What a template can do wrong by itself; anything else is a mistake of ours, and logged.
WRONG = (TemplateError, TypeError, ValueError, ArithmeticError, AttributeError, LookupError, RecursionError)


def main() -> None:
    """Run the template worker."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    add_arguments(parser)
    pipes = become_worker(parser.parse_args())
    serve(pipes, _answer, ready={})


def _answer(body: Mapping[str, Any]) -> Iterator[Frame]:
    yield Frame("item", {"text": answered(body)})


def answered(body: Mapping[str, Any]) -> str:
    """Return a rendered template.

    Raises:
        RequestError: It is no valid template, or makes too long a text.
    """
    try:
        pieces = ImmutableSandboxedEnvironment().from_string(body["source"]).generate(body["values"])
        made, size = list[str](), 0
        for piece in pieces:
            size += len(piece)
            if size > MAX_CHARACTERS:
                raise RequestError("template", f"it makes more than {MAX_CHARACTERS} characters")
            made.append(piece)
    except WRONG as error:
        raise RequestError("template", str(error) or type(error).__name__) from error
    return "".join(made)


if __name__ == "__main__":
    main()
