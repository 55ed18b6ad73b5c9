"""`knowflow credits`: what operators do with the credits of organizations."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from knowflow_server.cli.options import UnreachableError, data_option, json_option, settings_from

if TYPE_CHECKING:
    from knowflow_server.settings import Settings

MAX_AMOUNT = 1_000_000_000
TIMEOUT_S = 30
RUNNING = (
    "A server has the data open. Top up through it: set KNOWFLOW_OPERATOR_KEY for the server and for this command, and "
    "add --url with the server's address; or stop the server."
)


@click.group("credits")
def ledger() -> None:
    """Give credits to organizations."""


@ledger.command("top-up")
@click.argument("organization")
@click.argument("amount", type=click.IntRange(1, MAX_AMOUNT))
@click.option("--key", required=True, help="Names the top-up: the same key gives nothing a second time.")
@click.option("--reference", default="", help="A note for the ledger, such as the number of an invoice.")
@click.option("--url", help="Address of a running server, http://localhost:9380. [needs KNOWFLOW_OPERATOR_KEY]")
@data_option
@json_option
def top_up(
    organization: str, amount: int, key: str, reference: str, url: str | None, data: Path | None, *, as_json: bool
) -> None:
    """Give AMOUNT credits to ORGANIZATION and print its balance.

    ORGANIZATION is an id or, without --url, a name that only one organization has. Without --url the server must be
    stopped meanwhile.
    """
    settings = settings_from(data, None, None)
    if url:
        asked = {"organization_id": organization, "amount": amount, "reference": reference, "idempotency_key": key}
        balance = asyncio.run(_posted(settings, url, asked))
    else:
        balance = _given(settings, organization=organization, amount=amount, key=key, reference=reference)
    print(json.dumps({"balance": balance}) if as_json else balance)


def _given(settings: Settings, **what: Any) -> int:
    """Top up on the data of a stopped server, and return the balance."""
    from knowflow_server.app import top_up as give
    from knowflow_server.errors.base import KnowFlowError
    from knowflow_server.store.database import DatabaseLockedError

    try:
        return asyncio.run(give(settings, **what))
    except DatabaseLockedError:
        raise click.ClickException(RUNNING) from None
    except KnowFlowError as error:
        raise click.ClickException(error.sentence) from None


async def _posted(settings: Settings, url: str, asked: dict[str, Any]) -> int:
    """Have a running server top up, and return the balance."""
    import aiohttp

    if settings.operator_key is None:
        raise click.ClickException("--url needs KNOWFLOW_OPERATOR_KEY, the same value as the server's.")
    headers = {"Authorization": settings.operator_key.get_secret_value()}
    place = f"{url.rstrip('/')}/api/public/credits/top-up"
    try:
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=TIMEOUT_S)) as session,
            session.post(place, json=asked, headers=headers, allow_redirects=False) as answer,
        ):
            said = json.loads(await answer.text())
    except (aiohttp.ClientError, TimeoutError, ValueError) as error:
        raise UnreachableError(f"No KnowFlow server answers at {url}: {type(error).__name__}.") from None
    if answer.status != 200 or not isinstance(said, dict) or "balance" not in said:
        raise click.ClickException(str(said.get("message") or said.get("error") if isinstance(said, dict) else said))
    return int(said["balance"])
