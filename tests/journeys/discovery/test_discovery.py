"""What a token alone tells, at the pretended Meta and at servers that are told what to say."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from tests.checks import foreign
from tests.tables import each_line
from wizard.journeys.discovery.accounts import AT_ONCE
from wizard.journeys.discovery.discovery import Discovered, discover
from wizard.settings import GRAPH_VERSION, Settings
from wizard.simulator import Meta, create_app, serve
from wizard.simulator.world.objects import BUSINESS, LOGGED_OUT, MANAGEMENT, MESSAGING
from wizard.simulator.world.state import DAY
from wizard.values.credentials import Secret, Values
from wizard.world import World


async def found_in(meta: Meta, values: Values, pasted: Values | None = None) -> Discovered:
    async with (
        serve(create_app(meta)) as base,
        World.from_settings(Settings("test", base, GRAPH_VERSION), values) as world,
    ):
        return await discover(world, pasted)


@asynccontextmanager
async def elsewhere(answers: foreign.Answers) -> AsyncIterator[World]:
    """A server of somebody else's, and a world that knows nothing but a token."""
    async with foreign.served(answers) as server:
        values = Values(access_token=Secret(foreign.TOKEN))
        async with foreign.world(server, values) as world:
            yield world


def ids(discovered: Discovered) -> list[str]:
    return [account.waba_id for account in discovered.accounts]


def primary(discovered: Discovered) -> str | None:
    return discovered.report.primary.id if discovered.report.primary else None


async def test_a_token_alone_leads_to_the_app_its_account_and_its_numbers() -> None:
    meta = Meta()
    discovered = await found_in(meta, Values(access_token=meta.token.text))
    assert discovered.report.ok
    assert (discovered.app_id, discovered.app_name) == (meta.app.id, meta.app.name)
    assert (discovered.kind, discovered.expires_at) == (
        "temporary",
        int(meta.token.expires_at),
    )
    (account,) = discovered.accounts
    assert (account.waba_id, account.name) == (meta.waba.id, "Hidden Market")
    assert [(number.id, number.is_test) for number in account.numbers] == [
        (meta.test_number.id, True),
        (meta.own_number.id, False),
    ]
    assert {number.quality for number in account.numbers} == {"GREEN"}


async def test_the_secret_beside_it_is_tested_and_asks_where_the_token_may_not() -> None:
    meta = Meta()
    values = Values(access_token=meta.system_token.text, app_secret=meta.app.secret)
    discovered = await found_in(meta, values)
    assert "app_secret.valid" in {finding.id for finding in discovered.report.findings}
    assert ids(discovered) == [meta.waba.id]
    assert discovered.kind == "system user"


async def test_a_wrong_secret_is_said_before_anything_is_offered() -> None:
    meta = Meta()
    values = Values(access_token=meta.token.text, app_secret=Secret("f" * 32))
    discovered = await found_in(meta, values)
    assert primary(discovered) == "app_secret.mismatch"
    assert discovered.accounts == ()


@each_line(
    ("change", "id_"),
    [
        ({"expires_at": 1.0}, "access_token.expired"),
        ({"ended": LOGGED_OUT}, "access_token.revoked"),
        ({"scopes": (MANAGEMENT,)}, "access_token.no_permission"),
    ],
)
async def test_a_token_that_fails_is_named_as_a_check_names_it(
    change: dict[str, object], id_: str
) -> None:
    meta = Meta()
    for name, value in change.items():
        setattr(meta.token, name, value)
    discovered = await found_in(meta, Values(access_token=meta.token.text))
    assert primary(discovered) == id_
    assert discovered.accounts == ()
    assert discovered.only() == Values(access_token=meta.token.text)


@each_line(
    ("token", "id_"),
    [
        (None, "access_token.missing"),
        (Secret("123456789012345|abc"), "access_token.is_app_token"),
        (Secret("EAAnonsense"), "access_token.malformed"),
    ],
)
async def test_what_is_no_access_token_is_named(token: Secret | None, id_: str) -> None:
    assert primary(await found_in(Meta(), Values(access_token=token))) == id_


