"""Errors by what happened: one class for each reason of `error_reason.proto`."""

from __future__ import annotations

from typing import ClassVar

from knowflow.api_error import ApiError


class InternalError(ApiError):
    """Something unexpected happened on the server; its log has the details under the request id."""

    REASON: ClassVar[str] = "INTERNAL"


class InvalidArgumentError(ApiError):
    """A field of the request has a wrong shape: too long, out of range, missing."""

    REASON: ClassVar[str] = "INVALID_ARGUMENT"


class ApiKeyMissingError(ApiError):
    """The call carries no API key."""

    REASON: ClassVar[str] = "API_KEY_MISSING"


class ApiKeyInvalidError(ApiError):
    """The API key is unknown, expired or revoked."""

    REASON: ClassVar[str] = "API_KEY_INVALID"


class DatasetNotFoundError(ApiError):
    """The dataset does not exist, or belongs to another organization."""

    REASON: ClassVar[str] = "DATASET_NOT_FOUND"


class DatasetNameExistsError(ApiError):
    """Another dataset of the organization has this name; upper and lower case count as equal."""

    REASON: ClassVar[str] = "DATASET_NAME_EXISTS"


class DatasetNotModifiedError(ApiError):
    """An update of a dataset names nothing to change."""

    REASON: ClassVar[str] = "DATASET_NOT_MODIFIED"


class EmbeddingModelUnsupportedError(ApiError):
    """No provider serves this embedding model."""

    REASON: ClassVar[str] = "EMBEDDING_MODEL_UNSUPPORTED"


class EmbeddingModelLockedError(ApiError):
    """The embedding model of a dataset cannot change while it holds chunks."""

    REASON: ClassVar[str] = "EMBEDDING_MODEL_LOCKED"


class EmbeddingModelsDifferError(ApiError):
    """The datasets of one retrieval use different embedding models."""

    REASON: ClassVar[str] = "EMBEDDING_MODELS_DIFFER"


class ModelUnavailableError(ApiError):
    """A model provider did not answer, or answered with an error."""

    REASON: ClassVar[str] = "MODEL_UNAVAILABLE"


class DocumentNotFoundError(ApiError):
    """The document does not exist in the dataset."""

    REASON: ClassVar[str] = "DOCUMENT_NOT_FOUND"


class DocumentsNotFoundError(ApiError):
    """Some of the documents named in a list do not exist in the dataset; the others were dealt with."""

    REASON: ClassVar[str] = "DOCUMENTS_NOT_FOUND"


class DocumentNotParsableError(ApiError):
    """A document cannot be parsed now: it does not exist in the dataset, or is being parsed already."""

    REASON: ClassVar[str] = "DOCUMENT_NOT_PARSABLE"


class DocumentNotParsingError(ApiError):
    """Parsing of a document cannot be stopped, because it is not running."""

    REASON: ClassVar[str] = "DOCUMENT_NOT_PARSING"


class DocumentNameExistsError(ApiError):
    """Another document of the dataset has this name."""

    REASON: ClassVar[str] = "DOCUMENT_NAME_EXISTS"


class DocumentExtensionChangedError(ApiError):
    """A new name of a document must keep the extension of the file."""

    REASON: ClassVar[str] = "DOCUMENT_EXTENSION_CHANGED"


class DocumentFieldReadOnlyError(ApiError):
    """An update of a document names a value that only the server changes."""

    REASON: ClassVar[str] = "DOCUMENT_FIELD_READ_ONLY"


class FileMissingError(ApiError):
    """An upload has no file, or a file without a name."""

    REASON: ClassVar[str] = "FILE_MISSING"


class FileNameInvalidError(ApiError):
    """The name of an uploaded file is too long or not usable."""

    REASON: ClassVar[str] = "FILE_NAME_INVALID"


class FileTypeUnsupportedError(ApiError):
    """Files of this type are not supported; the other files of the upload were kept."""

    REASON: ClassVar[str] = "FILE_TYPE_UNSUPPORTED"


class FileTooLargeError(ApiError):
    """An uploaded file is larger than the server accepts."""

    REASON: ClassVar[str] = "FILE_TOO_LARGE"


class UploadMalformedError(ApiError):
    """The body of an upload is not multipart form data, or ended in the middle of a file.

    Files of it that were complete were not kept either.
    """

    REASON: ClassVar[str] = "UPLOAD_MALFORMED"


class ChunkNotFoundError(ApiError):
    """The chunk does not exist in the document."""

    REASON: ClassVar[str] = "CHUNK_NOT_FOUND"


class ChunksNotFoundError(ApiError):
    """Some of the chunks named in a list do not exist; the others were deleted."""

    REASON: ClassVar[str] = "CHUNKS_NOT_FOUND"


class StoreUnavailableError(ApiError):
    """The store does not answer."""

    REASON: ClassVar[str] = "STORE_UNAVAILABLE"


