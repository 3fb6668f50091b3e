"""Questions to Meta's Graph API, with typed replies and one exception."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wizard.graph.callbacks import (
        CallbackFailure,
        Callbacks,
        SubscribedApp,
        Subscription,
        parse_callback_failure,
    )
    from wizard.graph.client import Graph
    from wizard.graph.errors import GraphError, Reason
    from wizard.graph.limits import LIMIT
    from wizard.graph.messages import Accepted, Template
    from wizard.graph.pool import Pool
    from wizard.graph.replies import Number, TokenInfo, Waba
    from wizard.graph.request import Request
    from wizard.graph.transport import GraphResponse, ResponseInfo

__all__ = [
    "LIMIT",
    "Accepted",
    "CallbackFailure",
    "Callbacks",
    "Graph",
    "GraphError",
    "GraphResponse",
    "Number",
    "Pool",
    "Reason",
    "Request",
    "ResponseInfo",
    "SubscribedApp",
    "Subscription",
    "Template",
    "TokenInfo",
    "Waba",
    "parse_callback_failure",
]

_HOMES = {
    "CallbackFailure": "callbacks",
    "Callbacks": "callbacks",
    "SubscribedApp": "callbacks",
    "Subscription": "callbacks",
    "parse_callback_failure": "callbacks",
    "Graph": "client",
    "GraphError": "errors",
    "Reason": "errors",
    "Accepted": "messages",
    "Template": "messages",
    "Pool": "pool",
    "Number": "replies",
    "TokenInfo": "replies",
    "Waba": "replies",
    "Request": "request",
    "LIMIT": "limits",
    "GraphResponse": "transport",
    "ResponseInfo": "transport",
}
"""The file of each name is loaded with the first that is asked for: most who import this package
need one small file of it."""


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(name)
    found: object = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    return found