async def test_an_app_id_that_is_stored_is_held_against_the_token() -> None:
    meta = Meta()
    values = Values(app_id=meta.app.id, access_token=meta.other_token.text)
    assert primary(await found_in(meta, values)) == "access_token.other_app"


@pytest.mark.parametrize("secret", [True, False], ids=["and its secret", "alone"])
async def test_a_pasted_token_of_another_app_is_looked_at_without_what_is_stored(
    secret: bool,
) -> None:
    meta = Meta()
    pasted = Values(access_token=meta.other_token.text)
    stored = Values(meta.app.id, meta.app.secret)
    if secret:
        pasted = replace(pasted, app_secret=meta.other_app.secret)
    values = replace(
        pasted, app_id=stored.app_id, app_secret=pasted.app_secret or stored.app_secret
    )
    discovered = await found_in(meta, values, pasted)
    assert discovered.report.ok
    assert discovered.app_id == meta.other_app.id
    assert (discovered.given, discovered.only().app_secret) == (pasted, pasted.app_secret)
    assert discovered.elsewhere is not None
    assert discovered.elsewhere in discovered.report.findings
    assert discovered.elsewhere.id == "access_token.other_than_stored"
    assert f"{meta.other_app.id}; your App ID is {meta.app.id}" in discovered.elsewhere.evidence


async def test_an_app_id_that_was_pasted_beside_the_token_is_meant() -> None:
    meta = Meta()
    pasted = Values(app_id=meta.app.id, access_token=meta.other_token.text)
    discovered = await found_in(meta, pasted, pasted)
    assert primary(discovered) == "access_token.other_app"
    assert discovered.elsewhere is None


async def test_a_pasted_token_of_the_stored_app_is_asked_for_by_that() -> None:
    meta = Meta()
    pasted = Values(access_token=meta.token.text)
    values = Values(meta.app.id, meta.app.secret, meta.token.text)
    discovered = await found_in(meta, values, pasted)
    assert (discovered.elsewhere, discovered.given) == (None, values)


async def test_no_answer_is_no_finding_about_the_token() -> None:
    world = World("test", Values(access_token=Meta().token.text), "http://127.0.0.1:9", "v25.0")
    async with world:
        assert primary(await discover(world)) == "graph.connect"


# several, one, none


async def test_one_account_with_one_number_leaves_nothing_to_choose() -> None:
    meta = Meta()
    meta.waba.phones.remove(meta.own_number)
    discovered = await found_in(meta, Values(access_token=meta.token.text))
    assert discovered.several() == ()
    assert discovered.only() == Values(
        app_id=meta.app.id,
        access_token=meta.token.text,
        waba_id=meta.waba.id,
        phone_number_id=meta.test_number.id,
    )


async def test_of_several_the_one_that_is_known_was_chosen_before() -> None:
    meta = Meta()
    meta.token.wabas = list(meta.wabas)
    discovered = await found_in(meta, Values(access_token=meta.token.text))
    assert sorted(ids(discovered)) == sorted([meta.waba.id, meta.other_waba.id])
    assert discovered.several() == ("waba_id", "phone_number_id")
    known = Values(waba_id=meta.waba.id, phone_number_id=meta.own_number.id)
    assert discovered.several(known) == ()
    assert discovered.only(known).phone_number_id == meta.own_number.id
    assert discovered.several(Values(waba_id="999999999999999")) == ("waba_id", "phone_number_id")


async def test_of_a_chosen_account_its_only_number_is_taken() -> None:
    meta = Meta()
    meta.token.wabas = list(meta.wabas)
    discovered = await found_in(meta, Values(access_token=meta.token.text))
    chosen = discovered.chosen(meta.other_waba.id, None)
    assert chosen.phone_number_id == meta.other_number.id


async def test_what_the_token_leads_to_none_of_is_missing_and_no_choice() -> None:
    meta = Meta()
    meta.waba.phones.clear()
    discovered = await found_in(meta, Values(access_token=meta.token.text))
    assert discovered.several() == ()
    assert discovered.missing() == ("app_secret", "phone_number_id")
    given = replace(discovered.given, app_secret=meta.app.secret)
    assert replace(discovered, given=given).missing() == ("phone_number_id",)