class OverloadedError(ApiError):
    """More writes are waiting than the server queues; try again later."""

    REASON: ClassVar[str] = "OVERLOADED"


class ChunkUpdateFailedError(ApiError):
    """The chunk changed or disappeared while it was being updated."""

    REASON: ClassVar[str] = "CHUNK_UPDATE_FAILED"


class DocumentationNotFoundError(ApiError):
    """There is no such page, file or document of the documentation."""

    REASON: ClassVar[str] = "DOCUMENTATION_NOT_FOUND"


class ChatNotFoundError(ApiError):
    """The chat assistant does not exist, or belongs to another organization."""

    REASON: ClassVar[str] = "CHAT_NOT_FOUND"


class ChatNameExistsError(ApiError):
    """Another chat assistant of the organization has this name; upper and lower case count as equal."""

    REASON: ClassVar[str] = "CHAT_NAME_EXISTS"


class DatasetNotParsedError(ApiError):
    """A dataset of a chat assistant holds no chunks: none of its documents has been parsed."""

    REASON: ClassVar[str] = "DATASET_NOT_PARSED"


class ChatModelUnsupportedError(ApiError):
    """No provider serves this chat model."""

    REASON: ClassVar[str] = "CHAT_MODEL_UNSUPPORTED"


class RerankModelUnsupportedError(ApiError):
    """No provider serves this rerank model."""

    REASON: ClassVar[str] = "RERANK_MODEL_UNSUPPORTED"


class ChatDatasetsGoneError(ApiError):
    """All datasets of the chat assistant were deleted."""

    REASON: ClassVar[str] = "CHAT_DATASETS_GONE"


class PromptVariableMissingError(ApiError):
    """A question leaves out a variable of the assistant's prompt that is not optional."""

    REASON: ClassVar[str] = "PROMPT_VARIABLE_MISSING"


class SessionNotFoundError(ApiError):
    """The session does not exist in the chat assistant."""

    REASON: ClassVar[str] = "SESSION_NOT_FOUND"


class ContextOverflowError(ApiError):
    """The question and the prompt are longer than the model reads."""

    REASON: ClassVar[str] = "CONTEXT_OVERFLOW"


class ModelOverloadedError(ApiError):
    """A model provider takes no more calls for now, or its quota is used up; try again later."""

    REASON: ClassVar[str] = "MODEL_OVERLOADED"


class AgentNotFoundError(ApiError):
    """The agent does not exist, or belongs to another organization."""

    REASON: ClassVar[str] = "AGENT_NOT_FOUND"


class AgentNotOwnedError(ApiError):
    """Only the owner of an agent changes or deletes it; it does not exist, or belongs to somebody else."""

    REASON: ClassVar[str] = "AGENT_NOT_OWNED"


class AgentTitleExistsError(ApiError):
    """Another agent of the organization has this title; upper and lower case count as equal."""

    REASON: ClassVar[str] = "AGENT_TITLE_EXISTS"


class AgentDslInvalidError(ApiError):
    """The graph of an agent is wrong; the message names the component."""

    REASON: ClassVar[str] = "AGENT_DSL_INVALID"


class AgentRunFailedError(ApiError):
    """A component of an agent failed and nothing says what to do then."""

    REASON: ClassVar[str] = "AGENT_RUN_FAILED"


class RateLimitedError(ApiError):
    """Too many calls of one kind; the metadata says after how many seconds to try again."""

    REASON: ClassVar[str] = "RATE_LIMITED"


class PermissionDeniedError(ApiError):
    """The key or the role does not allow the call."""

    REASON: ClassVar[str] = "PERMISSION_DENIED"


class LoginFailedError(ApiError):
    """The e-mail address is unknown, or the password is wrong; nobody is told which."""

    REASON: ClassVar[str] = "LOGIN_FAILED"


class EmailTakenError(ApiError):
    """A user with this e-mail address exists; upper and lower case count as equal."""

    REASON: ClassVar[str] = "EMAIL_TAKEN"


class RegistrationClosedError(ApiError):
    """Users register with an invitation only."""

    REASON: ClassVar[str] = "REGISTRATION_CLOSED"


class NotAUserError(ApiError):
    """The call is for users who are logged in; an API key is nobody."""

    REASON: ClassVar[str] = "NOT_A_USER"


class OrganizationNotFoundError(ApiError):
    """The organization does not exist, or the caller has nothing to do with it."""

    REASON: ClassVar[str] = "ORGANIZATION_NOT_FOUND"


class OrganizationLimitError(ApiError):
    """The user is a member of as many organizations as the server allows."""

    REASON: ClassVar[str] = "ORGANIZATION_LIMIT"


class MemberNotFoundError(ApiError):
    """The user is no member of the organization."""

    REASON: ClassVar[str] = "MEMBER_NOT_FOUND"


