"""The operations of everyday, as pywa goes through them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from pywa import errors
from pywa.client import WhatsApp
from pywa.types.callback import Button
from pywa.types.calls import CallingSettings, CallingSettingsStatus, SessionDescription
from pywa.types.flows import FlowCategory
from pywa.types.others import Command, Industry
from pywa.types.templates import (
    BaseParams,
    BodyText,
    Template,
    TemplateCategory,
    TemplateLanguage,
)

from tests.conformance.clients import session_towards
from wizard.testing.running import RunningSimulator

FLOW = {"version": "7.1", "screens": [{"id": "START"}]}
STRANGER = "6281255501234"


@dataclass
class Side:
    simulator: RunningSimulator
    wa: WhatsApp
    to: str


@contextmanager
def standing_before(simulator: RunningSimulator) -> Iterator[Side]:
    """pywa, as the owner of the simulator's app."""
    values = simulator.credentials
    with session_towards(simulator.base_url) as session:
        wa = WhatsApp(
            values["phone_number_id"],
            values["access_token"],
            session=session,
            app_id=values["app_id"],
            app_secret=values["app_secret"],
            waba_id=values["waba_id"],
            handlers_modules=[],
        )
        yield Side(simulator, wa, simulator.recipient)


def media(side: Side) -> None:
    uploaded = side.wa.upload_media(b"a picture", mime_type="image/png", filename="a.png")
    assert uploaded is not None
    url = side.wa.get_media_url(uploaded.id)
    assert side.wa.get_media_bytes(url.url) == b"a picture"
    assert side.wa.send_image(side.to, uploaded.id, caption="x").id.startswith("wamid.")
    assert side.wa.delete_media(uploaded.id)


def templates(side: Side) -> None:
    body = BodyText("Hi {{1}}, it is ready.", "Ayu")
    template = Template(
        name="order_ready",
        category=TemplateCategory.UTILITY,
        language=TemplateLanguage.INDONESIAN,
        components=[body],
    )
    made = side.wa.create_template(template)
    details = side.wa.get_template(made.id)
    assert (details.name, details.status) == ("order_ready", "APPROVED")
    assert "order_ready" in [one.name for one in side.wa.get_templates()]
    params: list[BaseParams] = [BodyText.params("Ayu")]  # type: ignore[arg-type]
    side.wa.send_template(side.to, "order_ready", TemplateLanguage.INDONESIAN, params)
    assert side.wa.update_template(made.id, new_category=TemplateCategory.MARKETING)
    assert side.wa.delete_template("order_ready")


def profile(side: Side) -> None:
    assert side.wa.update_business_profile(about="Fresh", industry=Industry.RETAIL)
    found = side.wa.get_business_profile()
    assert (found.about, found.industry) == ("Fresh", Industry.RETAIL)
    assert side.wa.update_display_name("Night Stall")


def settings(side: Side) -> None:
    side.wa.get_business_phone_number_settings()
    calling = CallingSettings(status=CallingSettingsStatus.ENABLED)
    assert side.wa.update_business_phone_number_settings(calling=calling)
    found = side.wa.get_business_phone_number_settings()
    assert found.calling is not None
    assert found.calling.status == CallingSettingsStatus.ENABLED
    assert side.wa.update_commerce_settings(is_catalog_visible=True)
    assert side.wa.get_commerce_settings().is_catalog_visible
    assert side.wa.update_conversational_automation(["Menu?"], [Command("menu", "What there is")])
    automation = side.wa.get_business_phone_number().conversational_automation
    assert automation is not None
    assert list(automation.ice_breakers or ()) == ["Menu?"]


def qr_codes(side: Side) -> None:
    made = side.wa.create_qr_code("Halo")
    assert [one.code for one in side.wa.get_qr_codes()] == [made.code]
    assert side.wa.update_qr_code(made.code, "Hi").prefilled_message == "Hi"
    found = side.wa.get_qr_code(made.code)
    assert found is not None
    assert found.prefilled_message == "Hi"
    assert side.wa.delete_qr_code(made.code)


def blocking(side: Side) -> None:
    assert side.wa.block_users([side.to])
    assert [str(one.wa_id) for one in side.wa.get_blocked_users()] == [side.to]
    assert side.wa.unblock_users([side.to])


def flows(side: Side) -> None:
    made = side.wa.create_flow("sign up", [FlowCategory.SIGN_UP])
    assert side.wa.update_flow_json(made.id, FLOW).success
    found = side.wa.get_flow(made.id)
    assert (found.name, found.status) == ("sign up", "DRAFT")
    assert [one.name for one in side.wa.get_flow_assets(made.id)] == ["flow.json"]
    assert side.wa.update_flow_metadata(made.id, name="sign in")
    assert side.wa.publish_flow(made.id)
    assert [one.status for one in side.wa.get_flows()] == ["PUBLISHED"]
    assert side.wa.deprecate_flow(made.id)
    draft = side.wa.create_flow("draft", [FlowCategory.OTHER])
    assert side.wa.delete_flow(draft.id)


def registration(side: Side) -> None:
    assert side.wa.request_verification_code(code_method="SMS", language_code="en_US")
    assert side.wa.verify_phone_number("123456")
    assert side.wa.deregister_phone_number()
    with pytest.raises(errors.WhatsAppError):
        side.wa.send_message(side.to, "halo")
    assert side.wa.register_phone_number("246810")
    key = "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----"
    assert side.wa.set_business_public_key(key)


def messages(side: Side) -> None:
    dispatcher = side.simulator.meta.dispatcher.sending_rules
    from wizard.simulator.world.people import Customer

    phone = side.simulator.meta.test_number
    dispatcher.hear(phone.id, Customer(), "wamid.known", side.simulator.meta.now())
    assert side.wa.mark_message_as_read("wamid.known")
    assert side.wa.indicate_typing("wamid.known")
    with pytest.raises(errors.WhatsAppError):
        side.wa.mark_message_as_read("wamid.unknown")
    sent = side.wa.send_message(side.to, "Sure?", buttons=[Button("Yes", "y")])
    assert side.wa.send_reaction(side.to, "👍", sent.id)
    assert side.wa.send_location(side.to, -6.2, 106.8, "Monas", "Jakarta")
    with pytest.raises(errors.RecipientNotInAllowedList):
        side.wa.send_message(STRANGER, "halo")
    with pytest.raises(errors.WhatsAppError):
        side.wa.send_image(side.to, "123")


def accounts(side: Side) -> None:
    assert side.wa.get_business_account().name == "Hidden Market"
    assert len(list(side.wa.get_business_phone_numbers())) == 2


def described(side: Side) -> None:
    """Of which nothing is kept. Its `get_call_permissions` asks for an argument it never gives."""
    assert side.wa.initiate_call(side.to, SessionDescription(sdp_type="offer", sdp="v=0"))


PARTS: Mapping[str, Callable[[Side], Any]] = {
    part.__name__: part
    for part in (
        media,
        templates,
        profile,
        settings,
        qr_codes,
        blocking,
        flows,
        registration,
        messages,
        accounts,
        described,
    )
}
