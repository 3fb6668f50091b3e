"""Questions to Meta's Graph API, with typed replies and one exception."""

from __future__ import annotations

from wizard.graph.client import Graph
from wizard.graph.errors import GraphError, Reason
from wizard.graph.replies import Number, TokenInfo, Waba
from wizard.graph.transport import LIMIT, Heard

__all__ = ["LIMIT", "Graph", "GraphError", "Heard", "Number", "Reason", "TokenInfo", "Waba"]