class MemberExistsError(ApiError):
    """Somebody with this e-mail address is a member already."""

    REASON: ClassVar[str] = "MEMBER_EXISTS"


class LastOwnerError(ApiError):
    """The last owner of an organization can neither leave nor become anything else."""

    REASON: ClassVar[str] = "LAST_OWNER"


class InvitationNotFoundError(ApiError):
    """The invitation does not exist in the organization."""

    REASON: ClassVar[str] = "INVITATION_NOT_FOUND"


class InvitationInvalidError(ApiError):
    """The token of an invitation is wrong, expired, withdrawn, used, or for another e-mail address."""

    REASON: ClassVar[str] = "INVITATION_INVALID"


class ApiKeyNotFoundError(ApiError):
    """The API key does not exist in the organization."""

    REASON: ClassVar[str] = "API_KEY_NOT_FOUND"


class WebhookNotFoundError(ApiError):
    """The webhook does not exist, or belongs to another organization."""

    REASON: ClassVar[str] = "WEBHOOK_NOT_FOUND"


class WebhookDeliveryNotFoundError(ApiError):
    """The delivery does not exist in the webhook, or is so old that it was forgotten."""

    REASON: ClassVar[str] = "WEBHOOK_DELIVERY_NOT_FOUND"


class WebhookUrlRefusedError(ApiError):
    """Events cannot be sent to this address; the message says why."""

    REASON: ClassVar[str] = "WEBHOOK_URL_REFUSED"


class WebhookLimitReachedError(ApiError):
    """The organization has as many webhooks as it may have."""

    REASON: ClassVar[str] = "WEBHOOK_LIMIT_REACHED"


class WebhookDisabledError(ApiError):
    """A delivery of a disabled webhook cannot be sent again; enable the webhook first."""

    REASON: ClassVar[str] = "WEBHOOK_DISABLED"


class AppNotFoundError(ApiError):
    """The app does not exist, or belongs to another organization."""

    REASON: ClassVar[str] = "APP_NOT_FOUND"


class AppNameExistsError(ApiError):
    """Another app of the organization has this name; upper and lower case count as equal."""

    REASON: ClassVar[str] = "APP_NAME_EXISTS"


class AppSourceTakenError(ApiError):
    """Another app publishes this assistant or agent already."""

    REASON: ClassVar[str] = "APP_SOURCE_TAKEN"


class AppSourceGoneError(ApiError):
    """The assistant or agent of an app was deleted."""

    REASON: ClassVar[str] = "APP_SOURCE_GONE"


class AppNotDeployedError(ApiError):
    """The app has no active deployment to the channel."""

    REASON: ClassVar[str] = "APP_NOT_DEPLOYED"


class DeploymentNotFoundError(ApiError):
    """The deployment does not exist in the app."""

    REASON: ClassVar[str] = "DEPLOYMENT_NOT_FOUND"


class DeploymentNotActiveError(ApiError):
    """Only an active deployment can be stopped or rolled back."""

    REASON: ClassVar[str] = "DEPLOYMENT_NOT_ACTIVE"


class NothingToRollBackError(ApiError):
    """No deployment to the channel was active before this one, or it was deleted."""

    REASON: ClassVar[str] = "NOTHING_TO_ROLL_BACK"


class DeploymentChannelUnavailableError(ApiError):
    """The channel does not exist, or this server or this app cannot serve it; the message says why."""

    REASON: ClassVar[str] = "DEPLOYMENT_CHANNEL_UNAVAILABLE"


class OriginNotAllowedError(ApiError):
    """A website's token was shown by a page of another website, or by no browser."""

    REASON: ClassVar[str] = "ORIGIN_NOT_ALLOWED"


class DocumentUrlRefusedError(ApiError):
    """A document cannot be fetched from this address; the message says why."""

    REASON: ClassVar[str] = "DOCUMENT_URL_REFUSED"


class NoCreditsError(ApiError):
    """The organization has no credits left for the operation."""

    REASON: ClassVar[str] = "NO_CREDITS"


class AgentPausedError(ApiError):
    """The agent is paused: it answers nobody until its status is active again."""

    REASON: ClassVar[str] = "AGENT_PAUSED"


class AgentGraphEditedError(ApiError):
    """The graph of the agent was made or edited by hand, and would be overwritten by what is asked for."""

    REASON: ClassVar[str] = "AGENT_GRAPH_EDITED"


class CreditKeyReusedError(ApiError):
    """A key of a top-up was used before, for another organization or amount."""

    REASON: ClassVar[str] = "CREDIT_KEY_REUSED"


class NotAnOperatorError(ApiError):
    """The call is for operators of the server: the operator key is missing, wrong, or not set on the server."""

    REASON: ClassVar[str] = "NOT_AN_OPERATOR"


