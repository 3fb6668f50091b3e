"""The kinds of object that Graph knows, and the fields of each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any, NamedTuple, TypeAlias

from wizard.simulator.graph_api import flows, health, number_settings, operations
from wizard.simulator.graph_api.call import Call
from wizard.simulator.world.objects import App, Business, Flow, Media, Phone, Template, User, Waba

Thing: TypeAlias = App | User | Business | Waba | Phone | Template | Flow | Media
Reader: TypeAlias = Callable[[Call, Any], object]


class Null:
    """A field that is there and has no value: it comes as `null`, and is not left out."""


NULL = Null()


class NodeType(NamedTuple):
    """What Meta calls a kind of object, and its fields.

    `own` fields stand on our object under the same name, `computed` ones are read by a
    function, `unset` ones exist at Meta and have no value here, so they are left out.
    """

    name: str
    default: tuple[str, ...]
    own: frozenset[str]
    computed: Mapping[str, Reader] = MappingProxyType({})
    unset: frozenset[str] = frozenset()

    def has(self, name: str) -> bool:
        return name in self.own or name in self.computed or name in self.unset

    def read(self, call: Call, thing: Thing, name: str) -> object:
        """A field's value, another `Thing` where the field points to one, `None` if unset."""
        if name in self.own:
            value: object = getattr(thing, name)
            return value
        reader = self.computed.get(name)
        return reader(call, thing) if reader else None


def type_of(thing: Thing) -> NodeType:
    return _TYPES[type(thing)]


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _webhooks(call: Call, phone: Phone) -> dict[str, str] | None:
    app, urls = call.token().app, {}
    for hook in app.subscriptions:
        if hook.active:
            urls["application"] = hook.callback_url
    for subscribed in call.meta.waba_of(phone).subscribed:
        if subscribed.app is app and subscribed.override_callback_uri:
            urls["whatsapp_business_account"] = subscribed.override_callback_uri
    if phone.override_callback_uri:
        urls["phone_number"] = phone.override_callback_uri
    return urls or None


def _new_name_status(_call: Call, phone: Phone) -> str:
    return "PENDING_REVIEW" if phone.state.new_display_name else "NONE"


def _score(_call: Call, template: Template) -> dict[str, object]:
    return {"score": template.score, "date": int(template.scored_at)}


APPLICATION = NodeType(
    "Application",
    default=operations.default("Application"),
    own=_names("id link name"),
    computed={
        "category": lambda _call, _app: "Business",
        "app_type": lambda _call, app: int(app.native),
        "business": lambda _call, app: app.business,
        "created_time": lambda _call, app: _when(app.created_at),
        "owner_business": lambda _call, app: app.business,
        "restrictions": lambda _call, _app: {},
    },
    unset=frozenset(operations.fields("Application")),
)
USER = NodeType("User", default=operations.default("User"), own=_names("id name"))
BUSINESS = NodeType(
    "Business",
    default=operations.default("Business"),
    own=_names("id name"),
    computed={
        "timezone_id": lambda _call, _business: 66,
        "verification_status": lambda _call, _business: "not_verified",
    },
    unset=frozenset(operations.fields("Business")),
)
WABA = NodeType(
    "WhatsAppBusinessAccount",
    default=("id", "name", "timezone_id", "message_template_namespace"),
    own=_names("account_review_status id message_template_namespace name timezone_id"),
    computed={
        "business_verification_status": lambda _call, _waba: "not_verified",
        "country": lambda _call, _waba: "ID",
        "currency": lambda _call, _waba: "USD",
        "health_status": health.of_waba,
        "is_enabled_for_insights": lambda _call, _waba: True,
        "owner_business": lambda _call, waba: waba.business,
        "owner_business_info": lambda _call, waba: waba.business,
        "ownership_type": lambda _call, _waba: "SELF_OWNED",
        "status": lambda _call, _waba: "ACTIVE",
        "whatsapp_business_manager_messaging_limit": lambda _call, _waba: "TIER_250",
    },
    unset=_names(
        "creation_time disable_marketing_messages_on_cloud_api is_shared_with_partners"
        " marketing_messages_lite_api_status marketing_messages_onboarding_status"
        " on_behalf_of_business_info primary_business_location primary_funding_id"
        " purchase_order_number"
    ),
)
PHONE = NodeType(
    "WhatsAppBusinessPhoneNumber",
    default=(
        "verified_name",
        "code_verification_status",
        "display_phone_number",
        "quality_rating",
        "platform_type",
        "throughput",
        "webhook_configuration",
        "id",
    ),
    own=_names(
        "account_mode code_verification_status display_phone_number id name_status platform_type"
        " quality_rating status verified_name"
    ),
    computed={
        "conversational_automation": number_settings.automation,
        "health_status": health.of_phone,
        "is_official_business_account": lambda _call, _phone: False,
        "is_pin_enabled": lambda _call, phone: phone.platform_type == "CLOUD_API",
        "is_on_biz_app": lambda _call, _phone: False,
        "is_preverified_number": lambda _call, _phone: False,
        # The limit is the portfolio's since 2025-10-08.
        "messaging_limit_tier": lambda _call, _phone: NULL,
        "new_display_name": lambda _call, phone: phone.state.new_display_name,
        "new_name_status": _new_name_status,
        "quality_score": lambda _call, phone: {"score": phone.quality_rating},
        "search_visibility": lambda _call, phone: phone.state.search_visibility,
        "throughput": lambda _call, _phone: {"level": "STANDARD"},
        "username": lambda _call, phone: phone.state.username,
        "webhook_configuration": _webhooks,
        "whatsapp_business_manager_messaging_limit": lambda _call, _phone: "TIER_250",
    },
    unset=_names(
        "certificate country_code country_dial_code eligibility_for_api_business_global_search"
        " last_onboarded_time new_certificate"
    ),
)
TEMPLATE = NodeType(
    "WhatsAppMessageTemplate",
    default=("name", "status", "category", "language", "components", "id"),
    own=_names(
        "category components cta_url_link_tracking_opted_out id language library_template_name"
        " message_send_ttl_seconds name parameter_format previous_category rejected_reason status"
        " sub_category"
    ),
    computed={
        "quality_score": _score,
        "health_status": health.of_template,
    },
    unset=_names("correct_category degrees_of_freedom_spec specific_rejection_reason"),
)
FLOW = NodeType(
    "WhatsAppBusinessFlow",
    default=("id", "name", "status", "categories", "validation_errors"),
    own=_names("categories endpoint_uri id name status validation_errors"),
    computed={
        "application": flows.application,
        "data_api_version": lambda _call, flow: flow.parsed().get("data_api_version"),
        "data_channel_uri": lambda _call, flow: flow.endpoint_uri,
        "health_status": flows.health,
        "json_version": lambda _call, flow: flow.parsed().get("version"),
        "metric": flows.metric,
        "preview": flows.preview,
        "updated_at": lambda _call, flow: _when(flow.updated_at),
        "whatsapp_business_account": flows.waba_of,
    },
)
MEDIA = NodeType("WhatsAppBusinessMedia", default=(), own=_names("id mime_type sha256"))
_TYPES: Mapping[type, NodeType] = {
    App: APPLICATION,
    User: USER,
    Business: BUSINESS,
    Waba: WABA,
    Phone: PHONE,
    Template: TEMPLATE,
    Flow: FLOW,
    Media: MEDIA,
}


def _when(seconds: float) -> str:
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%S}+0000"
