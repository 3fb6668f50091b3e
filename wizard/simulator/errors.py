"""The error envelopes, in Meta's own words.

https://developers.facebook.com/docs/graph-api/guides/error-handling
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from wizard.simulator.pacific_time import format_pacific
from wizard.simulator.world.objects import Token

if TYPE_CHECKING:
    from wizard.simulator.world.state import MetaState

_MANUAL = (
    "Please read the Graph API documentation at https://developers.facebook.com/docs/graph-api"
)
_OAUTH = "OAuthException"
_METHOD = "GraphMethodException"
_DEAD = 190
_CHALLENGED = {(_DEAD, None): "invalid_token", (100, 33): "invalid_request"}


@dataclass(eq=False)
class GraphError(Exception):
    """An answer of Graph's that is an error."""

    status: int
    message: str
    code: int
    type: str = _OAUTH
    subcode: int | None = None
    transient: bool | None = None

    def body(self, trace: str) -> dict[str, object]:
        error: dict[str, object] = {"message": self.message, "type": self.type, "code": self.code}
        if self.subcode is not None:
            error["error_subcode"] = self.subcode
        if self.transient is not None:
            error["is_transient"] = self.transient
        return {"error": {**error, "fbtrace_id": trace}}

    def challenge(self) -> str | None:
        """The `WWW-Authenticate` header, which is known of dead tokens and of 100/33 alone.

        https://github.com/voiceflow-community/example-integration-whatsapp/issues/5
        """
        reason = _CHALLENGED.get((self.code, None if self.code == _DEAD else self.subcode))
        if reason is None:
            return None
        sentence = "".join(char for char in self.message if " " <= char <= "~")
        return f'OAuth "Facebook Platform" "{reason}" "{sentence}"'


def no_token() -> GraphError:
    return GraphError(400, "An access token is required to request this resource.", 104)


def no_current_user() -> GraphError:
    sentence = "An active access token must be used to query information about the current user."
    return GraphError(400, sentence, 2500)


def unparsable_token() -> GraphError:
    return GraphError(401, "Invalid OAuth access token - Cannot parse access token", 190)


def malformed_token(text: str) -> GraphError:
    """Meta repeats the token in this sentence, so whoever shows it has to mask it."""
    return GraphError(400, f"Malformed access token {text}", 190)


def bad_signature() -> GraphError:
    return GraphError(400, "Invalid OAuth access token signature.", 190)


def dead_token(meta: MetaState, token: Token) -> GraphError | None:
    """What Meta says of a token that ended, or `None` while it lives."""
    if token.ended:
        sentence = token.ended.sentence.format(app_id=token.app.id)
        return _dead(token.ended.subcode, sentence)
    if meta.is_over(token):
        ended, now = format_pacific(token.expires_at), format_pacific(meta.now())
        return _dead(463, f"Session has expired on {ended}. The current time is {now}.")
    return None


def _dead(subcode: int, sentence: str) -> GraphError:
    return GraphError(401, f"Error validating access token: {sentence}", 190, subcode=subcode)


def blocked() -> GraphError:
    return GraphError(403, "API access blocked.", 200)


def proof_missing() -> GraphError:
    sentence = "API calls from the server require an appsecret_proof argument"
    return GraphError(400, sentence, 100, _METHOD)


def proof_wrong() -> GraphError:
    sentence = "Invalid appsecret_proof provided in the API argument"
    return GraphError(400, sentence, 100, _METHOD)


def unsupported(method: str, object_id: str | None = None) -> GraphError:
    """The answer for what does not exist, what may not be seen, and what can't be done alike."""
    if object_id is None:
        return GraphError(400, f"Unsupported {method.lower()} request. {_MANUAL}", 100, _METHOD)
    sentence = (
        f"Unsupported {method.lower()} request. Object with ID '{object_id}' does not exist,"
        " cannot be loaded due to missing permissions, or does not support this operation."
        f" {_MANUAL}"
    )
    return GraphError(400, sentence, 100, _METHOD, subcode=33)


