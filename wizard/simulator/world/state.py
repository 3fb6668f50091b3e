"""What the simulated Meta knows: apps, tokens, accounts and numbers, as plain data."""

from __future__ import annotations

import hmac
import time
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from wizard.simulator.world import fake_ids
from wizard.simulator.world.media import MediaStore
from wizard.simulator.world.objects import (
    MANAGEMENT,
    MESSAGING,
    App,
    Business,
    Kind,
    Node,
    Phone,
    SubscribedApp,
    Template,
    Token,
    User,
    Waba,
)
from wizard.simulator.world.outbox import Outbox
from wizard.simulator.world.uploads import Uploads
from wizard.values.credentials import Secret, Values

HOUR = 3600.0
DAY = 24 * HOUR


class Outage(StrEnum):
    """The ways in which no proper answer comes, whatever was asked."""

    HANG = "hang"
    PORTAL = "portal"
    REDIRECT = "redirect"
    EMPTY = "empty"
    CUT_SHORT = "cut_short"
    HTML_ERROR = "html_error"
    JSON_ERROR = "json_error"
    UNKNOWN_ERROR = "unknown_error"
    APP_LIMIT = "app_limit"
    WABA_LIMIT = "waba_limit"
    BARE_LIMIT = "bare_limit"
    REFUSED = "refused"
    FIELD_GONE = "field_gone"


