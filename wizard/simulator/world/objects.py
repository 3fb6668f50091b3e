"""The things in the pretend Meta's world, as plain data."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple, TypeAlias

from wizard.simulator.world.flows import Flow
from wizard.simulator.world.media import Media
from wizard.simulator.world.number_state import NumberState
from wizard.simulator.world.templates import Template
from wizard.values.credentials import Secret

__all__ = [
    "APP_REMOVED",
    "BUSINESS",
    "CHECKPOINT",
    "LOGGED_OUT",
    "MANAGEMENT",
    "MESSAGING",
    "PASSWORD_CHANGED",
    "App",
    "Business",
    "Ended",
    "Flow",
    "Health",
    "Kind",
    "Media",
    "Node",
    "Phone",
    "SubscribedApp",
    "Subscription",
    "Template",
    "Token",
    "User",
    "Waba",
]

MANAGEMENT = "whatsapp_business_management"
MESSAGING = "whatsapp_business_messaging"
BUSINESS = "business_management"


class Kind(StrEnum):
    """What `debug_token` calls the type of a token."""

    USER = "USER"
    SYSTEM_USER = "SYSTEM_USER"
    APP = "APP"


class Ended(NamedTuple):
    """Why a token no longer works, in Meta's words."""

    subcode: int
    sentence: str


LOGGED_OUT = Ended(467, "The session is invalid because the user logged out.")
PASSWORD_CHANGED = Ended(
    460,
    "The session has been invalidated because the user changed their password or Facebook has"
    " changed the session for security reasons.",
)
APP_REMOVED = Ended(458, "The user has not authorized application {app_id}.")
CHECKPOINT = Ended(
    459,
    "You cannot access the app till you log in to www.facebook.com and follow the instructions"
    " given.",
)


class Health(NamedTuple):
    """One entity's part in `health_status`; the last three are given where it is `BLOCKED`.

    https://developers.facebook.com/documentation/business-messaging/whatsapp/support/health-status
    """

    can_send: str = "AVAILABLE"
    code: int = 0
    description: str = ""
    solution: str = ""


@dataclass(frozen=True)
class Subscription:
    """An app's webhook for one kind of object."""

    callback_url: str
    fields: tuple[str, ...]
    object: str = "whatsapp_business_account"
    active: bool = True


@dataclass(eq=False)
class Business:
    """A business portfolio."""

    id: str
    name: str
    health: Health = field(default_factory=Health)


@dataclass(eq=False)
class App:
    """An app, with the webhooks that are registered for it."""

    id: str
    name: str
    secret: Secret
    business: Business
    link: str = "https://hidden-market.example/"
    created_at: float = 0.0
    requires_proof: bool = False
    native: bool = False
    """Set up as a native or desktop app: Meta then takes no token made of its secret."""
    subscriptions: list[Subscription] = field(default_factory=list)
    health: Health = field(default_factory=Health)

    @property
    def token(self) -> Secret:
        return Secret(f"{self.id}|{self.secret.reveal()}")


@dataclass(eq=False)
class User:
    """A person or a system user; only a person can be the developer of an app."""

    id: str
    name: str
    develops: list[App] = field(default_factory=list)


@dataclass(eq=False)
class Phone:
    """A business phone number, and what is set up for it."""

    id: str
    display_phone_number: str
    verified_name: str
    account_mode: str = "LIVE"
    platform_type: str = "CLOUD_API"
    code_verification_status: str = "VERIFIED"
    status: str = "CONNECTED"
    name_status: str = "APPROVED"
    quality_rating: str = "GREEN"
    override_callback_uri: str | None = None
    """Where this number's webhooks go, whatever the WABA and the app say."""
    in_review: bool = False
    """Meta then tells nothing of it."""
    health: Health = field(default_factory=Health)
    state: NumberState = field(default_factory=NumberState)
    closed: tuple[str, ...] = ()
    """Its edges for which the token's owner has no role."""


@dataclass(eq=False)
class SubscribedApp:
    """An app that an account sends its webhooks to, perhaps at a URL of its own."""

    app: App
    override_callback_uri: str | None = None


@dataclass(eq=False)
class Waba:
    """A WhatsApp Business Account."""

    id: str
    name: str
    business: Business
    message_template_namespace: str
    phones: list[Phone] = field(default_factory=list)
    subscribed: list[SubscribedApp] = field(default_factory=list)
    templates: list[Template] = field(default_factory=list)
    flows: list[Flow] = field(default_factory=list)
    timezone_id: str = "66"
    account_review_status: str = "APPROVED"
    health: Health = field(default_factory=Health)
    closed: tuple[str, ...] = ()
    """Its edges for which the token's owner has no role."""
    messaging: Waba | None = None
    """Of a WhatsApp account, which reads as a WABA and takes no writes: its Messaging account."""


@dataclass(eq=False)
class Token:
    """An access token: whose it is, and what it may do."""

    text: Secret
    app: App
    kind: Kind
    user: User | None = None
    scopes: tuple[str, ...] = ()
    wabas: list[Waba] = field(default_factory=list)
    names_targets: bool = True
    """Whether `debug_token` lists the accounts; it doesn't where all of them were granted."""
    issued_at: float = 0.0
    expires_at: float = 0.0
    long_lived: bool = False
    ended: Ended | None = None
    blocked: bool = False


Node: TypeAlias = App | User | Business | Waba | Phone | Template | Flow | Media