async def test_of_a_token_that_failed_nothing_is_to_be_chosen_and_nothing_missing() -> None:
    discovered = await found_in(Meta(), Values())
    assert (discovered.several(), discovered.missing()) == ((), ())


async def test_a_number_that_a_page_repeats_is_found_once() -> None:
    twice = {"data": [foreign.number(), foreign.number(foreign.OTHER_PHONE), foreign.number()]}
    token = foreign.token(granular_scopes=foreign.granted(foreign.WABA))
    async with elsewhere({"debug_token": token, foreign.NUMBERS: twice}) as world:
        (account,) = (await discover(world)).accounts
    assert [one.id for one in account.numbers] == [foreign.PHONE, foreign.OTHER_PHONE]


@each_line("expires_at", [None, 1.5, 10**20], ids=str)
async def test_an_end_that_is_not_known_is_none(expires_at: object) -> None:
    async with elsewhere({"debug_token": foreign.token(expires_at=expires_at)}) as world:
        assert (await discover(world)).expires_at is None


async def test_accounts_that_meta_does_not_list_are_found_in_the_portfolio() -> None:
    meta = Meta()
    token = meta.issue(meta.app, scopes=(MANAGEMENT, MESSAGING, BUSINESS), lifetime=DAY)
    token.wabas = list(meta.wabas)
    listed = await found_in(meta, Values(access_token=token.text))
    assert len(listed.accounts) == 2


async def test_a_portfolio_is_asked_for_owned_and_for_shared_accounts() -> None:
    answers: foreign.Answers = {
        "debug_token": foreign.token(granular_scopes=[{"scope": foreign.MANAGE}]),
        "me/businesses": {"data": [{"id": foreign.BUSINESS}]},
        f"{foreign.BUSINESS}/owned_whatsapp_business_accounts": {"data": [{"id": foreign.WABA}]},
        f"{foreign.BUSINESS}/client_whatsapp_business_accounts": {
            "data": [{"id": foreign.OTHER_WABA}]
        },
        foreign.OTHER_WABA: {"id": foreign.OTHER_WABA, "name": "A client's"},
        f"{foreign.OTHER_WABA}/phone_numbers": {"data": []},
    }
    async with elsewhere(answers) as world:
        discovered = await discover(world)
    assert ids(discovered) == [foreign.WABA, foreign.OTHER_WABA]
    assert discovered.report.ok


async def test_where_nothing_is_listed_that_is_said() -> None:
    meta = Meta()
    meta.token.names_targets = False
    discovered = await found_in(meta, Values(access_token=meta.token.text))
    assert primary(discovered) == "waba_id.none_found"
    assert discovered.app_id == meta.app.id
    assert discovered.only() == Values(app_id=meta.app.id, access_token=meta.token.text)


async def test_where_nothing_is_listed_a_stored_account_is_looked_at() -> None:
    meta = Meta()
    meta.token.names_targets = False
    values = Values(access_token=meta.token.text, waba_id=meta.waba.id)
    assert ids(await found_in(meta, values)) == [meta.waba.id]


async def test_an_account_that_may_not_be_read_stands_beside_the_others_and_is_no_choice() -> None:
    answers = {
        "debug_token": foreign.token(granular_scopes=foreign.granted(foreign.WABA, "9" * 15))
    }
    async with elsewhere(answers) as world:
        discovered = await discover(world)
    good, bad = discovered.accounts
    assert (good.error, bool(bad.error)) == ("", True)
    assert discovered.only().waba_id == foreign.WABA
    assert discovered.report.ok


async def test_an_account_of_which_there_is_no_answer_makes_it_unsure() -> None:
    broken = foreign.error(2, "An unexpected error has occurred.", status=500)
    async with elsewhere(
        {
            "debug_token": foreign.token(granular_scopes=foreign.granted(foreign.WABA)),
            foreign.NUMBERS: broken,
        }
    ) as world:
        discovered = await discover(world)
    assert primary(discovered) == "graph.server_error"
    assert discovered.report.exit_code == 3


