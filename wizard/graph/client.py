"""Graph: one method a question."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import TYPE_CHECKING, Any

from wizard.graph import replies
from wizard.graph.clock import MetaClock
from wizard.graph.errors import GraphError, Reason, without_access_token
from wizard.graph.limits import LIMIT
from wizard.graph.pool import Pool
from wizard.graph.replies import Number, TokenInfo, Waba
from wizard.graph.request import Request, app_token
from wizard.graph.transport import GraphResponse, ResponseInfo, Transport
from wizard.values.credentials import Secret

if TYPE_CHECKING:
    from wizard.graph.callbacks import Callbacks
    from wizard.graph.messages import Messages

_WABA = (
    "id",
    "name",
    "account_review_status",
    "message_template_namespace",
    "status",
    "health_status",
)
_NUMBER = (
    "id",
    "display_phone_number",
    "verified_name",
    "code_verification_status",
    "platform_type",
    "status",
    "account_mode",
    "quality_rating",
    "health_status",
)
_KINDS = {"waba": "WhatsAppBusinessAccount", "number": "WhatsAppBusinessPhoneNumber"}
_NO_SUCH_PATH = 2500
_OF_PAIRS = {
    Reason.SECRET_MISMATCH,
    Reason.APP_UNKNOWN,
    Reason.APP_TOKEN_REFUSED,
    Reason.VERSION_UNKNOWN,
}
_MOST_PAGES = 20
_MOST_LISTED = 4 * 1024 * 1024
"""Bytes of all pages of a list."""


class Graph:
    """Meta's Graph API at one base URL and version; `callbacks` is its record of webhooks, and
    `messages` sends.

    Every method raises `GraphError` where Graph does not answer or refuses. `secret`, the App
    Secret, is used as proof only where an app demands one
    (https://developers.facebook.com/docs/facebook-login/security). Many may share a `pool` of
    connections; `app` is then the App ID that calls are counted for. `clock` learns the time from
    each answer. Nothing that Graph says is told on with one of `secrets` in it.
    """

    def __init__(
        self,
        base_url: str,
        version: str,
        *,
        secret: Secret | None = None,
        limit: float = LIMIT,
        pool: Pool | None = None,
        app: str = "",
        clock: MetaClock | None = None,
        secrets: Iterable[Secret] = (),
    ) -> None:
        self._transport = Transport(
            base_url,
            version,
            secret=secret,
            limit=limit,
            pool=pool,
            app=app,
            clock=clock,
            secrets=secrets,
        )

    @cached_property
    def callbacks(self) -> Callbacks:
        from wizard.graph.callbacks import Callbacks

        return Callbacks(self._transport)

    @cached_property
    def messages(self) -> Messages:
        from wizard.graph.messages import Messages

        return Messages(self._transport)

    @property
    def first_response(self) -> ResponseInfo | None:
        """The first answer so far, to whatever question."""
        return self._transport.first_response

    @property
    def version_mismatch(self) -> ResponseInfo | None:
        """The first answer so far that another version gave than was asked."""
        return self._transport.version_mismatch

    async def request_raw(self, request: Request, version: str | None = None) -> GraphResponse:
        """What came, be it a refusal, from this version or from the one in use. Raises
        `GraphError` where nothing of Graph's came."""
        return await self._transport.request_raw(request, version)

    async def sent(self) -> None:
        """Returns once a request has gone out."""
        await self._transport.sent.wait()

    async def close(self) -> None:
        await self._transport.close()

    async def ping(self) -> None:
        """Asks for nothing, with no credential: any envelope of Graph's counts as an answer, but
        for one that knows no such version."""
        try:
            await self._transport.get("app")
        except GraphError as error:
            if self.first_response is None or error.reason is Reason.VERSION_UNKNOWN:
                raise error from None

    async def check_app_secret(self, app_id: str, secret: Secret) -> None:
        """Returns where App ID and App Secret are a pair.

        Where there is nobody to ask that, the pair reads the app itself: less telling, for a wrong
        App ID and a wrong secret then look alike.

        https://developers.facebook.com/docs/facebook-login/guides/access-tokens#apptokens
        """
        try:
            with without_access_token():
                reply = await self._transport.get(
                    "oauth/access_token",
                    {"client_id": app_id, "grant_type": "client_credentials"},
                    secrets={"client_secret": secret},
                )
            if not reply.get("access_token"):
                raise GraphError(Reason.NOT_JSON, "The reply is JSON, but has no app token.")
        except GraphError as error:
            if error.reason is not Reason.REFUSED or error.code not in {None, _NO_SUCH_PATH}:
                raise
            await self._read_app(app_id, secret, error)

    async def _read_app(self, app_id: str, secret: Secret, before: GraphError) -> None:
        """A second opinion on a pair; raises what went `before` where it is none."""
        asker = app_token(app_id, secret)
        try:
            reply = await self._transport.get(app_id, {"fields": "id,name"}, token=asker)
        except GraphError as error:
            raise (error if error.reason in _OF_PAIRS else before) from None
        if str(reply.get("id")) != app_id:
            raise before

    async def debug_token(
        self, token: Secret, app_id: str | None, secret: Secret | None
    ) -> TokenInfo:
        """What Graph knows of a token; asked by the app where App ID and Secret are at hand, else
        by the token itself, which Meta allows to developers of the app.

        https://developers.facebook.com/docs/graph-api/reference/debug_token
        """
        asker = app_token(app_id, secret) if app_id and secret else token
        reply = await self._transport.get(
            "debug_token", token=asker, secrets={"input_token": token}
        )
        return replies.token_info(reply)

    async def own_app(self, token: Secret) -> tuple[str, str]:
        """The ID and name of the app that a token was made for."""
        return replies.app(await self._read("app", ("id", "name"), token, kind=""))

    async def exchange_token(
        self, app_id: str, secret: Secret, token: Secret, *, system_user: bool = False
    ) -> Secret:
        """A token of some 60 days for a temporary one that still works, or for a system user's
        that would end.

        https://developers.facebook.com/docs/facebook-login/guides/access-tokens/get-long-lived
        and …/docs/business-management-apis/system-users/install-apps-and-generate-tokens
        """
        renewed = {"set_token_expires_in_60_days": "true"} if system_user else {}
        reply = await self._transport.get(
            "oauth/access_token",
            {"client_id": app_id, "grant_type": "fb_exchange_token", **renewed},
            secrets={"client_secret": secret, "fb_exchange_token": token},
        )
        longer = Secret(str(reply.get("access_token") or ""))
        if not len(longer):
            raise GraphError(Reason.NOT_JSON, "The reply is JSON, but has no token.")
        return longer

    async def waba(self, id_: str, token: Secret) -> Waba:
        reply = await self._read(id_, _WABA, token, kind=_KINDS["waba"])
        if reply.get("display_phone_number"):
            said = "Graph shows a phone number under this ID."
            raise GraphError(Reason.WRONG_KIND, said, kind=_KINDS["number"])
        return replies.waba(reply)

    async def number(self, id_: str, token: Secret) -> Number:
        found = replies.number(await self._read(id_, _NUMBER, token, kind=_KINDS["number"]))
        if not found.display and not found.name:
            raise GraphError(
                Reason.NOT_FOUND, "Graph knows the object, but it is not a phone number."
            )
        return found

    async def numbers(self, waba_id: str, token: Secret) -> tuple[Number, ...]:
        """All numbers of a WABA, every page of the list."""
        found: list[Number] = []
        cursor: str | None = None
        begun = self._transport.received
        for _ in range(_MOST_PAGES):
            if self._transport.received - begun > _MOST_LISTED:
                raise GraphError(Reason.NOT_JSON, "The list is longer than any of Graph's.")
            page = {"limit": "100"} | ({"after": cursor} if cursor else {})
            reply = await self._transport.get(f"{waba_id}/phone_numbers", page, token=token)
            found += replies.numbers(reply)
            before, cursor = cursor, replies.next_cursor(reply)
            if cursor in {None, before}:
                break
        return tuple(found)

    async def portfolios(self, token: Secret) -> tuple[str, ...]:
        """The IDs of the business portfolios that the token's owner is part of."""
        reply = await self._transport.get("me/businesses", {"fields": "id"}, token=token)
        return tuple(str(entry.get("id") or "") for entry in replies.entries(reply))

    async def accounts(
        self, business_id: str, token: Secret, *, shared: bool = False
    ) -> tuple[Waba, ...]:
        """The WABAs that a business portfolio owns, or that others `shared` with it; those of the
        list's first page."""
        whose = "client" if shared else "owned"
        path = f"{business_id}/{whose}_whatsapp_business_accounts"
        return replies.wabas(await self._transport.get(path, {"fields": "id,name"}, token=token))

    async def _read(
        self, id_: str, fields: tuple[str, ...], token: Secret, *, kind: str
    ) -> dict[str, Any]:
        """An object's fields. One unknown name fails a whole call, so a field that this object's
        own kind no longer has is dropped, and one that Graph names no kind for; on another kind
        the error is the answer."""
        try:
            return await self._transport.get(id_, {"fields": ",".join(fields)}, token=token)
        except GraphError as error:
            if error.reason is not Reason.WRONG_KIND or error.kind not in {kind, None}:
                raise
            left = tuple(name for name in fields if name != error.field)
            if not left or len(left) == len(fields):
                raise
        return await self._read(id_, left, token, kind=kind)