@dataclass(eq=False)
class MetaState:
    """A healthy world, and the same one for the same seed."""

    now: Callable[[], float] = time.time
    seed: str = "hidden-market"
    delay: float = 0.0
    """Seconds before each answer, so that a demo can be watched."""
    oldest_version: str = ""
    """The oldest version in use; an empty one is the calendar's."""
    newest_version: str = "v27.0"
    outage: Outage | None = None
    hides_unseen: bool = True
    """Whether what a token may not see looks as if it did not exist (100/33), or says 200."""
    patience: float = 6.0
    """Seconds that a callback has to answer."""
    calls: int = 0
    origin: str = ""
    """Where this world is served, for the addresses in what it delivers."""
    named: dict[str, str] = field(default_factory=dict, repr=False)
    """Objects that no world has, such as groups, by an ID that an answer has told: their kind."""
    on_unsimulated: Callable[[str], object] | None = None
    """Told of each request that nothing here can answer, as its method and path."""
    spent: defaultdict[tuple[str, str], deque[float]] = field(
        default_factory=lambda: defaultdict(deque), repr=False
    )
    """When each app has called, in all and each account."""

    def __post_init__(self) -> None:
        self.business = Business(self.digits("business", 15), "Hidden Market")
        self.app = self._app("my-whatsapp-webhook")
        self.other_app = self._app("my-other-app")
        self.apps = [self.app, self.other_app]
        self.user = User(self.digits("user", 17), "Ayu Lestari", develops=self.apps)
        self.system_user = User(self.digits("system user", 15), "hidden-market-server")
        self.test_number = Phone(
            self.digits("test number", 15),
            "+1 555-014-2233",
            "Test Number",
            account_mode="SANDBOX",
            code_verification_status="NOT_VERIFIED",
        )
        self.own_number = Phone(self.digits("own number", 15), "+62 812-3456-7890", "Hidden Market")
        self.other_number = Phone(self.digits("other number", 15), "+1 555-014-7788", "Night Stall")
        self.waba = self._waba("Hidden Market", self.test_number, self.own_number)
        self.other_waba = self._waba("Night Stall", self.other_number)
        self.wabas = [self.waba, self.other_waba]
        self.waba.subscribed.append(SubscribedApp(self.app))
        self.tokens: list[Token] = []
        self.token = self.issue(self.app, lifetime=DAY - 420)
        self.system_token = self.issue(self.app, Kind.SYSTEM_USER)
        self.other_token = self.issue(self.other_app, lifetime=DAY - 420)
        self.media, self.uploads, self.outbox = MediaStore(self.seed), Uploads(self.seed), Outbox()

    def issue(
        self,
        app: App,
        kind: Kind = Kind.USER,
        scopes: Iterable[str] = (MANAGEMENT, MESSAGING),
        lifetime: float = 0.0,
    ) -> Token:
        """A new token for the first WABA; a lifetime of 0 never ends."""
        token = Token(
            Secret("EAA" + fake_ids.letters(self.seed, f"token/{len(self.tokens)}", 197)),
            app,
            kind,
            self.system_user if kind is Kind.SYSTEM_USER else self.user,
            tuple(scopes),
            [self.waba],
            issued_at=self.now(),
            expires_at=self.now() + lifetime if lifetime else 0.0,
        )
        self.tokens.append(token)
        return token

    def issue_app_token(self, app: App) -> Token:
        """What `client_credentials` gives: the same token each time."""
        text = f"{app.id}|{fake_ids.letters(self.seed, f'app token/{app.id}', 27)}"
        found = self.find_token(text)
        if found is None:
            found = Token(Secret(text), app, Kind.APP)
            self.tokens.append(found)
        return found

    def find_app(self, app_id: str) -> App | None:
        return next((app for app in self.apps if app.id == app_id), None)

    def find_token(self, text: str) -> Token | None:
        return next((token for token in self.tokens if token.text == Secret(text)), None)

    def find_node(self, node_id: str) -> Node | None:
        found = next((node for node in self._nodes() if node.id == node_id), None)
        return found or self.media.find(node_id, self.now())

    def _nodes(self) -> Iterator[Node]:
        for waba in self.wabas:
            yield waba
            yield from waba.phones
        yield from self.apps
        yield self.user
        yield self.system_user
        yield self.business
        for waba in self.wabas:
            yield from waba.templates
            yield from waba.flows

    def waba_of(self, phone: Phone) -> Waba:
        return next(w for w in self.wabas if phone in w.phones and w.messaging is None)

    def add_whatsapp_account(self, phone: Phone, *tokens: Token) -> Waba:
        """The WhatsApp account that stands beside the number's WABA, granted to these tokens.

        https://developers.facebook.com/documentation/business-messaging/whatsapp/account-model-evolution
        """
        waba = self.waba_of(phone)
        account = Waba(
            self.digits(f"whatsapp account/{phone.id}", 15),
            phone.verified_name,
            waba.business,
            waba.message_template_namespace,
            [phone],
            messaging=waba,
        )
        self.wabas.append(account)
        for token in tokens:
            token.wabas.append(account)
        return account

    def is_over(self, token: Token) -> bool:
        return 0 < token.expires_at <= self.now()

    def digits(self, label: str, count: int) -> str:
        """An id that nothing in this world has, unless the label was used before."""
        return fake_ids.digits(self.seed, label, count)

    def _app(self, name: str) -> App:
        secret = Secret(fake_ids.hexadecimal(self.seed, f"secret/{name}", 32))
        created = self.now() - 3 * DAY
        return App(self.digits(name, 16), name, secret, self.business, created_at=created)

    def _waba(self, name: str, *phones: Phone) -> Waba:
        letters = fake_ids.hexadecimal(self.seed, f"namespace/{name}", 32)
        cuts = ((0, 8), (8, 12), (12, 16), (16, 20), (20, 32))
        namespace = "_".join(letters[start:end] for start, end in cuts)
        waba = Waba(self.digits(f"waba/{name}", 15), name, self.business, namespace, list(phones))
        greeting = Template(self.digits(f"hello_world/{name}", 16), "hello_world", "en_US")
        waba.templates.append(greeting)
        return waba


def proof(app: App, token: str) -> str:
    """The `appsecret_proof` that Meta expects beside this token.

    https://developers.facebook.com/docs/facebook-login/security#appsecret
    """
    return hmac.new(app.secret.reveal().encode(), token.encode(), "sha256").hexdigest()


def demo_values(meta: MetaState) -> Values:
    """The six credentials of somebody who did everything right, with the test number."""
    return Values(
        app_id=meta.app.id,
        app_secret=meta.app.secret,
        access_token=meta.token.text,
        phone_number_id=meta.test_number.id,
        waba_id=meta.waba.id,
        verify_token=Secret(fake_ids.letters(meta.seed, "verify token", 40)),
    )
