"""E-mails to subscribers, through the mail server of the settings."""

from __future__ import annotations

from collections.abc import Sequence
from email.errors import HeaderParseError
from email.message import EmailMessage
from email.utils import formatdate, make_msgid

from knowflow.store.v1.flow_pb2 import Flow
from knowflow.store.v1.subscriber_pb2 import Subscriber
from knowflow_server.domain.canvas.components.email import ADDRESS, fill
from knowflow_server.domain.konversation.subscriber import user_ns
from knowflow_server.domain.outgoing import Mailer, MailServer, OutgoingError
from knowflow_server.domain.talk.content import Button, Said
from knowflow_server.errors.talk import ChannelUnavailableError

SEND_S = 60.0
EMAIL = "email"


class SubscriberMail:
    """Sends e-mails to subscribers; it is also the channel of broadcasts by e-mail, where each text is one.

    Args:
        mailer: Hands them to a server.
        server: The server of the settings; None where there is none.
        sender: Address of the sender.
    """

    leaves = True

    def __init__(self, mailer: Mailer, server: MailServer | None, sender: str) -> None:
        self._mailer = mailer
        self._server = server
        self._sender = sender

    async def send(self, flow: Flow, subscriber: Subscriber, message: Said, quick_replies: Sequence[Button]) -> None:
        """Send a message as an e-mail; a picture or a file goes as its address.

        Raises:
            ChannelUnavailableError: It was not sent; the sentence says why.
        """
        del quick_replies
        lines = [message.text, message.url, *(f"{card.title}\n{card.action_url}" for card in message.elements)]
        await self.deliver(subscriber, subject=flow.name, content="\n\n".join(filter(None, lines)))

    def check(self, subscriber: Subscriber) -> MailServer:
        """Return the server that takes mail for a subscriber.

        Raises:
            ChannelUnavailableError: There is none, or the subscriber has no address.
        """
        ns = user_ns(subscriber)
        if self._server is None or not ADDRESS.fullmatch(self._sender):
            cause = "this server has no mail server; its operator sets KNOWFLOW_SMTP_HOST and KNOWFLOW_SMTP_FROM."
            raise ChannelUnavailableError(user_ns=ns, cause=cause)
        if not ADDRESS.fullmatch(subscriber.email):
            raise ChannelUnavailableError(user_ns=ns, cause="the subscriber has no e-mail address.")
        return self._server

    async def deliver(self, subscriber: Subscriber, *, subject: str, content: str) -> None:
        """Send an e-mail, plain or HTML.

        Raises:
            ChannelUnavailableError: It was not sent; the sentence says why.
        """
        server, ns = self.check(subscriber), user_ns(subscriber)
        try:
            message = EmailMessage()
            message["From"], message["To"] = self._sender, subscriber.email
            message["Subject"] = " ".join(subject.split())
            message["Date"] = formatdate()
            message["Message-ID"] = make_msgid(domain=self._sender.rpartition("@")[2])
            fill(message, content)
            await self._mailer.send(server, message, timeout_s=SEND_S)
        except (ValueError, HeaderParseError):
            cause = "the mail holds an address or a text that no mail can have."
            raise ChannelUnavailableError(user_ns=ns, cause=cause) from None
        except OutgoingError as error:
            raise ChannelUnavailableError(user_ns=ns, cause=error.sentence) from None
