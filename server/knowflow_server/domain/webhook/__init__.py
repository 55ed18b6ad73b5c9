"""Webhooks: what happened is written down with the change itself, signed, and delivered at least once."""
