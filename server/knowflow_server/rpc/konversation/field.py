"""User fields and bot fields."""

from __future__ import annotations

from typing import Any

from knowflow.konversation.v1 import bot_field_service_pb2 as bot
from knowflow.konversation.v1 import bot_field_service_pb2_grpc, page_pb2, user_field_service_pb2_grpc
from knowflow.konversation.v1 import user_field_service_pb2 as user
from knowflow.store.v1.flow_field_pb2 import BotField
from knowflow_server.domain import free_json
from knowflow_server.domain.konversation.field import BotFields, UserFields
from knowflow_server.domain.konversation.field_value import TYPE_NAMES
from knowflow_server.domain.konversation.flow import Flows
from knowflow_server.domain.konversation.naming import name_of
from knowflow_server.rpc.konversation.chatbot import chatbot
from knowflow_server.rpc.konversation.page import OK, done, listed, page_request
from knowflow_server.rpc.konversation.views import field_view

CHANGEABLE = ("name", "display_type")


def value_of(holder: Any) -> Any:
    """Return the `value` of a message as JSON has it; None when it is absent.

    Raises:
        InvalidArgumentError: It holds a number which JSON cannot say.
    """
    return free_json.values(holder.value, "value") if holder.HasField("value") else None


def _definition(request: Any) -> dict[str, Any]:
    """Return what a request says of a new field."""
    given = {name: getattr(request, name) for name in ("name", "var_type", "description")}
    return {**given, "value": value_of(request)}


def bot_view(record: BotField) -> bot.BotField:
    """Return a bot field."""
    return bot.BotField(
        var_ns=name_of(record),
        name=record.name,
        var_type=TYPE_NAMES[record.type],
        description=record.description,
        value=record.value,
        is_template_field=record.is_template_field,
    )


class UserFieldService(user_field_service_pb2_grpc.UserFieldServiceServicer):
    """Answers for user fields."""

    def __init__(self, flows: Flows, fields: UserFields) -> None:
        self._flows = flows
        self._fields = fields

    async def ListUserFields(self, request: user.ListUserFieldsRequest, context: Any) -> user.ListUserFieldsResponse:
        """List fields."""
        page = self._fields.list(chatbot(self._flows, request), page_request(request), name=request.name)
        items = [field_view(field) for field in page.items]
        return user.ListUserFieldsResponse(**listed(request, page, "/flow/user-fields", items))

    async def CreateUserField(self, request: user.CreateUserFieldRequest, context: Any) -> user.UserFieldResponse:
        """Create a field."""
        field = await self._fields.define(chatbot(self._flows, request), **_definition(request))
        return user.UserFieldResponse(status=OK, data=field_view(field))

    async def UpdateUserField(self, request: user.UpdateUserFieldRequest, context: Any) -> page_pb2.Done:
        """Change a field."""
        changes = {name: getattr(request, name) for name in CHANGEABLE if request.HasField(name)}
        await self._fields.update(chatbot(self._flows, request), request.var_ns, **changes)
        return done()

    async def DeleteUserField(self, request: user.DeleteUserFieldRequest, context: Any) -> page_pb2.Done:
        """Delete a field."""
        await self._fields.delete(chatbot(self._flows, request), ns=request.var_ns)
        return done()

    async def DeleteUserFieldByName(self, request: user.DeleteUserFieldByNameRequest, context: Any) -> page_pb2.Done:
        """Delete a field by its name."""
        await self._fields.delete(chatbot(self._flows, request), name=request.name)
        return done()


class BotFieldService(bot_field_service_pb2_grpc.BotFieldServiceServicer):
    """Answers for bot fields."""

    def __init__(self, flows: Flows, fields: BotFields) -> None:
        self._flows = flows
        self._fields = fields

    async def ListBotFields(self, request: bot.ListBotFieldsRequest, context: Any) -> bot.ListBotFieldsResponse:
        """List fields."""
        page = self._fields.list(chatbot(self._flows, request), page_request(request), name=request.name)
        items = [bot_view(field) for field in page.items]
        return bot.ListBotFieldsResponse(**listed(request, page, "/flow/bot-fields", items))

    async def CreateBotField(self, request: bot.CreateBotFieldRequest, context: Any) -> bot.BotFieldResponse:
        """Create a field."""
        field = await self._fields.define(chatbot(self._flows, request), **_definition(request))
        return bot.BotFieldResponse(status=OK, data=bot_view(field))

    async def SetBotField(self, request: bot.SetBotFieldRequest, context: Any) -> bot.BotFieldResponse:
        """Give a field a value."""
        [field] = await self._fields.assign(chatbot(self._flows, request), [(request.var_ns, value_of(request))])
        return bot.BotFieldResponse(status=OK, data=bot_view(field))

    async def SetBotFieldByName(self, request: bot.SetBotFieldByNameRequest, context: Any) -> bot.BotFieldResponse:
        """Give a field, by its name, a value."""
        values = [(request.name, value_of(request))]
        [field] = await self._fields.assign(chatbot(self._flows, request), values, by_name=True)
        return bot.BotFieldResponse(status=OK, data=bot_view(field))

    async def SetBotFields(self, request: bot.SetBotFieldsRequest, context: Any) -> page_pb2.Done:
        """Give fields values."""
        values = [(one.var_ns, value_of(one)) for one in request.data]
        await self._fields.assign(chatbot(self._flows, request), values)
        return done()

    async def SetBotFieldsByName(self, request: bot.SetBotFieldsByNameRequest, context: Any) -> page_pb2.Done:
        """Give fields, by their names, values."""
        values = [(one.name, value_of(one)) for one in request.data]
        await self._fields.assign(chatbot(self._flows, request), values, by_name=True)
        return done()

    async def DeleteBotField(self, request: bot.DeleteBotFieldRequest, context: Any) -> page_pb2.Done:
        """Delete a field."""
        await self._fields.delete(chatbot(self._flows, request), ns=request.var_ns)
        return done()

    async def DeleteBotFieldByName(self, request: bot.DeleteBotFieldByNameRequest, context: Any) -> page_pb2.Done:
        """Delete a field by its name."""
        await self._fields.delete(chatbot(self._flows, request), name=request.name)
        return done()
