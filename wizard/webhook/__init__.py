"""The webhook: the endpoint that Meta calls, what it says, and a probe that plays Meta's part."""
