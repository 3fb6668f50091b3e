"""Questions to Meta's Graph API, with typed replies and one exception."""

from __future__ import annotations

from wizard.graph.callbacks import Callbacks, SubscribedApp, Subscription, Verdict, verdict
from wizard.graph.client import Graph
from wizard.graph.errors import GraphError, Reason
from wizard.graph.messages import Accepted, Template
from wizard.graph.pool import Pool
from wizard.graph.replies import Number, TokenInfo, Waba
from wizard.graph.request import Request
from wizard.graph.transport import LIMIT, Answer, Heard

__all__ = [
    "LIMIT",
    "Accepted",
    "Answer",
    "Callbacks",
    "Graph",
    "GraphError",
    "Heard",
    "Number",
    "Pool",
    "Reason",
    "Request",
    "SubscribedApp",
    "Subscription",
    "Template",
    "TokenInfo",
    "Verdict",
    "Waba",
    "verdict",
]