class UsageRangeInvalidError(ApiError):
    """The days that are asked for are no days, or not in order, too many or too recent.

    The message says which.
    """

    REASON: ClassVar[str] = "USAGE_RANGE_INVALID"


class WhatsappConnectionNotFoundError(ApiError):
    """The agent has no connection to WhatsApp."""

    REASON: ClassVar[str] = "WHATSAPP_CONNECTION_NOT_FOUND"


class WhatsappFieldsMissingError(ApiError):
    """Fields without which no message can be sent are missing; the message names them."""

    REASON: ClassVar[str] = "WHATSAPP_FIELDS_MISSING"


class WhatsappNumberTakenError(ApiError):
    """Another agent of the organization has a connection with this phone number."""

    REASON: ClassVar[str] = "WHATSAPP_NUMBER_TAKEN"


class WhatsappEventRefusedError(ApiError):
    """Events are not signed with the secret of the Meta app, or the address for events was not verified with its token."""

    REASON: ClassVar[str] = "WHATSAPP_EVENT_REFUSED"


class WhatsappMessageRefusedError(ApiError):
    """WhatsApp does not take the message as it is; the message says why, the metadata has WhatsApp's code."""

    REASON: ClassVar[str] = "WHATSAPP_MESSAGE_REFUSED"


class WhatsappForbiddenError(ApiError):
    """WhatsApp does not allow the message: a permission is missing, or the account is locked or restricted."""

    REASON: ClassVar[str] = "WHATSAPP_FORBIDDEN"


class WhatsappTemplateNotFoundError(ApiError):
    """WhatsApp knows no template of this name in this language."""

    REASON: ClassVar[str] = "WHATSAPP_TEMPLATE_NOT_FOUND"


class WhatsappLimitReachedError(ApiError):
    """WhatsApp takes no more messages for now; try again later."""

    REASON: ClassVar[str] = "WHATSAPP_LIMIT_REACHED"


class WhatsappUnavailableError(ApiError):
    """WhatsApp cannot be reached, or failed."""

    REASON: ClassVar[str] = "WHATSAPP_UNAVAILABLE"


class WhatsappTokenRefusedError(ApiError):
    """WhatsApp refuses the access token of the connection; set a new one."""

    REASON: ClassVar[str] = "WHATSAPP_TOKEN_REFUSED"


class KnowledgeItemNotFoundError(ApiError):
    """The knowledge item does not exist, or belongs to another organization."""

    REASON: ClassVar[str] = "KNOWLEDGE_ITEM_NOT_FOUND"


class KnowledgeContentMissingError(ApiError):
    """A knowledge item needs content."""

    REASON: ClassVar[str] = "KNOWLEDGE_CONTENT_MISSING"


class KnowledgeAgentsMissingError(ApiError):
    """A knowledge item needs agents."""

    REASON: ClassVar[str] = "KNOWLEDGE_AGENTS_MISSING"


class KnowledgeContentTooLongError(ApiError):
    """The content of a knowledge item is too long."""

    REASON: ClassVar[str] = "KNOWLEDGE_CONTENT_TOO_LONG"


class KnowledgeAgentForeignError(ApiError):
    """An agent which a knowledge item names does not exist, or belongs to another organization."""

    REASON: ClassVar[str] = "KNOWLEDGE_AGENT_FOREIGN"


class KnowledgeLimitReachedError(ApiError):
    """A knowledge base holds as many knowledge items as the plan of the server allows."""

    REASON: ClassVar[str] = "KNOWLEDGE_LIMIT_REACHED"


class PaginationInvalidError(ApiError):
    """`page` or `limit` is out of range."""

    REASON: ClassVar[str] = "PAGINATION_INVALID"


class ReferenceNotFoundError(ApiError):
    """The question with its answer does not exist in the knowledge base."""

    REASON: ClassVar[str] = "REFERENCE_NOT_FOUND"


class KnowledgebaseNotAssignedError(ApiError):
    """The agent has no knowledge base."""

    REASON: ClassVar[str] = "KNOWLEDGEBASE_NOT_ASSIGNED"


class InstructionsVersionNotFoundError(ApiError):
    """The version of an agent's instructions does not exist, or is so old that it was forgotten."""

    REASON: ClassVar[str] = "INSTRUCTIONS_VERSION_NOT_FOUND"


class WebpageNotFoundError(ApiError):
    """The webpage does not exist in the knowledge base."""

    REASON: ClassVar[str] = "WEBPAGE_NOT_FOUND"


class WebpageUpdatingError(ApiError):
    """The webpage is being read, or waits for that; nothing more can be asked for."""

    REASON: ClassVar[str] = "WEBPAGE_UPDATING"


class WebpageRefreshLimitedError(ApiError):
    """The webpage was refreshed in the last 24 hours; `next_available_at` says when it can be again."""

    REASON: ClassVar[str] = "WEBPAGE_REFRESH_LIMITED"


