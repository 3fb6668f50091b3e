"""Each code of Meta's lists of errors comes out under a name, or is generic for a reason.

https://developers.facebook.com/documentation/business-messaging/whatsapp/support/error-codes and
https://developers.facebook.com/docs/graph-api/guides/error-handling
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest
import pytest_asyncio
from starlette.responses import JSONResponse
from starlette.types import Receive, Scope, Send

from tests.tables import each_line
from wizard.findings import Finding
from wizard.journeys.messages.messages import FINDINGS, MessageDraft, heard_of, send
from wizard.journeys.messages.recipients import read_recipient
from wizard.settings import GRAPH_VERSION
from wizard.simulator import Meta, create_app, demo_values, serve
from wizard.simulator.world.people import Customer
from wizard.webhook.events import StatusUpdate
from wizard.world import World

DRAFT = MessageDraft(read_recipient(f"+{Customer().wa_id}"))
TITLE = "What Meta calls it"

OF_A_MESSAGE = {
    130403: "message.recipient_blocked",
    130472: "message.marketing_withheld",
    130497: "message.country_restricted",
    131021: "message.to_itself",
    131026: "message.undeliverable",
    131030: "message.not_allowed_recipient",
    131037: "message.name_unapproved",
    131042: "message.payment",
    131045: "message.not_registered",
    131047: "message.window_closed",
    131048: "message.quality_limited",
    131049: "message.marketing_withheld",
    131050: "message.marketing_withheld",
    131056: "message.too_many",
    131058: "message.template_test_only",
    131059: "message.cursor_invalid",
    131060: "message.unavailable",
    131062: "message.user_id_unsupported",
    131063: "message.marketing_disabled",
    131064: "message.templates_miscategorized",
    132000: "message.template_values",
    132001: "message.template_missing",
    132008: "message.template_values",
    132012: "message.template_values",
    132015: "message.template_paused",
    132016: "message.template_paused",
    132018: "message.template_values",
    133000: "message.registered_before",
    133005: "message.pin_mismatch",
    133006: "phone_number_id.unverified",
    133008: "message.pin_locked",
    133009: "message.pin_locked",
    133010: "message.not_registered",
    133015: "message.pin_locked",
    133016: "message.pin_locked",
    134100: "message.marketing_only",
    134101: "message.template_syncing",
    134102: "message.marketing_unavailable",
    134103: "message.marketing_unavailable",
    1752041: "message.onboarding_duplicate",
    2593107: "message.sync_too_often",
    2593108: "message.sync_too_late",
}
OF_ANY_CALL = {
    0: "access_token.revoked",
    3: "phone_number_id.limited_access",
    10: "phone_number_id.limited_access",
    33: "phone_number_id.limited_access",
    101: "app_id.unknown",
    102: "access_token.revoked",
    190: "access_token.revoked",
    200: "phone_number_id.limited_access",
    299: "phone_number_id.limited_access",
    368: "phone_number_id.restricted",
    803: "phone_number_id.limited_access",
    131005: "phone_number_id.limited_access",
    131031: "waba_id.restricted",
}
NOT_NOW = {
    1: "graph.server_error",
    2: "graph.server_error",
    4: "graph.rate_limited",
    17: "graph.rate_limited",
    32: "graph.rate_limited",
    613: "graph.rate_limited",
    80007: "graph.rate_limited",
    80008: "graph.rate_limited",
    130429: "graph.rate_limited",
    131000: "graph.server_error",
    131016: "graph.server_error",
    131057: "graph.server_error",
    133004: "graph.server_error",
    2494100: "graph.server_error",
}
GENERIC = {
    15: "it asks for an app token, where this program sends one",
    104: "a request without a token, which is never sent",
    191: "of login dialogs",
    2635: "of the Ads API",
    131008: "a parameter is missing, which is ours to mend",
    131009: "a value that Meta's details alone tell",
    131044: "of calls",
    131051: "of kinds of message that are never sent",
    131052: "of media",
    131053: "of media",
    131055: "of the Marketing Messages API",
    132005: "of values that are filled in",
    132007: "a policy, which Meta's details name",
    132068: "of flows",
    132069: "of flows",
    134011: "of payments within WhatsApp",
    135000: "an error that Meta itself calls generic",
    136024: "of verification by code, which is done in WhatsApp Manager",
    136025: "of verification by code, which is done in WhatsApp Manager",
    137000: "of identity keys, which are never sent",
    138000: "of calls",
    138025: "of calls",
    139000: "of flows",
    139004: "of flows",
    139100: "of the block list",
    139103: "of the block list",
    200005: "of the insights into templates",
    200007: "of the insights into templates",
    2388012: "of adding numbers",
    2388019: "of writing templates",
    2388091: "of verification by code",
    2388103: "of moving numbers between accounts",
    2388299: "of writing templates",
}

BY_ITS_TEXT = {
    100: ("Invalid PIN format. PIN must be exactly 6 digits", "message.pin_malformed"),
    2500: ("Unknown path components: /106540352242922/messages", "graph.version_unknown"),
}


@dataclass
class Refusing:
    """A healthy Meta that takes no message."""

    meta: Meta
    error: dict[str, Any]
    base: str = ""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        asked = (scope["method"], scope["path"].rpartition("/")[2])
        if asked == ("POST", "messages"):
            await JSONResponse({"error": self.error}, 400)(scope, receive, send)
        else:
            await create_app(self.meta)(scope, receive, send)

    async def refuse(self, code: int, title: str = TITLE) -> Finding:
        """What a refusal with this code is found to be."""
        self.error = {"code": code, "message": f"(#{code}) {title}", "type": "OAuthException"}
        async with World("test", demo_values(self.meta), self.base, GRAPH_VERSION) as world:
            outcome = await send(world, DRAFT)
        assert outcome.id is None
        return outcome.findings[0]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def meta() -> AsyncIterator[Refusing]:
    found = Refusing(Meta(), {})
    async with serve(found) as base:
        found.base = base
        yield found


def told_later(code: int) -> Finding:
    """What a webhook's word that a message failed with this code is found to be."""
    raw = {"errors": [{"code": code, "title": TITLE}]}
    update = StatusUpdate("wamid.1", DRAFT.to.digits, "failed", "1", code, TITLE, None, raw)
    finding = heard_of(update, DRAFT)
    assert finding is not None
    return finding


