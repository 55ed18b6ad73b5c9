"""What components of agents need from the outside world, as protocols; `providers/` implements them.

Every address in them may come from a user, so an implementation connects only to places the operator allows: those
with a public address, and those which `KNOWFLOW_OUTGOING_ALLOW` names.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Any, Protocol


class OutgoingError(Exception):
    """A place could not be used: it is not allowed, cannot be reached, or failed.

    Attributes:
        sentence: What happened and what to do, in English. It holds no secret, and does not tell a place that does
            not exist from one that is not allowed: nobody is to explore the operator's network with it.
    """

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class OutgoingRequest:
    """An HTTP request.

    Args:
        method: `GET`, `POST` or `PUT`.
        url: Absolute, http or https, without a user and password.
        headers: Headers; those of the connection itself (Host, Content-Length, ...) are refused.
        body: The body; its type stands in `headers`.
        timeout_s: Longest time in seconds for everything, redirects included; None means the operator's limit, which
            also caps it.
        proxy: Address of a proxy, which the operator must have named; empty for none.
        is_final: Whether redirects are not followed; one is then the answer.
        is_secure: Whether it must be https; http then only goes to hosts which the operator allows with their port.
        excerpt_bytes: How much of the body is read; None means all of it, and that too large a one is an error.
        kinds: The content types whose body is read; empty for all. An answer of another type has an empty body.
    """

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None
    timeout_s: float | None = None
    proxy: str = ""
    is_final: bool = False
    is_secure: bool = False
    excerpt_bytes: int | None = None
    kinds: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class OutgoingAnswer:
    """What was answered, whatever the status.

    Args:
        status: HTTP status.
        content_type: Type without parameters, in lower case; empty when there was none.
        body: The body, decompressed.
        charset: The declared character set; empty when there was none.
        retry_after: The header Retry-After as it came; empty when there was none.
        headers: All headers, by their names in lower case.
    """

    status: int
    content_type: str
    body: bytes
    charset: str = ""
    retry_after: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The body as text; bytes that fit no character set become U+FFFD."""
        try:
            text = self.body.decode(self.charset or "utf-8", "replace")
            # Some character sets decode to halves of characters, which UTF-8 cannot keep.
            return text.encode("utf-8", "replace").decode()
        except (LookupError, ValueError):
            return self.body.decode("utf-8", "replace")


class OutgoingHttp(Protocol):
    """Requests to addresses which users give."""

    async def check(self, request: OutgoingRequest) -> None:
        """Look at the address of a request without sending anything.

        Raises:
            OutgoingError: The address is not allowed, or does not exist; the two look alike.
        """
        ...

    async def request(self, request: OutgoingRequest) -> OutgoingAnswer:
        """Send a request, follow redirects, and return the last answer.

        Raises:
            OutgoingError: The address is not allowed, the host cannot be reached, or the answer is too large or late.
        """
        ...


@dataclass(frozen=True, slots=True)
class MailServer:
    """An SMTP server and an account on it.

    Args:
        host: Name or address.
        port: Port; on 465 the connection begins with TLS, on others STARTTLS is used before an account is.
        user: The account; empty sends without one.
        password: Its password.
    """

    host: str
    port: int
    user: str = ""
    password: str = field(default="", repr=False)


class Mailer(Protocol):
    """Sends mail."""

    async def send(self, server: MailServer, message: EmailMessage, *, timeout_s: float) -> None:
        """Hand a message to a server, which takes it for all recipients or fails.

        Raises:
            OutgoingError: The server is not allowed, cannot be reached, or refuses.
        """
        ...


@dataclass(frozen=True, slots=True)
class DatabasePlace:
    """A database and an account on it.

    Args:
        kind: `postgresql`, `mysql`, `mariadb` or `sqlite`.
        host: Name or address of the server; sqlite has none.
        port: Port of the server.
        database: Name; for sqlite the file, relative to the folder of the operator.
        user: The account.
        password: Its password.
    """

    kind: str
    host: str
    port: int
    database: str
    user: str = ""
    password: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Table:
    """What a statement gave.

    Args:
        columns: Names.
        rows: Rows of values as JSON has them; texts for what JSON has no type for.
        is_cut: Whether there are more rows.
    """

    columns: Sequence[str]
    rows: Sequence[Sequence[Any]]
    is_cut: bool = False


class Databases(Protocol):
    """SQL databases of users."""

    async def query(
        self, place: DatabasePlace, statements: Sequence[str], *, max_rows: int, read_only: bool, timeout_s: float
    ) -> list[Table]:
        """Run statements one after the other in one transaction, and return what each gave.

        Args:
            place: The database.
            statements: One SQL statement each.
            max_rows: Most rows of each table.
            read_only: Whether the database itself refuses changes.
            timeout_s: Longest time in seconds for everything.

        Raises:
            OutgoingError: The database is not allowed, cannot be reached, or refuses a statement.
        """
        ...


@dataclass(frozen=True, slots=True)
class CodeOutput:
    """What a program wrote.

    Args:
        stdout: Its output.
        stderr: What it complained of; empty when it ended well.
    """

    stdout: str
    stderr: str


class Sandbox(Protocol):
    """A service which runs programs of users, apart from everything."""

    async def run(self, language: str, code: str, arguments: Mapping[str, Any], *, timeout_s: float) -> CodeOutput:
        """Run a program that defines `main`, with arguments by name.

        Args:
            language: `python` or `nodejs`.
            code: The program.
            arguments: JSON values.
            timeout_s: Longest time in seconds.

        Raises:
            OutgoingError: The service cannot be reached, or refuses.
        """
        ...
