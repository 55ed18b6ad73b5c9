"""Talks with subscribers of chatbots, joined: sub flows that run, channels, sending, broadcasts, the channel web."""

from __future__ import annotations

from knowflow.store.v1.broadcast_pb2 import Broadcast
from knowflow_server.assembly.core import Core
from knowflow_server.assembly.konversation import Konversation
from knowflow_server.assembly.part import Base, Part
from knowflow_server.assembly.whatsapp import WhatsAppSide
from knowflow_server.domain.canvas.scope import Services
from knowflow_server.domain.outgoing import MailServer
from knowflow_server.domain.talk.broadcast import Broadcasts
from knowflow_server.domain.talk.broadcast_worker import BroadcastWorker
from knowflow_server.domain.talk.channel import Channels
from knowflow_server.domain.talk.conversation import Tools
from knowflow_server.domain.talk.log import ChatLog
from knowflow_server.domain.talk.mail import EMAIL, SubscriberMail
from knowflow_server.domain.talk.play import Graphs, Player
from knowflow_server.domain.talk.reading import ChatMessages
from knowflow_server.domain.talk.sending import Sending
from knowflow_server.domain.talk.talks import Talks
from knowflow_server.domain.talk.trigger import Triggers
from knowflow_server.domain.talk.visitor import Visitors
from knowflow_server.domain.talk.webchat import Webchat
from knowflow_server.domain.talk.whatsapp import CHANNELS as WHATSAPP
from knowflow_server.domain.talk.whatsapp import KIND, WhatsAppChannel
from knowflow_server.providers.addresses import Addresses
from knowflow_server.providers.mail import SmtpMailer
from knowflow_server.rpc.konversation.broadcast import BroadcastService, WhatsAppBroadcastService
from knowflow_server.rpc.konversation.channel import ChannelService
from knowflow_server.rpc.konversation.chat_message import ChatMessageService
from knowflow_server.rpc.konversation.sending import SendingService
from knowflow_server.rpc.konversation.trigger import TriggerService
from knowflow_server.rpc.konversation.webchat import WebchatService


def join_talks(base: Base, core: Core, whatsapp: WhatsAppSide, bots: Konversation) -> Part:
    """Start to answer and to send, and return the servicers; the stack stops it."""
    entities, clock, ids = base.stores.entities, base.common.clock, base.common.ids
    bots.flows.own(Broadcast)
    log, mail = ChatLog(base.stores.messages, clock, ids), _mail(base)
    base.common.leaving.append(log.end)
    phones = WhatsAppChannel(entities, bots.subscribers, whatsapp.connections, whatsapp.messenger, log)
    channels = Channels({EMAIL: mail, **dict.fromkeys(WHATSAPP, phones)})
    tools = Tools(bots.subscribers, bots.tags, bots.bot_fields, bots.events, log, bots.journal, channels, clock)
    graphs = Graphs(entities, bots.sub_flows)
    services = Services(entities, base.models.table, base.knowledge.retrieval, core.tools)
    player = Player(graphs, services, log, clock)
    talks = Talks(entities, tools, graphs, player, base.common.jobs, base.common.locks, clock)
    phones.answer_with(talks)
    whatsapp.inbound.register(KIND, phones)
    broadcasts = Broadcasts(
        entities,
        bots.subscribers,
        bots.sub_flows,
        bots.tags,
        bots.segments,
        bots.audience,
        bots.user_fields,
        bots.bot_fields,
        bots.index,
        clock,
    )
    worker = BroadcastWorker(entities, broadcasts, bots.subscribers, talks, channels, log, bots.journal, phones, clock)
    talks.start()
    base.stack.push_async_callback(talks.close)
    worker.start()
    base.stack.push_async_callback(worker.close)
    visitors, streams = Visitors(entities, clock), base.settings.webchat_streams
    webchat = Webchat(entities, bots.subscribers, visitors, talks, log, clock, streams=streams)
    triggers = Triggers(entities, bots.subscribers, bots.sub_flows, talks, base.platform.guards.limits)
    sending = Sending(bots.subscribers, bots.sub_flows, talks, mail, phones, bots.journal)
    return Part(
        [
            SendingService(bots.flows, bots.team, sending),
            BroadcastService(bots.flows, broadcasts, clock),
            WhatsAppBroadcastService(bots.flows, broadcasts, clock),
            ChatMessageService(bots.flows, ChatMessages(bots.subscribers, log, clock)),
            WebchatService(bots.flows, webchat),
            ChannelService(bots.flows, whatsapp.connections),
            TriggerService(bots.flows, triggers),
        ]
    )


def _mail(base: Base) -> SubscriberMail:
    """Return what sends e-mails, to the mail server of the operator, which need not be a public one."""
    settings = base.settings
    own = [f"{settings.smtp_host}:{settings.smtp_port}"] if settings.smtp_host else []
    addresses = Addresses([*settings.outgoing_allow, *own])
    base.stack.callback(addresses.close)
    password = settings.smtp_password.get_secret_value() if settings.smtp_password else ""
    server = None
    if settings.smtp_host:
        server = MailServer(settings.smtp_host, settings.smtp_port, settings.smtp_user or "", password)
    return SubscriberMail(SmtpMailer(addresses), server, settings.smtp_from or "")
