"""Of several IDs in one paste, those that Meta leaves a choice between."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from tests.checks import foreign
from wizard.journeys.discovery.several_ids import SeveralIds, narrow
from wizard.settings import GRAPH_VERSION, Settings
from wizard.simulator import Meta, create_app, serve
from wizard.simulator.world.objects import LOGGED_OUT
from wizard.values.credentials import Secret, Value, Values
from wizard.world import World

UNSEEN = "309990007778889"


async def left(meta: Meta, several: Mapping[str, Sequence[str]], values: Values) -> SeveralIds:
    async with (
        serve(create_app(meta)) as base,
        World.from_settings(Settings("test", base, GRAPH_VERSION), values) as world,
    ):
        return await narrow(world, several)


def values_of(name: str, found: SeveralIds, chosen: dict[str, Value] | None = None) -> list[str]:
    return [one.value for one in found.choices(name, chosen or {})]


async def test_the_messaging_account_wins_over_the_whatsapp_account_beside_it() -> None:
    meta = Meta()
    account = meta.add_whatsapp_account(meta.own_number, meta.token)
    for ids in ([meta.waba.id, account.id], [account.id, meta.waba.id]):
        found = await left(meta, {"waba_id": ids}, Values(access_token=meta.token.text))
        assert values_of("waba_id", found) == [meta.waba.id]


async def test_two_whatsapp_accounts_lead_to_the_messaging_account_they_share() -> None:
    meta = Meta()
    several = [
        meta.add_whatsapp_account(number, meta.token).id
        for number in (meta.own_number, meta.test_number)
    ]
    found = await left(meta, {"waba_id": several}, Values(access_token=meta.token.text))
    assert values_of("waba_id", found) == [meta.waba.id]


async def test_one_that_the_token_cant_see_is_left_out() -> None:
    meta = Meta()
    several = {"waba_id": [UNSEEN, meta.waba.id]}
    found = await left(meta, several, Values(access_token=meta.token.text))
    assert values_of("waba_id", found) == [meta.waba.id]


async def test_two_messaging_accounts_are_for_the_person_to_choose_by_name() -> None:
    meta = Meta()
    meta.token.wabas.append(meta.other_waba)
    several = {"waba_id": [meta.waba.id, meta.other_waba.id]}
    found = await left(meta, several, Values(access_token=meta.token.text))
    assert [(one.value, one.about) for one in found.choices("waba_id", {})] == [
        (meta.waba.id, "Hidden Market"),
        (meta.other_waba.id, "Night Stall"),
    ]
    chosen: dict[str, Value] = {"phone_number_id": meta.other_number.id}
    assert values_of("waba_id", found, chosen) == [meta.other_waba.id]


async def test_of_several_numbers_the_accounts_own_wins() -> None:
    meta = Meta()
    several = {"phone_number_id": [UNSEEN, meta.own_number.id]}
    values = Values(access_token=meta.token.text, waba_id=meta.waba.id)
    found = await left(meta, several, values)
    assert values_of("phone_number_id", found) == [meta.own_number.id]


@pytest.mark.parametrize("values", [Values(), Values(access_token=Secret("EAA" + "x" * 60))])
async def test_without_a_working_token_all_are_left_to_choose_from(values: Values) -> None:
    meta = Meta()
    several = {"waba_id": [UNSEEN, meta.waba.id]}
    found = await left(meta, several, values)
    assert values_of("waba_id", found) == [UNSEEN, meta.waba.id]


async def test_an_expired_token_settles_nothing() -> None:
    meta = Meta()
    account = meta.add_whatsapp_account(meta.own_number, meta.token)
    meta.token.ended = LOGGED_OUT
    several = {"waba_id": [account.id, meta.waba.id]}
    found = await left(meta, several, Values(access_token=meta.token.text))
    assert values_of("waba_id", found) == [account.id, meta.waba.id]


async def test_where_meta_does_not_answer_for_one_nothing_is_settled() -> None:
    answers: foreign.Answers = {foreign.OTHER_WABA: foreign.error(2, "Service unavailable")}
    ids = [foreign.WABA, foreign.OTHER_WABA]
    async with foreign.served(answers) as server:
        values = Values(access_token=Secret(foreign.TOKEN))
        async with foreign.world(server, values) as world:
            assert values_of("waba_id", await narrow(world, {"waba_id": ids})) == ids