class WebpageUrlRefusedError(ApiError):
    """No page can be read from this address; the message says why."""

    REASON: ClassVar[str] = "WEBPAGE_URL_REFUSED"


class FlowNotFoundError(ApiError):
    """The chatbot does not exist for this caller."""

    REASON: ClassVar[str] = "FLOW_NOT_FOUND"


class FlowNotChosenError(ApiError):
    """The call does not say which chatbot it is for, and the key is for no single one.

    The message says what to do.
    """

    REASON: ClassVar[str] = "FLOW_NOT_CHOSEN"


class SubFlowNotFoundError(ApiError):
    """The sub flow does not exist in the chatbot."""

    REASON: ClassVar[str] = "SUB_FLOW_NOT_FOUND"


class FlowNameTakenError(ApiError):
    """Something of this kind has the name already."""

    REASON: ClassVar[str] = "FLOW_NAME_TAKEN"


class FlowTagNotFoundError(ApiError):
    """The tag does not exist in the chatbot."""

    REASON: ClassVar[str] = "FLOW_TAG_NOT_FOUND"


class FlowFieldNotFoundError(ApiError):
    """The user field or bot field does not exist in the chatbot."""

    REASON: ClassVar[str] = "FLOW_FIELD_NOT_FOUND"


class FlowFieldValueInvalidError(ApiError):
    """A value does not fit the type of its field; the message says what does."""

    REASON: ClassVar[str] = "FLOW_FIELD_VALUE_INVALID"


class SubscriberNotFoundError(ApiError):
    """The subscriber does not exist in the chatbot."""

    REASON: ClassVar[str] = "SUBSCRIBER_NOT_FOUND"


class SubscriberExistsError(ApiError):
    """A subscriber of the chatbot has this `user_id` already: digits of a phone number, or an e-mail address."""

    REASON: ClassVar[str] = "SUBSCRIBER_EXISTS"


class SegmentNotFoundError(ApiError):
    """The segment does not exist in the chatbot."""

    REASON: ClassVar[str] = "SEGMENT_NOT_FOUND"


class CustomEventNotFoundError(ApiError):
    """The custom event does not exist in the chatbot."""

    REASON: ClassVar[str] = "CUSTOM_EVENT_NOT_FOUND"


class TeamLabelNotFoundError(ApiError):
    """The label does not exist in the workspace."""

    REASON: ClassVar[str] = "TEAM_LABEL_NOT_FOUND"


class TeamAgentNotFoundError(ApiError):
    """The agent, or the group of agents, does not exist in the workspace."""

    REASON: ClassVar[str] = "TEAM_AGENT_NOT_FOUND"


class FlowLimitReachedError(ApiError):
    """There are as many things of a kind as there may be."""

    REASON: ClassVar[str] = "FLOW_LIMIT_REACHED"


class InboundWebhookNotFoundError(ApiError):
    """The inbound webhook does not exist, or is disabled."""

    REASON: ClassVar[str] = "INBOUND_WEBHOOK_NOT_FOUND"


class AppTriggerNotFoundError(ApiError):
    """No sub flow of the chatbot starts at this trigger."""

    REASON: ClassVar[str] = "APP_TRIGGER_NOT_FOUND"


class NodeNotFoundError(ApiError):
    """No sub flow of the chatbot has the component."""

    REASON: ClassVar[str] = "NODE_NOT_FOUND"


class SubscriberUnsubscribedError(ApiError):
    """The subscriber has unsubscribed from the chatbot, which may not write until that is taken back."""

    REASON: ClassVar[str] = "SUBSCRIBER_UNSUBSCRIBED"


class BotPausedError(ApiError):
    """The bot is paused for the subscriber, so that no sub flow runs; resume it first."""

    REASON: ClassVar[str] = "BOT_PAUSED"


class ChannelUnavailableError(ApiError):
    """A message cannot be sent to the subscriber; the message says why."""

    REASON: ClassVar[str] = "CHANNEL_UNAVAILABLE"


class SubFlowFailedError(ApiError):
    """A sub flow ended with an error; what it had sent before stays sent."""

    REASON: ClassVar[str] = "SUB_FLOW_FAILED"


class BroadcastNotFoundError(ApiError):
    """The broadcast does not exist in the chatbot."""

    REASON: ClassVar[str] = "BROADCAST_NOT_FOUND"


class BroadcastOverError(ApiError):
    """The broadcast is completed or cancelled already."""

    REASON: ClassVar[str] = "BROADCAST_OVER"


class VisitorRequiredError(ApiError):
    """The call is for visitors of the channel `web`, who show a token of their own."""

    REASON: ClassVar[str] = "VISITOR_REQUIRED"


class TooManyStreamsError(ApiError):
    """A visitor of the channel `web` has as many streams open as the server allows.

    One of them must end first.
    """

    REASON: ClassVar[str] = "TOO_MANY_STREAMS"