def in_review() -> GraphError:
    """In the words of Meta's own example: https://github.com/facebook/openapi"""
    sentence = "Phone number is currently under review and information is not available"
    return GraphError(422, sentence, 100, _METHOD)


def unknown_alias(alias: str) -> GraphError:
    return GraphError(404, f"(#803) Some of the aliases you requested do not exist: {alias}", 803)


def unknown_path(parts: tuple[str, ...]) -> GraphError:
    return GraphError(400, f"Unknown path components: /{'/'.join(parts)}", 2500)


def no_field(name: str, node_type: str) -> GraphError:
    return GraphError(
        400, f"(#100) Tried accessing nonexisting field ({name}) on node type ({node_type})", 100
    )


def bad_syntax(expected: str, text: str, position: int) -> GraphError:
    found = f'"{text[position]}"' if position < len(text) else "end of string"
    sentence = (
        f'Syntax error "Expected {expected} instead of {found}." at character {position}: {text}'
    )
    return GraphError(400, sentence, 2500)


def bad_parameter(sentence: str) -> GraphError:
    return GraphError(400, f"(#100) {sentence}", 100)


def parameter_missing(name: str) -> GraphError:
    return bad_parameter(f"The parameter {name} is required")


def bad_filter() -> GraphError:
    """In the words of Meta's own example: https://github.com/facebook/openapi"""
    return GraphError(400, "Invalid parameter: filtering must be valid JSON", 100)


def not_among(name: str, text: str, offered: Sequence[str]) -> GraphError:
    return bad_parameter(f'Param {name} must be one of {{{", ".join(offered)}}} - got "{text}".')


def not_subscribed_before() -> GraphError:
    """https://github.com/chatwoot/chatwoot/issues/12488"""
    return bad_parameter(
        "Before override the current callback uri, your app must be subscribed to receive"
        " messages for WhatsApp Business Account"
    )


def callback_failed(trouble: str) -> GraphError:
    """Recorded at https://github.com/fbsamples/original-coast-clothing/issues/84"""
    return GraphError(
        400, f"(#2200) Callback verification failed with the following errors: {trouble}", 2200
    )


def wrong_challenge(expected: str, received: str) -> GraphError:
    """Recorded at https://github.com/Yoctol/bottender/issues/960"""
    sentence = (
        "(#2201) response does not match challenge,"
        f' expected value="{expected}", received="{received}"'
    )
    return GraphError(400, sentence, 2201)


def needs_app_token() -> GraphError:
    return GraphError(400, "(#15) This method must be called with an app access_token.", 15)


def needs_permission(scope: str) -> GraphError:
    return GraphError(403, f"(#200) Requires {scope} permission", 200)


def not_granted() -> GraphError:
    sentence = "(#200) You do not have permission to access this WhatsApp Business Account"
    return GraphError(403, sentence, 200)


def whatsapp_account() -> GraphError:
    """A write to a WhatsApp account where a Messaging account's ID belongs; not in Meta's table."""
    return GraphError(
        400, "(#100) WhatsApp accounts cannot be used with this API", 100, subcode=2388339
    )


def may_not_inspect() -> GraphError:
    return bad_parameter(
        "You must provide an app access token, or a user access token that is an owner or"
        " developer of the app"
    )


def not_viewing_app() -> GraphError:
    return bad_parameter("The App_id in the input_token did not match the Viewing App")


def unknown_app(app_id: str) -> GraphError:
    reason = (
        "Invalid application ID."
        if app_id.isdigit()
        else "Cannot get application info due to a system error."
    )
    return GraphError(400, f"Error validating application. {reason}", 101)


def wrong_secret() -> GraphError:
    return GraphError(400, "Error validating client secret.", 1)


def foreign_token(app_id: str) -> GraphError:
    sentence = f"The access token does not belong to application {app_id}"
    return GraphError(400, f"Error validating access token: {sentence}", 190)
