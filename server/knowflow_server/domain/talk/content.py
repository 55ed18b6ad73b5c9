"""What a chatbot can say and do, as editors and callers write it: messages, quick replies and actions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from knowflow_server.domain.free_json import mistake
from knowflow_server.errors.base import InvalidArgumentError

MAX_TEXT = 10_000
MAX_URL = 2_048
MAX_MESSAGES = 20
MAX_ACTIONS = 20
MAX_CHOICES = 20
MEDIA = frozenset({"image", "audio", "video", "file"})
TAGGING = frozenset({"add_tag", "remove_tag"})
SETTING = frozenset({"set_field_value", "unset_field_value"})


def _text(value: Any) -> Any:
    """Take numbers and booleans for their texts, as senders write them."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return f"{value:.15g}" if isinstance(value, float) else str(value)
    return value


Text = Annotated[str, Field(max_length=MAX_TEXT), BeforeValidator(_text)]
Url = Annotated[str, Field(max_length=MAX_URL), BeforeValidator(_text)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _filled_in(cls, value: Any) -> Any:
        """Take null for absent, as senders write what nobody has filled in."""
        return {name: item for name, item in value.items() if item is not None} if isinstance(value, dict) else value


class Button(_Part):
    """A button, or a quick reply.

    Attributes:
        type: What it does: `node` goes on at a component of a sub flow, `url` opens a page, the last calls back.
        caption: What stands on it.
        target: The component's id, or the address.
    """

    type: Literal["node", "url", "dynamic_block_callback"] = "node"
    caption: Text = Field(min_length=1)
    target: Url = ""

    @model_validator(mode="after")
    def _leads_somewhere(self) -> Button:
        if self.type == "url" and not self.target:
            raise ValueError("a button of the type `url` needs a `target`")
        return self


class Card(_Part):
    """One card of several that lie side by side."""

    title: Text = Field(min_length=1)
    subtitle: Text = ""
    image_url: Url = ""
    action_url: Url = ""
    buttons: tuple[Button, ...] = Field(default=(), max_length=MAX_CHOICES)


class Said(_Part):
    """A message.

    Attributes:
        type: What it is.
        text: The text, or the words beside a picture.
        url: Where the picture, sound, video or file lies.
        elements: The cards.
        buttons: What stands below it.
    """

    type: Literal["text", "image", "audio", "video", "file", "cards"] = "text"
    text: Text = ""
    url: Url = ""
    elements: tuple[Card, ...] = Field(default=(), max_length=MAX_CHOICES)
    buttons: tuple[Button, ...] = Field(default=(), max_length=MAX_CHOICES)

    @model_validator(mode="after")
    def _is_whole(self) -> Said:
        if self.type == "text" and not self.text:
            raise ValueError("a message of the type `text` needs a `text`")
        if self.type in MEDIA and not self.url:
            raise ValueError(f"a message of the type `{self.type}` needs a `url`")
        if self.type == "cards" and not self.elements:
            raise ValueError("a message of the type `cards` needs `elements`")
        return self


def offered(message: Any) -> set[str]:
    """Return to which components the buttons and quick replies of a message lead, as it is kept."""
    if isinstance(message, list):
        return {target for part in message for target in offered(part)}
    if not isinstance(message, dict):
        return set()
    own = {str(message["target"])} if message.get("target") and message.get("type", "node") == "node" else set()
    return own.union(*(offered(part) for part in message.values()))


class Action(_Part):
    """Something a chatbot does with a subscriber.

    Attributes:
        action: What is done.
        tag_name: The tag, for those with a tag.
        field_name: The user field, for those with a field.
        value: The field's new value.
        minutes: For how long the bot pauses; 0 for ever.
        event_name: The custom event.
        text_value: Text of the event.
        number_value: Number of the event.
        price_value: Price of the event.
    """

    action: Literal[
        "add_tag",
        "remove_tag",
        "set_field_value",
        "unset_field_value",
        "subscribe",
        "unsubscribe",
        "pause_bot",
        "resume_bot",
        "log_event",
    ]
    tag_name: Text = ""
    field_name: Text = ""
    value: Any = None
    minutes: int = Field(default=0, ge=0, le=525_600)
    event_name: Text = ""
    text_value: Text = ""
    number_value: Text = ""
    price_value: Text = ""

    @model_validator(mode="after")
    def _names_it(self) -> Action:
        if self.action in TAGGING and not self.tag_name:
            raise ValueError(f"the action `{self.action}` needs a `tag_name`")
        if self.action in SETTING and not self.field_name:
            raise ValueError(f"the action `{self.action}` needs a `field_name`")
        if self.action == "set_field_value" and self.value is None:
            raise ValueError("the action `set_field_value` needs a `value`")
        if self.action == "log_event" and not self.event_name:
            raise ValueError("the action `log_event` needs an `event_name`")
        return self


class Content(_Part):
    """What a caller has a chatbot say and do at once.

    Attributes:
        messages: What is said, in this order.
        actions: What is done before.
        quick_replies: What the subscriber may choose from after the last message.
        goto: A sub flow or a component with which it goes on; empty for none.
    """

    messages: tuple[Said, ...] = Field(default=(), max_length=MAX_MESSAGES)
    actions: tuple[Action, ...] = Field(default=(), max_length=MAX_ACTIONS)
    quick_replies: tuple[Button, ...] = Field(default=(), max_length=MAX_CHOICES)
    goto: Text = ""

    @model_validator(mode="after")
    def _says_something(self) -> Content:
        if not self.messages and not self.actions and not self.goto:
            raise ValueError("`content` needs `messages`, `actions` or `goto`")
        if self.quick_replies and not self.messages:
            raise ValueError("`quick_replies` need a message before them")
        return self


class _Document(_Part):
    version: Literal["v1"] = "v1"
    content: Content


def content_of(data: Mapping[str, Any]) -> Content:
    """Return what the JSON of a caller describes.

    Args:
        data: `{"version": "v1", "content": {"messages", "actions", "quick_replies", "goto"}}`.

    Raises:
        InvalidArgumentError: It has a wrong shape; the sentence names the place.
    """
    try:
        return _Document.model_validate(data).content
    except ValidationError as error:
        place, message = mistake(error)
        raise InvalidArgumentError(f"`{f'data.{place}' if place else 'data'}`: {message}", field="data") from None
