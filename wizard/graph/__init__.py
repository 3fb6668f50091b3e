"""Questions to Meta's Graph API, with typed replies and one exception."""

from __future__ import annotations

from wizard.graph.callbacks import (
    CallbackFailure,
    Callbacks,
    SubscribedApp,
    Subscription,
    parse_callback_failure,
)
from wizard.graph.client import Graph
from wizard.graph.errors import GraphError, Reason
from wizard.graph.messages import Accepted, Template
from wizard.graph.pool import Pool
from wizard.graph.replies import Number, TokenInfo, Waba
from wizard.graph.request import Request
from wizard.graph.transport import LIMIT, GraphResponse, ResponseInfo

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