class ProductNotFoundError(ApiError):
    """The product does not exist in the chatbot of the key."""

    REASON: ClassVar[str] = "PRODUCT_NOT_FOUND"


class VariantNotFoundError(ApiError):
    """The variant does not exist in the product, or in the chatbot of the key."""

    REASON: ClassVar[str] = "VARIANT_NOT_FOUND"


class VariantTakenError(ApiError):
    """The product has a variant with the same values already."""

    REASON: ClassVar[str] = "VARIANT_TAKEN"


class ProductWithoutVariantsError(ApiError):
    """The product was made without variants, so that none can be added or taken away."""

    REASON: ClassVar[str] = "PRODUCT_WITHOUT_VARIANTS"


class ShopNameNotFoundError(ApiError):
    """The product tag, type or vendor does not exist in the chatbot of the key."""

    REASON: ClassVar[str] = "SHOP_NAME_NOT_FOUND"


class ShopNameTakenError(ApiError):
    """Another product tag, type or vendor has the name; upper and lower case count as equal."""

    REASON: ClassVar[str] = "SHOP_NAME_TAKEN"


class DiscountCodeNotFoundError(ApiError):
    """The discount code does not exist in the chatbot of the key."""

    REASON: ClassVar[str] = "DISCOUNT_CODE_NOT_FOUND"


class DiscountCodeTakenError(ApiError):
    """Another discount code is written alike; upper and lower case count as equal."""

    REASON: ClassVar[str] = "DISCOUNT_CODE_TAKEN"


class DiscountRefusedError(ApiError):
    """The rules of a discount code do not let it be used; the message says which."""

    REASON: ClassVar[str] = "DISCOUNT_REFUSED"


class LocationNotFoundError(ApiError):
    """The location does not exist in the chatbot of the key."""

    REASON: ClassVar[str] = "LOCATION_NOT_FOUND"


class OrderNotFoundError(ApiError):
    """The order does not exist in the chatbot of the key, or is not the subscriber's."""

    REASON: ClassVar[str] = "ORDER_NOT_FOUND"


class OrderStatusRefusedError(ApiError):
    """An order does not go from its status to the new one."""

    REASON: ClassVar[str] = "ORDER_STATUS_REFUSED"


class OrderClosedError(ApiError):
    """The items of an order cannot change any more once it is shipped, completed, cancelled or refunded."""

    REASON: ClassVar[str] = "ORDER_CLOSED"


class ShopLimitReachedError(ApiError):
    """The shop has as many things of a kind as it may have."""

    REASON: ClassVar[str] = "SHOP_LIMIT_REACHED"


class OutOfStockError(ApiError):
    """There is less in stock than is asked for."""

    REASON: ClassVar[str] = "OUT_OF_STOCK"


class NotForSaleError(ApiError):
    """The product of the variant is inactive."""

    REASON: ClassVar[str] = "NOT_FOR_SALE"


class CartEmptyError(ApiError):
    """There is nothing in the cart."""

    REASON: ClassVar[str] = "CART_EMPTY"


class NotInCartError(ApiError):
    """The variant is not in the cart."""

    REASON: ClassVar[str] = "NOT_IN_CART"