@pytest.mark.asyncio(loop_scope="module")
@each_line(("code", "id_"), [*OF_A_MESSAGE.items(), *OF_ANY_CALL.items(), *NOT_NOW.items()])
async def test_a_refusal_at_once_has_a_name(meta: Refusing, code: int, id_: str) -> None:
    finding = await meta.refuse(code)
    assert finding.id == id_
    assert finding.evidence.startswith(f"Graph: {code}, {TITLE}")


@pytest.mark.asyncio(loop_scope="module")
@each_line("code", BY_ITS_TEXT)
async def test_what_the_text_tells_is_named_by_it_alone(meta: Refusing, code: int) -> None:
    text, id_ = BY_ITS_TEXT[code]
    assert (await meta.refuse(code, text)).id == id_
    assert (await meta.refuse(code)).id == "message.failed"


@each_line(("code", "id_"), [*OF_A_MESSAGE.items(), *OF_ANY_CALL.items()])
def test_a_failure_that_a_webhook_tells_has_the_same_name(code: int, id_: str) -> None:
    assert told_later(code).id == id_


@each_line("code", NOT_NOW)
def test_a_failure_in_an_outage_is_known_to_have_failed(code: int) -> None:
    assert told_later(code).id == "message.try_later"


@pytest.mark.asyncio(loop_scope="module")
@each_line("code", GENERIC)
async def test_what_is_generic_bears_metas_own_title_and_code(meta: Refusing, code: int) -> None:
    for finding in (await meta.refuse(code), told_later(code)):
        assert finding.id == "message.failed"
        assert f"{code}, {TITLE}" in finding.evidence


def test_no_code_with_a_name_goes_untried() -> None:
    assert FINDINGS.keys() == OF_A_MESSAGE.keys()
    named: list[Mapping[int, object]] = [OF_A_MESSAGE, OF_ANY_CALL, NOT_NOW, GENERIC, BY_ITS_TEXT]
    codes = [code for table in named for code in table]
    assert len(codes) == len(set(codes))