async def test_many_accounts_are_asked_about_side_by_side_and_not_all_at_once() -> None:
    many = [str(int(foreign.WABA) + place) for place in range(12)]
    answers: dict[str, foreign.Answer] = {
        "debug_token": foreign.token(granular_scopes=foreign.granted(*many))
    }
    for id_ in many:
        answers |= {id_: {"id": id_, "name": id_}, f"{id_}/phone_numbers": {"data": []}}
    async with foreign.served(answers) as server:
        server.delay = 0.02
        async with foreign.world(server, Values(access_token=Secret(foreign.TOKEN))) as world:
            discovered = await discover(world)
    assert ids(discovered) == many
    assert 1 < server.most_at_once <= AT_ONCE


@each_line(
    ("code", "message", "id_"),
    [
        (200, "(#200) Requires business_management permission", "waba_id.none_found"),
        (100, "Invalid parameter: limit", "graph.parameter_refused"),
        (4711, "Something wholly new", "graph.refused"),
    ],
)
async def test_what_meta_said_of_the_portfolios_is_kept(code: int, message: str, id_: str) -> None:
    answers: foreign.Answers = {
        "debug_token": foreign.token(granular_scopes=[]),
        "me/businesses": foreign.error(code, message),
    }
    async with elsewhere(answers) as world:
        discovered = await discover(world)
    assert primary(discovered) == id_
    assert discovered.report.primary is not None
    assert f"{code}, {message.removeprefix(f'(#{code}) ')}" in discovered.report.primary.evidence


def named_by(id_: str) -> dict[str, object]:
    """The number, whose health status names its account."""
    entity = {"entity_type": "WABA", "id": id_, "can_send_message": "AVAILABLE"}
    return foreign.number() | {"health_status": {"entities": [entity]}}


async def test_of_an_account_and_its_whatsapp_account_the_messaging_account_is_offered() -> None:
    meta = Meta()
    account = meta.add_whatsapp_account(meta.test_number, meta.token)
    discovered = await found_in(meta, Values(access_token=meta.token.text))
    assert account.id != meta.waba.id
    assert ids(discovered) == [meta.waba.id]
    assert discovered.only().waba_id == meta.waba.id


async def test_a_whatsapp_account_alone_leads_to_its_messaging_account() -> None:
    meta = Meta()
    account = meta.add_whatsapp_account(meta.own_number, meta.token)
    meta.token.wabas[:] = [account, meta.waba]
    values = Values(access_token=meta.token.text)
    assert ids(await found_in(meta, values)) == [meta.waba.id]


@each_line(
    "answers",
    [
        {foreign.PHONE: named_by(foreign.OTHER_WABA)},
        {foreign.NUMBERS: foreign.error(100, "(#100) Invalid parameter", 2388339)},
        {foreign.WABA: foreign.error(100, "WhatsApp accounts cannot be used", 2388339)},
    ],
    ids=["by the number", "by its list", "by itself"],
)
async def test_a_whatsapp_account_is_never_offered_beside_the_right_one(
    answers: foreign.Answers,
) -> None:
    both = foreign.token(granular_scopes=foreign.granted(foreign.WABA, foreign.OTHER_WABA))
    other = {"id": foreign.OTHER_WABA, "name": "Shop"}
    numbers = {"data": [foreign.number(), foreign.number(foreign.OTHER_PHONE)]}
    told: foreign.Answers = {
        foreign.OTHER_WABA: other,
        f"{foreign.OTHER_WABA}/phone_numbers": numbers,
    }
    async with elsewhere({"debug_token": both, **told, **answers}) as world:
        assert ids(await discover(world)) == [foreign.OTHER_WABA]


async def test_an_account_whose_number_names_one_that_cant_be_seen_is_still_offered() -> None:
    alone = foreign.token(granular_scopes=foreign.granted(foreign.WABA))
    answers = {"debug_token": alone, foreign.PHONE: named_by("222222222222229")}
    async with elsewhere(answers) as world:
        assert ids(await discover(world)) == [foreign.WABA]
