"""Meta's record: verified by hand, registered by a key, and put back."""

from tests.loopback import Serve
from tests.tui.conftest import Start
from tests.tui.screens.webhook.playing import (
    Mistyping,
    Pretended,
    challenge_of,
    metas_handshake,
    opened,
)
from wizard.findings import new_finding
from wizard.simulator import Meta
from wizard.simulator.world.objects import Subscription
from wizard.tui.dialogs.choose import ChoiceModal
from wizard.values.credentials import Values, plain


async def test_metas_handshake_is_seen_and_the_walk_says_so(wizard: Start, values: Values) -> None:
    async with wizard(values=values) as w:
        await opened(w)
        assert await metas_handshake(w) == 200
        await w.until(lambda: "Meta verified the callback" in w.text())
        assert "Meta verified it at" in w.text()
        await w.press("escape")
        await w.go("8.4")
        await w.until(lambda: "✓ Meta verified it at" in w.text())


async def test_a_token_that_differs_by_capitals_is_named_with_its_cure(
    wizard: Start, values: Values
) -> None:
    async with wizard(values=values) as w:
        await opened(w)
        assert await metas_handshake(w, plain(values.verify_token or "").swapcase()) == 403
        await w.until(lambda: "The verify tokens differ in capital letters" in w.text())
        cure = new_finding("webhook.token_case").fix[0]
        await w.until(lambda: cure[:60] in w.text())


async def test_a_key_registers_the_address_and_meta_calls_it(
    wizard: Start, meta: Meta, values: Values
) -> None:
    async with wizard(meta=meta, values=values) as w:
        await opened(w)
        await w.press("r")
        await w.until(lambda: w.webhook.verified is not None and w.webhook.job is None)
        await w.until(lambda: "Meta verified it at" in w.text())
        await w.until(lambda: "Meta verified the callback" in w.text())


async def test_somebody_elses_callback_is_asked_about_replaced_and_put_back(
    wizard: Start, meta: Meta, values: Values, serve: Serve
) -> None:
    other = (await serve(challenge_of)).url + "/theirs"
    meta.app.subscriptions.append(Subscription(other, ("messages", "account_alerts")))
    async with wizard(meta=meta, values=values) as w:
        await opened(w)
        await w.press("r")
        await w.until(lambda: isinstance(w.app.screen, ChoiceModal))
        await w.until(
            lambda: other in w.text() and "Its server accepts your verify token" in w.text()
        )
        assert meta.app.subscriptions[0].callback_url == other
        await w.press("enter")
        await w.until(lambda: w.webhook.verified is not None and w.webhook.job is None)
        assert meta.app.subscriptions[0].callback_url == w.webhook.callback_url
        await w.until(lambda: "p restore" in w.text())
        await w.press("p")
        await w.until(lambda: not w.webhook.replaced and w.webhook.job is None)
        assert meta.app.subscriptions[0].callback_url == other
        assert set(meta.app.subscriptions[0].fields) == {"messages", "account_alerts"}
        await w.until(lambda: "The previous callback URL is restored" in w.text())


async def test_a_callback_that_cant_be_put_back_is_left_unless_one_insists(
    wizard: Start, meta: Meta, values: Values, serve: Serve
) -> None:
    other = (await serve(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")).url
    meta.app.subscriptions.append(Subscription(other, ("messages",)))
    async with wizard(meta=meta, values=values) as w:
        await opened(w)
        await w.press("r")
        await w.until(lambda: isinstance(w.app.screen, ChoiceModal))
        await w.until(lambda: "can't restore it" in w.text())
        await w.press("enter")
        await w.until(lambda: "The app has another callback URL" in w.text())
        assert meta.app.subscriptions[0].callback_url == other


async def test_leaving_offers_to_put_back_what_was_replaced(
    wizard: Start, meta: Meta, values: Values, serve: Serve
) -> None:
    other = (await serve(challenge_of)).url
    meta.app.subscriptions.append(Subscription(other, ("messages",)))
    async with wizard(meta=meta, values=values) as w:
        await opened(w)
        await w.press("r")
        await w.until(lambda: isinstance(w.app.screen, ChoiceModal))
        await w.press("enter")
        await w.until(lambda: w.webhook.verified is not None and w.webhook.job is None)
        await w.press("ctrl+q")
        await w.until(lambda: f"Restore {other}, then leave" in w.text())
        await w.press("enter")
        await w.gone()
        assert w.app.left_behind is None
    assert meta.app.subscriptions[0].callback_url == other


async def test_registering_without_an_app_secret_says_what_is_missing(
    wizard: Start, values: Values
) -> None:
    async with wizard(values=values.with_("app_secret", None)) as w:
        await opened(w)
        assert "this needs the App Secret (step 9.5)" in w.text()
        await w.press("r")
        await w.until(
            lambda: f"✗  Registration   {new_finding('app_secret.missing').title}" in w.text()
        )


async def test_in_the_demo_the_portal_and_a_customer_are_a_key_each(
    wizard: Start, meta: Meta, values: Values
) -> None:
    async with wizard(meta=meta, values=values, portal=Pretended) as w:
        await opened(w)
        assert "simulated" in w.text()
        await w.press("b")
        await w.until(lambda: "Meta verified the callback" in w.text())
        await w.press("m")
        await w.until(lambda: '"halo"' in w.text())


async def test_what_meta_met_after_verify_and_save_stands_at_its_record(
    wizard: Start, meta: Meta, values: Values
) -> None:
    async with wizard(meta=meta, values=values, portal=Mistyping) as w:
        await opened(w)
        await w.press("b")
        await w.until(lambda: "✗  Registration" in w.text())
        await w.until(lambda: w.webhook.job is None)
        assert "✓  Verification" in w.text()
        assert w.webhook.verified is None
