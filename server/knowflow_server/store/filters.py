"""Predicates over tables: built here only, always within one organization, never by joining strings of callers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, cast

from lancedb.expr import Expr, col, lit

from knowflow.store.v1.chunk_pb2 import CHUNK_KIND_QA


@dataclass(frozen=True, slots=True)
class Scope:
    """Which chunks a read or a delete is about. Fields that are None do not restrict; an empty list matches nothing.

    Args:
        organization_id: The organization, always given.
        dataset_ids: Only chunks of these datasets.
        document_ids: Only chunks of these documents.
        chunk_ids: Only these chunks.
        generation: Only chunks which this parse job wrote.
        live: Only chunks that can be seen (True) or cannot (False).
        available: Only chunks that retrieval may return (True) or may not (False).
        words: Only chunks whose text holds each of these, without regard to case.
        created_before: Only chunks created earlier than this, in microseconds since 1970.
        parent_ids: Only children of these chunks.
        family_ids: Only these chunks and their children.
        listed: True leaves children out: what remains is what callers count and list.
        searched: True leaves parents out: what remains is what search looks at.
        kind: Only chunks of this kind, a value of `ChunkKind`.
    """

    organization_id: str
    dataset_ids: Sequence[str] | None = None
    document_ids: Sequence[str] | None = None
    chunk_ids: Sequence[str] | None = None
    generation: str | None = None
    live: bool | None = True
    available: bool | None = None
    words: Sequence[str] = ()
    created_before: int | None = None
    parent_ids: Sequence[str] | None = None
    family_ids: Sequence[str] | None = None
    listed: bool = False
    searched: bool = False
    kind: int | None = None

    def predicate(self) -> Expr:
        """Return the predicate over a table of chunks."""
        conditions: list[Any] = [col("organization") == lit(self.organization_id)]
        lists = (
            ("dataset", self.dataset_ids),
            ("document", self.document_ids),
            ("id", self.chunk_ids),
            ("parent", self.parent_ids),
        )
        conditions += [_one_of(name, values) for name, values in lists if values is not None]
        flags = (("generation", self.generation), ("live", self.live), ("available", self.available))
        conditions += [col(name) == lit(value) for name, value in flags if value is not None]
        if self.family_ids is not None:
            conditions.append(_one_of("id", self.family_ids).or_(_one_of("parent", self.family_ids)))
        conditions += _sorts(listed=self.listed, searched=self.searched)
        if self.kind is not None:
            conditions.append(col("kind") == lit(self.kind))
        if self.created_before is not None:
            conditions.append(col("created_at") < lit(self.created_before))
        conditions += [col("content").lower().contains(lit(word)) for word in dict.fromkeys(map(str.lower, self.words))]
        return all_of(conditions)


@dataclass(frozen=True, slots=True)
class FactScope:
    """Which facts of knowledge graphs a read or a delete is about. Fields that are None do not restrict.

    Args:
        organization_id: The organization, always given.
        dataset_id: Only facts of this dataset.
        document_id: Only facts of this document.
        ids: Only these facts.
        generation: Only facts which this job wrote.
        generations: Only facts which one of these jobs wrote.
        other_than: Only facts which another job than this wrote.
        kinds: Only facts of these kinds, values of `GraphFactKind`.
        created_before: Only facts created earlier than this, in microseconds since 1970.
    """

    organization_id: str
    dataset_id: str | None = None
    document_id: str | None = None
    ids: Sequence[str] | None = None
    generation: str | None = None
    generations: Sequence[str] | None = None
    other_than: str | None = None
    kinds: Sequence[int] | None = None
    created_before: int | None = None

    def predicate(self) -> Expr:
        """Return the predicate over the table of facts."""
        conditions: list[Any] = [col("organization") == lit(self.organization_id)]
        texts = (("dataset", self.dataset_id), ("document", self.document_id), ("generation", self.generation))
        conditions += [col(name) == lit(value) for name, value in texts if value is not None]
        if self.other_than is not None:
            conditions.append(col("generation") != lit(self.other_than))
        lists = (("id", self.ids), ("generation", self.generations))
        conditions += [_one_of(name, values) for name, values in lists if values is not None]
        if self.kinds is not None:
            conditions.append(col("kind").isin(list(self.kinds)))
        if self.created_before is not None:
            conditions.append(col("created_at") < lit(self.created_before))
        return all_of(conditions)

    @staticmethod
    def of_generations(generations: Sequence[str]) -> Expr:
        """Return the predicate over the facts which these jobs wrote, of all organizations."""
        return _one_of("generation", generations)


def _one_of(name: str, values: Sequence[str]) -> Expr:
    if len(values) == 1:
        return col(name) == lit(values[0])
    return col(name).isin(list(values))


def all_of(conditions: Iterable[Any]) -> Expr:
    """Return the conjunction of conditions, of which there is at least one."""
    return _joined(conditions, lambda left, right: left.and_(right))


def any_of(conditions: Iterable[Any]) -> Expr:
    """Return the disjunction of conditions, of which there is at least one."""
    return _joined(conditions, lambda left, right: left.or_(right))


def _joined(conditions: Iterable[Any], join: Callable[[Any, Any], Any]) -> Expr:
    level = list(conditions)
    # Joined in pairs: a chain as deep as it is long overflows the stack of LanceDB's planner, and kills the process.
    while len(level) > 1:
        pairs = zip(level[::2], level[1::2], strict=False)
        level = [join(left, right) for left, right in pairs] + level[len(level) // 2 * 2 :]
    return cast("Expr", level[0])


def sql(predicate: Expr) -> str:
    """Return a predicate as SQL, for what LanceDB does not do with an expression; never for one with a caller's text.

    Raises:
        ValueError: A text holds a backslash before a quote. LanceDB takes such a quote for escaped, and its own parser
            ends the text there: whoever wrote the text would go on in SQL.
    """
    text = predicate.to_sql()
    if "\\'" in text:
        raise ValueError("A text with a backslash before a quote cannot be part of an SQL predicate.")
    return text


def rows(predicate: Expr, row_ids: Iterable[int]) -> str:
    """Return a predicate restricted to row ids, as SQL, because expressions do not know the column `_rowid`."""
    return f"({sql(predicate)}) AND _rowid IN ({','.join(str(int(row)) for row in row_ids)})"


def by_ids(ids: Sequence[str]) -> Expr:
    """Return the predicate over chunks with these ids, which an earlier read within one organization gave."""
    return _one_of("id", ids)


def superseded(scope: Scope, before: int) -> Expr:
    """Return the predicate over the chunks of a document which a newer generation replaces; references stay."""
    document = Scope(
        scope.organization_id, document_ids=scope.document_ids, live=None, created_before=before
    ).predicate()
    not_references = col("kind") != lit(CHUNK_KIND_QA)
    return all_of([document, col("generation") != lit(scope.generation or ""), not_references])


def abandoned(generations: Sequence[str]) -> Expr:
    """Return the predicate over hidden chunks, of all organizations, which no running parse job will ever show."""
    return all_of(
        [col("live") == lit(value=False), *(col("generation") != lit(generation) for generation in generations)]
    )


def visible(*, listed: bool = False, searched: bool = False) -> Expr:
    """Return the predicate over the chunks that can be seen, of all organizations; `Scope` explains the arguments."""
    conditions: list[Any] = [col("live") == lit(value=True)]
    return all_of([*conditions, *_sorts(listed=listed, searched=searched)])


def _sorts(*, listed: bool, searched: bool) -> Iterable[Any]:
    if listed:
        yield col("parent") == lit("")
    if searched:
        yield col("is_parent") == lit(value=False)


def everything_of(organization_id: str) -> Expr:
    """Return the predicate over all rows of an organization."""
    return col("organization") == lit(organization_id)


def messages_of(organization_id: str, session_ids: Sequence[str], kind: str | None = None) -> Expr:
    """Return the predicate over what sessions, of which there is at least one, left behind; of one kind when named."""
    kinds = [] if kind is None else [col("kind") == lit(kind)]
    return all_of([col("organization") == lit(organization_id), _one_of("parent", session_ids), *kinds])


@dataclass(frozen=True, slots=True)
class Parents:
    """All parents whose names lie in a span.

    Args:
        first: Names from this one on.
        end: Names before this one.
    """

    first: str
    end: str


def span_of(organization_id: str, parent: str | Parents, kind: str, *, since: int, until: int, after: str) -> Expr:
    """Return the predicate over the records of a kind under a parent, of some time; 0 as `until` is no end.

    Args:
        organization_id: Whose records.
        parent: What they are of.
        kind: The kind.
        since: From when, in microseconds since 1970.
        until: Before when, in microseconds since 1970; 0 for no end.
        after: Only records with a larger id than this.
    """
    conditions: list[Any] = [_under(organization_id, parent, kind)]
    if since:
        conditions.append(col("created_at") >= lit(since))
    if until:
        conditions.append(col("created_at") < lit(until))
    if after:
        conditions.append(col("id") > lit(after))
    return all_of(conditions)


def before_record(organization_id: str, parent: str | Parents, kind: str, oldest: str) -> Expr:
    """Return the predicate over the records of a kind under a parent whose ids come before that of one of them."""
    return all_of([_under(organization_id, parent, kind), col("id") < lit(oldest)])


def _under(organization_id: str, parent: str | Parents, kind: str) -> Expr:
    if isinstance(parent, str):
        return messages_of(organization_id, [parent], kind)
    span = [col("parent") >= lit(parent.first), col("parent") < lit(parent.end)]
    return all_of([col("organization") == lit(organization_id), *span, col("kind") == lit(kind)])


def records_of_kind(kind: str) -> Expr:
    """Return the predicate over all records of a kind, of all organizations; for what the server itself does."""
    return all_of([col("kind") == lit(kind)])


def records_with_ids(organization_id: str, ids: Sequence[str]) -> Expr:
    """Return the predicate over the table of messages which finds records of an organization by their ids."""
    return all_of([col("organization") == lit(organization_id), _one_of("id", ids)])


def earlier_records(organization_id: str, session_id: str, kind: str, newest: str) -> Expr:
    """Return the predicate over the records of one kind of a session but the newest, named by its id."""
    return all_of([messages_of(organization_id, [session_id], kind), col("id") != lit(newest)])


def created_between(predicate: Expr, after: int, until: int) -> Expr:
    """Return a predicate restricted to records later than `after`, and not later than `until`; 0 does not restrict."""
    bounds = [col("created_at") > lit(after)] if after else []
    bounds += [col("created_at") <= lit(until)] if until else []
    return all_of([predicate, *bounds])
