"""What goes wrong on the short way, and what is then said and kept."""

from __future__ import annotations

import pytest

from tests.tui.conftest import Start
from tests.tui.screens.quick_setup.tokens import (
    WRONG,
    alone,
    both,
    looked,
    paste,
    secret,
    stored,
    token,
    visit,
)
from wizard.simulator import Meta
from wizard.simulator.world.objects import LOGGED_OUT, Waba
from wizard.simulator.world.state import HOUR, Outage
from wizard.tui.dialogs.choose import ChoiceModal
from wizard.tui.screens.walk.screen import WalkScreen
from wizard.tui.widgets.field import Field
from wizard.values.credentials import Value, Values
from wizard.vault import MemoryVault, Reason, VaultError


async def test_an_account_that_cant_be_read_says_why_and_the_others_can_be_taken(
    wizard: Start, meta: Meta, values: Values
) -> None:
    gone = Waba("999000111222333", "Gone", meta.business, "")
    meta.token.wabas.append(gone)
    async with wizard(meta=meta) as w:
        await looked(w, token(values), "Which number?")
        assert gone.id in w.text()
        rows = w.text().splitlines()
        at = next(n for n, row in enumerate(rows) if "✗  Graph: " in row)
        column = rows[at].index("Graph: ")
        assert rows[at + 1][:column].strip() == ""
        assert rows[at + 1][column] != " "
        await w.press("enter")
        await w.until(lambda: "Paste the App Secret here" in w.text())


async def test_where_meta_names_no_account_the_waba_id_is_asked_for(
    wizard: Start, meta: Meta, values: Values
) -> None:
    meta.token.names_targets = False
    async with wizard(meta=alone(meta)) as w:
        await looked(w, token(values), "No WABA was found")
        await paste(w, "123456789012345")
        await w.until(lambda: "The token can't see a WABA with this ID" in w.text())
        await paste(w, values.waba_id or "")
        await w.until(lambda: "Hidden Market, +1 555-014-2233" in w.text())


async def test_a_secret_of_another_app_is_told_and_stores_nothing(
    wizard: Start, meta: Meta, values: Values
) -> None:
    async with wizard(meta=alone(meta)) as w:
        await looked(w, token(values), "Paste the App Secret here")
        await paste(w, WRONG)
        await w.until(lambda: "doesn't belong to this app" in w.text())
        await w.press("enter")
        await w.pilot.pause(0.2)
        assert stored(w) == {}
        await paste(w, secret(values))
        await w.until(lambda: "store these six values" in w.text())


async def test_a_wrong_secret_beside_a_good_token_is_told_apart_from_it(
    wizard: Start, meta: Meta, values: Values
) -> None:
    async with wizard(meta=alone(meta)) as w:
        await looked(
            w, f"ACCESS_TOKEN={token(values)}\nAPP_SECRET={WRONG}", "doesn't belong to this app"
        )
        assert "my-whatsapp-webhook" in w.text()


def _revoked(meta: Meta) -> str:
    meta.token.ended = LOGGED_OUT
    return meta.token.text.reveal()


def _expired(meta: Meta) -> str:
    meta.token.expires_at = meta.now() - HOUR
    return meta.token.text.reveal()


def _without_permissions(meta: Meta) -> str:
    meta.token.scopes = ("public_profile",)
    return meta.token.text.reveal()


def _app_token(meta: Meta) -> str:
    return meta.app.token.reveal()


@pytest.mark.parametrize(
    ("broken", "says"),
    [
        (_revoked, "The access token was revoked"),
        (_expired, "The access token has expired"),
        (_without_permissions, "The access token lacks a WhatsApp permission"),
        (_app_token, "This is an app token, not an access token"),
    ],
)
async def test_a_token_that_leads_nowhere_says_why_with_its_cure(
    wizard: Start, meta: Meta, broken: object, says: str
) -> None:
    assert callable(broken)
    async with wizard(meta=meta) as w:
        await looked(w, broken(meta), says)
        assert "→" in w.text()
        assert "Paste the App Secret here" not in w.text()
        assert stored(w) == {}


async def test_something_else_that_was_pasted_is_not_sent(wizard: Start, meta: Meta) -> None:
    async with wizard(meta=meta) as w:
        await visit(w)
        await paste(w, "ghp_" + "a" * 36)
        await w.until(lambda: "a GitHub token" in w.text())
        await w.press("enter")
        await w.until(lambda: "This doesn't look like an access token" in w.text())
        assert "so it is not sent" in w.text()


