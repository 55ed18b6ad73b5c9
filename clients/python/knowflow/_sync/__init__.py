"""The blocking client, generated from the one for asyncio; the transport is its own."""
