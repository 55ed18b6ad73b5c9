"""Errors of apps, their deployments and what is held through them."""

from __future__ import annotations

from knowflow_server.errors.base import KnowFlowError


class AppNotFoundError(KnowFlowError):
    """The app does not exist for this organization."""

    code, reason, template = "NOT_FOUND", "APP_NOT_FOUND", "There is no app {app_id}."


class AppNameExistsError(KnowFlowError):
    """Another app of the organization has this name."""

    code, reason, template = "ALREADY_EXISTS", "APP_NAME_EXISTS", "There is an app with the name '{name}' already."


class AppSourceTakenError(KnowFlowError):
    """Another app publishes the assistant or the agent."""

    code, reason = "ALREADY_EXISTS", "APP_SOURCE_TAKEN"
    template = "The app {app_id} publishes it already; deploy that one, or delete it first."


class AppSourceGoneError(KnowFlowError):
    """The assistant or the agent of an app was deleted."""

    code, reason = "FAILED_PRECONDITION", "APP_SOURCE_GONE"
    template = "What the app {app_id} publishes was deleted; delete the app and create another."


class AppNotDeployedError(KnowFlowError):
    """Nothing of the app answers on the channel."""

    code, reason = "FAILED_PRECONDITION", "APP_NOT_DEPLOYED"
    template = "The app {app_id} has no active deployment to the channel {channel}; create one and activate it."


class DeploymentNotFoundError(KnowFlowError):
    """The deployment does not exist in the app."""

    code, reason, template = "NOT_FOUND", "DEPLOYMENT_NOT_FOUND", "There is no deployment {deployment_id}."


class DeploymentNotActiveError(KnowFlowError):
    """Only what is active can be stopped or rolled back."""

    code, reason = "FAILED_PRECONDITION", "DEPLOYMENT_NOT_ACTIVE"
    template = "The deployment {deployment_id} is not active."


class NothingToRollBackError(KnowFlowError):
    """No deployment was active before."""

    code, reason = "FAILED_PRECONDITION", "NOTHING_TO_ROLL_BACK"
    template = "There is no deployment that was active before {deployment_id}."


class DeploymentChannelUnavailableError(KnowFlowError):
    """The channel cannot be served; the sentence says why."""

    code, reason = "INVALID_ARGUMENT", "DEPLOYMENT_CHANNEL_UNAVAILABLE"


class OriginNotAllowedError(KnowFlowError):
    """A website's token comes from somewhere else."""

    code, reason = "PERMISSION_DENIED", "ORIGIN_NOT_ALLOWED"
    template = "The token is for browsers on the allowed origins of the deployment; this call comes from {origin}."


class DocumentUrlRefusedError(KnowFlowError):
    """A document cannot be fetched; the sentence says why."""

    code, reason = "INVALID_ARGUMENT", "DOCUMENT_URL_REFUSED"
