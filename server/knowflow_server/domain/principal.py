"""Who calls."""

from __future__ import annotations

from dataclasses import dataclass

from knowflow_server.domain.permission import EVERYTHING


@dataclass(frozen=True, slots=True)
class Principal:
    """The caller of one call: an API key, or a user who is logged in.

    Args:
        organization_id: The organization for which the caller acts; everything it reads or writes belongs to it.
            Empty for a user who is a member of none.
        api_key_id: The API key it showed; empty for a user.
        user_id: The user; empty for an API key.
        login_id: The login whose token the user showed.
        role: What the user is in the organization, a value of `Role`; 0 for an API key.
        permissions: What the caller may do there, values of `Permission`.
        workspace_id: The workspace of chatbots the key is for; empty means any.
        chatbot_id: The chatbot the key is for; empty means any.
        website_app_id: The app with which the browser of a website chats, which showed a public token; empty for all
            others.
        subscriber_id: The subscriber as whom a visitor talks; empty for everybody else.
    """

    organization_id: str
    api_key_id: str = ""
    user_id: str = ""
    login_id: str = ""
    role: int = 0
    permissions: frozenset[int] = EVERYTHING
    workspace_id: str = ""
    chatbot_id: str = ""
    website_app_id: str = ""
    subscriber_id: str = ""
