"""Collections of passages and questions with judgements of which passage is relevant to which question."""

from __future__ import annotations

import csv
import json
import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

SAMPLE = Path(__file__).parent / "data" / "squad_sample.jsonl"
DEPTH = 10


@dataclass(frozen=True, slots=True)
class Collection:
    """Passages by id, questions by id, and for each question the gain of its relevant passages, from 1."""

    name: str
    passages: Mapping[str, str]
    questions: Mapping[str, str]
    gains: Mapping[str, Mapping[str, int]]


def sample() -> Collection:
    """Return the sample of SQuAD that lies beside this file: a question's passage is the one it was written for."""
    passages, questions, gains = {}, {}, {}
    for line in SAMPLE.read_text().splitlines():
        entry = json.loads(line)
        passages[entry["id"]] = entry["text"]
        for number, question in enumerate(entry["questions"]):
            identifier = f"{entry['id']}-{number}"
            questions[identifier], gains[identifier] = question, {entry["id"]: 1}
    return Collection("SQuAD 2.0 sample", passages, questions, gains)


def read(folder: Path) -> Collection:
    """Return a collection in the format of BEIR: corpus.jsonl, queries.jsonl, qrels/test.tsv."""
    passages = {}
    for entry in _lines(folder / "corpus.jsonl"):
        passages[entry["_id"]] = f"{entry.get('title', '')}\n{entry['text']}".strip()
    gains: defaultdict[str, dict[str, int]] = defaultdict(dict)
    with (folder / "qrels" / "test.tsv").open() as file:
        for row in csv.DictReader(file, delimiter="\t"):
            if int(row["score"]) > 0 and row["corpus-id"] in passages:
                gains[row["query-id"]][row["corpus-id"]] = int(row["score"])
    texts = {entry["_id"]: entry["text"] for entry in _lines(folder / "queries.jsonl")}
    return Collection(folder.name, passages, {name: texts[name] for name in gains}, gains)


def _lines(path: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in path.read_text().splitlines() if line]


def ndcg(found: Sequence[str], gains: Mapping[str, int]) -> float:
    """Return the normalised discounted cumulative gain of the first ten found: 1 when the order is perfect.

    gain / log2(rank + 1), summed over the ranks from 1 and divided by the same sum of the ideal order (Järvelin and
    Kekäläinen, 2002).
    """

    def total(values: Sequence[int]) -> float:
        return sum(value / math.log2(rank + 2) for rank, value in enumerate(values[:DEPTH]))

    return total([gains.get(name, 0) for name in found]) / total(sorted(gains.values(), reverse=True))