BY_REASON: dict[str, type[ApiError]] = {
    "INTERNAL": InternalError,
    "INVALID_ARGUMENT": InvalidArgumentError,
    "API_KEY_MISSING": ApiKeyMissingError,
    "API_KEY_INVALID": ApiKeyInvalidError,
    "DATASET_NOT_FOUND": DatasetNotFoundError,
    "DATASET_NAME_EXISTS": DatasetNameExistsError,
    "DATASET_NOT_MODIFIED": DatasetNotModifiedError,
    "EMBEDDING_MODEL_UNSUPPORTED": EmbeddingModelUnsupportedError,
    "EMBEDDING_MODEL_LOCKED": EmbeddingModelLockedError,
    "EMBEDDING_MODELS_DIFFER": EmbeddingModelsDifferError,
    "MODEL_UNAVAILABLE": ModelUnavailableError,
    "DOCUMENT_NOT_FOUND": DocumentNotFoundError,
    "DOCUMENTS_NOT_FOUND": DocumentsNotFoundError,
    "DOCUMENT_NOT_PARSABLE": DocumentNotParsableError,
    "DOCUMENT_NOT_PARSING": DocumentNotParsingError,
    "DOCUMENT_NAME_EXISTS": DocumentNameExistsError,
    "DOCUMENT_EXTENSION_CHANGED": DocumentExtensionChangedError,
    "DOCUMENT_FIELD_READ_ONLY": DocumentFieldReadOnlyError,
    "FILE_MISSING": FileMissingError,
    "FILE_NAME_INVALID": FileNameInvalidError,
    "FILE_TYPE_UNSUPPORTED": FileTypeUnsupportedError,
    "FILE_TOO_LARGE": FileTooLargeError,
    "UPLOAD_MALFORMED": UploadMalformedError,
    "CHUNK_NOT_FOUND": ChunkNotFoundError,
    "CHUNKS_NOT_FOUND": ChunksNotFoundError,
    "STORE_UNAVAILABLE": StoreUnavailableError,
    "OVERLOADED": OverloadedError,
    "CHUNK_UPDATE_FAILED": ChunkUpdateFailedError,
    "DOCUMENTATION_NOT_FOUND": DocumentationNotFoundError,
    "CHAT_NOT_FOUND": ChatNotFoundError,
    "CHAT_NAME_EXISTS": ChatNameExistsError,
    "DATASET_NOT_PARSED": DatasetNotParsedError,
    "CHAT_MODEL_UNSUPPORTED": ChatModelUnsupportedError,
    "RERANK_MODEL_UNSUPPORTED": RerankModelUnsupportedError,
    "CHAT_DATASETS_GONE": ChatDatasetsGoneError,
    "PROMPT_VARIABLE_MISSING": PromptVariableMissingError,
    "SESSION_NOT_FOUND": SessionNotFoundError,
    "CONTEXT_OVERFLOW": ContextOverflowError,
    "MODEL_OVERLOADED": ModelOverloadedError,
    "AGENT_NOT_FOUND": AgentNotFoundError,
    "AGENT_NOT_OWNED": AgentNotOwnedError,
    "AGENT_TITLE_EXISTS": AgentTitleExistsError,
    "AGENT_DSL_INVALID": AgentDslInvalidError,
    "AGENT_RUN_FAILED": AgentRunFailedError,
    "RATE_LIMITED": RateLimitedError,
    "PERMISSION_DENIED": PermissionDeniedError,
    "LOGIN_FAILED": LoginFailedError,
    "EMAIL_TAKEN": EmailTakenError,
    "REGISTRATION_CLOSED": RegistrationClosedError,
    "NOT_A_USER": NotAUserError,
    "ORGANIZATION_NOT_FOUND": OrganizationNotFoundError,
    "ORGANIZATION_LIMIT": OrganizationLimitError,
    "MEMBER_NOT_FOUND": MemberNotFoundError,
    "MEMBER_EXISTS": MemberExistsError,
    "LAST_OWNER": LastOwnerError,
    "INVITATION_NOT_FOUND": InvitationNotFoundError,
    "INVITATION_INVALID": InvitationInvalidError,
    "API_KEY_NOT_FOUND": ApiKeyNotFoundError,
    "WEBHOOK_NOT_FOUND": WebhookNotFoundError,
    "WEBHOOK_DELIVERY_NOT_FOUND": WebhookDeliveryNotFoundError,
    "WEBHOOK_URL_REFUSED": WebhookUrlRefusedError,
    "WEBHOOK_LIMIT_REACHED": WebhookLimitReachedError,
    "WEBHOOK_DISABLED": WebhookDisabledError,
    "APP_NOT_FOUND": AppNotFoundError,
    "APP_NAME_EXISTS": AppNameExistsError,
    "APP_SOURCE_TAKEN": AppSourceTakenError,
    "APP_SOURCE_GONE": AppSourceGoneError,
    "APP_NOT_DEPLOYED": AppNotDeployedError,
    "DEPLOYMENT_NOT_FOUND": DeploymentNotFoundError,
    "DEPLOYMENT_NOT_ACTIVE": DeploymentNotActiveError,
    "NOTHING_TO_ROLL_BACK": NothingToRollBackError,
    "DEPLOYMENT_CHANNEL_UNAVAILABLE": DeploymentChannelUnavailableError,
    "ORIGIN_NOT_ALLOWED": OriginNotAllowedError,
    "DOCUMENT_URL_REFUSED": DocumentUrlRefusedError,
    "NO_CREDITS": NoCreditsError,
    "AGENT_PAUSED": AgentPausedError,
    "AGENT_GRAPH_EDITED": AgentGraphEditedError,
    "CREDIT_KEY_REUSED": CreditKeyReusedError,
    "NOT_AN_OPERATOR": NotAnOperatorError,
    "USAGE_RANGE_INVALID": UsageRangeInvalidError,
    "WHATSAPP_CONNECTION_NOT_FOUND": WhatsappConnectionNotFoundError,
    "WHATSAPP_FIELDS_MISSING": WhatsappFieldsMissingError,
    "WHATSAPP_NUMBER_TAKEN": WhatsappNumberTakenError,
    "WHATSAPP_EVENT_REFUSED": WhatsappEventRefusedError,
    "WHATSAPP_MESSAGE_REFUSED": WhatsappMessageRefusedError,
    "WHATSAPP_FORBIDDEN": WhatsappForbiddenError,
    "WHATSAPP_TEMPLATE_NOT_FOUND": WhatsappTemplateNotFoundError,
    "WHATSAPP_LIMIT_REACHED": WhatsappLimitReachedError,
    "WHATSAPP_UNAVAILABLE": WhatsappUnavailableError,
    "WHATSAPP_TOKEN_REFUSED": WhatsappTokenRefusedError,
    "KNOWLEDGE_ITEM_NOT_FOUND": KnowledgeItemNotFoundError,
    "KNOWLEDGE_CONTENT_MISSING": KnowledgeContentMissingError,
    "KNOWLEDGE_AGENTS_MISSING": KnowledgeAgentsMissingError,
    "KNOWLEDGE_CONTENT_TOO_LONG": KnowledgeContentTooLongError,
    "KNOWLEDGE_AGENT_FOREIGN": KnowledgeAgentForeignError,
    "KNOWLEDGE_LIMIT_REACHED": KnowledgeLimitReachedError,
    "PAGINATION_INVALID": PaginationInvalidError,
    "REFERENCE_NOT_FOUND": ReferenceNotFoundError,
    "KNOWLEDGEBASE_NOT_ASSIGNED": KnowledgebaseNotAssignedError,
    "INSTRUCTIONS_VERSION_NOT_FOUND": InstructionsVersionNotFoundError,
    "WEBPAGE_NOT_FOUND": WebpageNotFoundError,
    "WEBPAGE_UPDATING": WebpageUpdatingError,
    "WEBPAGE_REFRESH_LIMITED": WebpageRefreshLimitedError,
    "WEBPAGE_URL_REFUSED": WebpageUrlRefusedError,
    "FLOW_NOT_FOUND": FlowNotFoundError,
    "FLOW_NOT_CHOSEN": FlowNotChosenError,
    "SUB_FLOW_NOT_FOUND": SubFlowNotFoundError,
    "FLOW_NAME_TAKEN": FlowNameTakenError,
    "FLOW_TAG_NOT_FOUND": FlowTagNotFoundError,
    "FLOW_FIELD_NOT_FOUND": FlowFieldNotFoundError,
    "FLOW_FIELD_VALUE_INVALID": FlowFieldValueInvalidError,
    "SUBSCRIBER_NOT_FOUND": SubscriberNotFoundError,
    "SUBSCRIBER_EXISTS": SubscriberExistsError,
    "SEGMENT_NOT_FOUND": SegmentNotFoundError,
    "CUSTOM_EVENT_NOT_FOUND": CustomEventNotFoundError,
    "TEAM_LABEL_NOT_FOUND": TeamLabelNotFoundError,
    "TEAM_AGENT_NOT_FOUND": TeamAgentNotFoundError,
    "FLOW_LIMIT_REACHED": FlowLimitReachedError,
    "INBOUND_WEBHOOK_NOT_FOUND": InboundWebhookNotFoundError,
    "APP_TRIGGER_NOT_FOUND": AppTriggerNotFoundError,
    "NODE_NOT_FOUND": NodeNotFoundError,
    "SUBSCRIBER_UNSUBSCRIBED": SubscriberUnsubscribedError,
    "BOT_PAUSED": BotPausedError,
    "CHANNEL_UNAVAILABLE": ChannelUnavailableError,
    "SUB_FLOW_FAILED": SubFlowFailedError,
    "BROADCAST_NOT_FOUND": BroadcastNotFoundError,
    "BROADCAST_OVER": BroadcastOverError,
    "VISITOR_REQUIRED": VisitorRequiredError,
    "TOO_MANY_STREAMS": TooManyStreamsError,
    "PRODUCT_NOT_FOUND": ProductNotFoundError,
    "VARIANT_NOT_FOUND": VariantNotFoundError,
    "VARIANT_TAKEN": VariantTakenError,
    "PRODUCT_WITHOUT_VARIANTS": ProductWithoutVariantsError,
    "SHOP_NAME_NOT_FOUND": ShopNameNotFoundError,
    "SHOP_NAME_TAKEN": ShopNameTakenError,
    "DISCOUNT_CODE_NOT_FOUND": DiscountCodeNotFoundError,
    "DISCOUNT_CODE_TAKEN": DiscountCodeTakenError,
    "DISCOUNT_REFUSED": DiscountRefusedError,
    "LOCATION_NOT_FOUND": LocationNotFoundError,
    "ORDER_NOT_FOUND": OrderNotFoundError,
    "ORDER_STATUS_REFUSED": OrderStatusRefusedError,
    "ORDER_CLOSED": OrderClosedError,
    "SHOP_LIMIT_REACHED": ShopLimitReachedError,
    "OUT_OF_STOCK": OutOfStockError,
    "NOT_FOR_SALE": NotForSaleError,
    "CART_EMPTY": CartEmptyError,
    "NOT_IN_CART": NotInCartError,
}
