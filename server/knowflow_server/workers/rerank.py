"""Main of the rerank worker: answers a question and passages with a logit for each passage."""

import argparse
from collections.abc import Iterator, Mapping

from knowflow_server.workers.cross_encoder import MODEL, CrossEncoder, ModelFilesError, folder, verified
from knowflow_server.workers.frames import Frame
from knowflow_server.workers.serve import RequestError, add_arguments, become_worker, serve


def main() -> None:
    """Run the rerank worker."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    add_arguments(parser)
    parser.add_argument("--threads", type=int, help="threads of the inference; default: one per core")
    options = parser.parse_args()
    pipes = become_worker(options)
    place = folder()
    if place is None:
        raise ModelFilesError(f"{MODEL} is not installed.")
    model = CrossEncoder(verified(place), threads=options.threads)
    serve(pipes, lambda body: _answer(body, model), ready={"model": MODEL})


def _answer(body: Mapping[str, object], model: CrossEncoder) -> Iterator[Frame]:
    question, passages = body.get("question"), body.get("passages")
    if not isinstance(question, str) or not isinstance(passages, list):
        raise RequestError("request", "A request holds a question and a list of passages.")
    if not all(isinstance(passage, str) for passage in passages):
        raise RequestError("request", "A passage is a text.")
    yield Frame("item", {}, model.logits(question, passages))


if __name__ == "__main__":
    main()