async def test_without_a_network_the_token_stays(wizard: Start, values: Values) -> None:
    async with wizard(graph_url="http://127.0.0.1:9") as w:
        await looked(w, token(values), "Meta's server can't be reached")
        assert w.app.screen.query_one("#field-access_token", Field).value == token(values)
        assert w.onboarding.unsaved == ("access_token",)


async def test_where_meta_did_not_answer_a_key_tries_again(
    wizard: Start, meta: Meta, values: Values
) -> None:
    alone(meta).outage = Outage.JSON_ERROR
    async with wizard(meta=meta) as w:
        await looked(w, token(values), "enter    test it again")
        await w.until(lambda: w.app.focused is None)
        meta.outage = None
        await w.press("t")
        await w.until(lambda: "Paste the App Secret here" in w.text())


class Unwilling(MemoryVault):
    """A keyring that keeps nothing until it is opened."""

    opened = False

    async def put(self, name: str, value: Value) -> None:
        if not self.opened:
            raise VaultError(Reason.WRITE_FAILED, "It was accepted, but reads back differently.")
        await super().put(name, value)


async def test_a_keyring_that_keeps_nothing_is_told_and_the_values_wait(
    wizard: Start, meta: Meta, values: Values
) -> None:
    vault = Unwilling()
    async with wizard(meta=alone(meta), vault=vault) as w:
        await looked(w, both(values), "store these six values")
        await w.press("enter")
        await w.until(lambda: "did not store the value" in w.text())
        assert stored(w) == {}
        vault.opened = True
        await w.press("enter")
        await w.until(lambda: "is stored in memory" in w.text())
        assert len(stored(w)) == 6


async def test_what_was_typed_is_there_when_one_comes_back_and_asked_about_on_leaving(
    wizard: Start, meta: Meta, values: Values
) -> None:
    async with wizard(meta=alone(meta)) as w:
        await looked(w, token(values), "Paste the App Secret here")
        await paste(w, secret(values))
        await w.until(lambda: "store these six values" in w.text())
        await w.press("escape")
        await w.until(lambda: isinstance(w.app.screen, WalkScreen))
        await w.press("t")
        await w.pilot.pause(0.2)
        assert stored(w) == {}
        await visit(w)
        await w.until(lambda: "store these six values" in w.text())
        await w.press("ctrl+q")
        await w.until(lambda: isinstance(w.app.screen, ChoiceModal))
        assert "App Secret, Access token" in w.text()
        await w.press("enter")
        await w.until(lambda: stored(w).get("access_token") == values.access_token)


async def test_a_token_of_another_app_than_the_stored_one_is_taken_only_when_asked_to(
    wizard: Start, meta: Meta, values: Values
) -> None:
    other = meta.other_token
    other.wabas = [meta.other_waba]
    async with wizard(meta=meta, values=values) as w:
        await looked(w, other.text.reveal(), "belongs to another app")
        assert stored(w)["access_token"] == values.access_token
        await w.press("escape", "a")
        await w.until(lambda: "my-other-app" in w.text())
        await w.press("enter")
        assert stored(w)["app_id"] == values.app_id
        await paste(w, meta.other_app.secret.reveal())
        await w.until(lambda: "store these five values" in w.text())
        await w.press("enter")
        await w.until(lambda: "is stored in memory" in w.text())
        assert stored(w)["app_secret"] == meta.other_app.secret
        assert stored(w)["verify_token"] == values.verify_token


async def test_a_value_that_fails_with_the_others_is_told_and_may_be_kept_all_the_same(
    wizard: Start, meta: Meta, values: Values
) -> None:
    meta.waba.phones.remove(meta.test_number)
    meta.own_number.status = "BANNED"
    async with wizard(meta=meta) as w:
        await looked(w, token(values), "Paste the App Secret here")
        await paste(w, secret(values))
        await w.until(lambda: "store these six values" in w.text())
        await w.press("enter")
        await w.until(lambda: "test them again" in w.text())
        assert "access_token" in stored(w)
        assert "phone_number_id" not in stored(w)
        await w.press("ctrl+s")
        await w.until(lambda: "is stored in memory" in w.text())
        assert stored(w)["phone_number_id"] == meta.own_number.id
