"""Questions to Meta's Graph API, with typed replies and one exception."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wizard.support.late_names import names_from

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

# Most who import this package need one small file of it.
__getattr__ = names_from(
    __name__,
    {
        "callbacks": (
            "CallbackFailure",
            "Callbacks",
            "SubscribedApp",
            "Subscription",
            "parse_callback_failure",
        ),
        "client": ("Graph",),
        "errors": ("GraphError", "Reason"),
        "messages": ("Accepted", "Template"),
        "pool": ("Pool",),
        "replies": ("Number", "TokenInfo", "Waba"),
        "request": ("Request",),
        "limits": ("LIMIT",),
        "transport": ("GraphResponse", "ResponseInfo"),
    },
)
