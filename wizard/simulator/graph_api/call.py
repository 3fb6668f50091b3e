"""One request to Graph, and who makes it."""

from __future__ import annotations

import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from wizard.simulator import errors
from wizard.simulator.graph_api import operations
from wizard.simulator.graph_api.parameters import File
from wizard.simulator.meta import Meta
from wizard.simulator.world.objects import Kind, Token
from wizard.simulator.world.state import proof
from wizard.values.credentials import Secret


@dataclass(eq=False)
class Call:
    """`parts` is the path behind the version, `root` the address in front of it.

    `params` come from the query and the body alike, what is no text written as JSON; `body` is
    the body where that is a JSON object, `files` are those of a form, `raw` is what came.
    """

    meta: Meta
    method: str
    parts: tuple[str, ...]
    params: Mapping[str, str] = field(repr=False)
    token_text: str | None = field(repr=False)
    root: str
    body: Mapping[str, Any] = field(default_factory=dict, repr=False)
    files: Mapping[str, File] = field(default_factory=dict, repr=False)
    raw: bytes = field(default=b"", repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def origin(self) -> str:
        """The address in front of the version."""
        return self.root.rpartition("/")[0]

    def required(self, name: str) -> str:
        """A parameter; `GraphError` 100 where it is missing or empty."""
        if not (text := self.params.get(name)):
            raise errors.parameter_missing(name)
        return text

    def token(self) -> Token:
        """Who calls; `GraphError` where nobody does, or nobody that Meta accepts."""
        token = self.token_or_none()
        if token is None:
            raise errors.no_token()
        return token

    def token_or_none(self) -> Token | None:
        """Who calls, `None` without a token or with an app token that the app must not use."""
        if not self.token_text:
            return None
        token = read_token(self.meta, self.token_text)
        if token.kind is Kind.APP and token.app.native:
            return None
        if dead := errors.dead_token(self.meta, token):
            raise dead
        if token.blocked:
            raise errors.blocked()
        self._check_proof(token)
        return token

    def _check_proof(self, token: Token) -> None:
        given = self.params.get(operations.PROOF)
        if given is None:
            if token.app.requires_proof and token.kind is not Kind.APP:
                raise errors.proof_missing()
        elif not hmac.compare_digest(
            given.encode(), proof(token.app, self.token_text or "").encode()
        ):
            raise errors.proof_wrong()


def read_token(meta: Meta, text: str) -> Token:
    """The token behind a text, dead or alive; `GraphError` 190 where there is none."""
    if found := meta.find_token(text):
        return found
    if "|" in text:
        return _app_token(meta, text)
    if text.startswith("EAA") and not re.fullmatch(r"[A-Za-z0-9]+", text):
        raise errors.malformed_token(text)
    raise errors.unparsable_token()


def _app_token(meta: Meta, text: str) -> Token:
    app = meta.find_app(text.partition("|")[0])
    if app is None or app.token != Secret(text):
        raise errors.bad_signature()
    return Token(app.token, app, Kind.APP)
