"""Every named fault breaks what its name says, and nothing is broken without one."""

from __future__ import annotations

import re

import httpx
import pytest

from tests.simulator.conftest import NOON, Graph, error
from tests.tables import each_line
from wizard.simulator import SCENARIOS, Meta, UnknownScenarioError, demo_values, scenario
from wizard.simulator.world.state import DAY
from wizard.values.credentials import CREDENTIALS, plain

pytestmark = pytest.mark.asyncio(loop_scope="session")


def enter(graph: Graph, name: str) -> None:
    graph.enter(*scenario(name, Meta(now=lambda: NOON)))


async def test_names_are_a_subject_and_what_is_wrong(graph: Graph) -> None:
    subjects = {*CREDENTIALS, "graph", "webhook", "message"}
    for name, found in SCENARIOS.items():
        assert found.name == name
        assert re.fullmatch(r"[a-z_]+\.[a-z_]+", found.finding)
        assert found.finding.partition(".")[0] in subjects
        assert found.about.endswith(".")


async def test_a_healthy_world_is_the_same_each_time_and_differs_by_seed(graph: Graph) -> None:
    assert demo_values(Meta()) == demo_values(Meta())
    one, two = dict(demo_values(Meta()).present()), dict(demo_values(Meta(seed="two")).present())
    assert not set(one.values()) & set(two.values())


async def test_the_values_of_a_healthy_world_look_like_metas(graph: Graph) -> None:
    shapes = {
        "app_id": r"\d{16}",
        "app_secret": r"[0-9a-f]{32}",
        "access_token": r"EAA[A-Za-z0-9]{197}",
        "phone_number_id": r"\d{15}",
        "waba_id": r"\d{15}",
        "verify_token": r"[A-Za-z0-9]{32,}",
    }
    for name, value in demo_values(Meta()).present():
        assert re.fullmatch(shapes[name], plain(value))


async def test_an_unknown_name_is_met_with_near_ones(graph: Graph) -> None:
    with pytest.raises(UnknownScenarioError, match=r"Did you mean .*access_token\.expired"):
        scenario("access_token.expird")
    with pytest.raises(KeyError):
        scenario("zzz")


@each_line("name", [name for name in SCENARIOS if name.endswith(".missing")])
async def test_missing_takes_one_value_away(graph: Graph, name: str) -> None:
    _, values = scenario(name)
    lacking = set(CREDENTIALS) - {found for found, _ in values.present()}
    assert lacking == {name.partition(".")[0]}


async def test_every_fault_changes_something_its_victim_can_notice(graph: Graph) -> None:
    sound = {"phone_number_id.test_number", "webhook.not_registered"}
    sound |= {name for name, found in SCENARIOS.items() if found.asked_by == "send"}
    healthy = await impression(graph, None)
    assert await impression(graph, None) == healthy
    for name in SCENARIOS.keys() - sound:
        assert await impression(graph, name) != healthy, name


NUMBER_TOLD = "display_phone_number,status,platform_type,health_status,webhook_configuration"


async def impression(graph: Graph, name: str | None) -> object:
    """What a victim has and is told, without what changes from call to call."""
    if name is None:
        meta = Meta(now=lambda: NOON)
        graph.enter(meta, demo_values(meta))
    elif name in {"graph.timeout", "graph.dns", "graph.connect", "graph.tls", "graph.insecure"}:
        return name
    else:
        enter(graph, name)
    phone, waba, app = graph.values.phone_number_id, graph.values.waba_id, graph.values.app_id
    token, secret = graph.values.access_token, graph.values.app_secret
    told: list[object] = [graph.values]
    app_token = f"{app}|{secret.reveal() if secret else ''}"
    for path, params in (
        (
            "/oauth/access_token",
            {
                "grant_type": "client_credentials",
                "client_id": app or "",
                "client_secret": secret.reveal() if secret else "",
            },
        ),
        (
            "/debug_token",
            {
                "access_token": app_token,
                "input_token": token.reveal() if token else "",
            },
        ),
        (f"/{app}/subscriptions", {"access_token": app_token}),
        (f"/{phone}", {"fields": NUMBER_TOLD}),
        (f"/{waba}", {"fields": "id,account_review_status,health_status"}),
        (f"/{waba}/phone_numbers", {}),
        (f"/{waba}/subscribed_apps", {}),
    ):
        headers = (
            {}
            if "access_token" in params or not token
            else {"authorization": f"Bearer {token.reveal()}"}
        )
        answer = await graph.stage.client.get(f"/v25.0{path}", params=params, headers=headers)
        body = re.sub(r'"fbtrace_id":"\w+"', "", answer.text)
        told.append((answer.status_code, answer.headers.get("facebook-api-version"), body))
    return told


NUMBER = "fields=display_phone_number,account_mode,status,platform_type,code_verification_status"


@each_line(
    ("name", "path", "status", "code", "subcode"),
    [
        ("access_token.malformed", "me", 401, 190, None),
        ("access_token.malformed/echoed", "me", 400, 190, None),
        ("access_token.malformed/other_product", "me", 401, 190, None),
        ("access_token.expired", "me", 401, 190, 463),
        ("access_token.revoked", "me", 401, 190, 467),
        ("access_token.revoked/password_changed", "me", 401, 190, 460),
        ("access_token.revoked/app_removed", "me", 401, 190, 458),
        ("access_token.blocked", "me", 403, 200, None),
        ("access_token.blocked/checkpoint", "me", 401, 190, 459),
        ("access_token.no_grant", "{waba_id}", 400, 100, 33),
        ("access_token.no_grant/said", "{waba_id}", 403, 200, None),
        ("access_token.no_permission/management", "{waba_id}", 403, 200, None),
        ("access_token.is_app_token", "{waba_id}", 400, 100, 33),
        ("access_token.is_app_token/issued", "{waba_id}", 400, 100, 33),
        ("phone_number_id.not_found", "{phone_number_id}", 400, 100, 33),
        ("phone_number_id.is_phone_number", "{phone_number_id}", 400, 100, 33),
        ("phone_number_id.is_phone_number/digits", "{phone_number_id}", 400, 100, 33),
        ("phone_number_id.is_waba_id", "{phone_number_id}?" + NUMBER, 400, 100, None),
        ("phone_number_id.is_other_object", "{phone_number_id}?" + NUMBER, 400, 100, None),
        ("phone_number_id.is_other_object/app", "{phone_number_id}?" + NUMBER, 400, 100, None),
        ("waba_id.not_found", "{waba_id}", 400, 100, 33),
        ("waba_id.is_phone_number_id", "{waba_id}/phone_numbers", 400, 100, None),
        ("waba_id.is_phone_number_id/swapped", "{waba_id}/phone_numbers", 400, 100, None),
        ("waba_id.is_business_id", "{waba_id}/phone_numbers", 400, 100, None),
        ("waba_id.is_other_object", "{waba_id}/phone_numbers", 400, 100, None),
        ("waba_id.is_other_object/user", "{waba_id}/phone_numbers", 400, 100, None),
        ("graph.server_error", "me", 500, 2, None),
        ("graph.server_error/unknown", "me", 500, 1, None),
        ("graph.rate_limited", "me", 403, 4, None),
        ("graph.rate_limited/waba", "{waba_id}", 400, 80007, None),
        ("graph.refused", "me", 400, 1675030, None),
    ],
)
async def test_graph_refuses(  # noqa: PLR0917
    graph: Graph, name: str, path: str, status: int, code: int, subcode: int | None
) -> None:
    enter(graph, name)
    values = {found: plain(value) for found, value in graph.values.present()}
    answer = await graph.ask("/v25.0/" + path.format_map(values))
    found = error(answer)
    assert (answer.status_code, found["code"], found.get("error_subcode")) == (
        status,
        code,
        subcode,
    )


@each_line(
    ("name", "expected"),
    [
        ("phone_number_id.valid", ("LIVE", "CONNECTED", "CLOUD_API", "VERIFIED")),
        ("phone_number_id.test_number", ("SANDBOX", "CONNECTED", "CLOUD_API", "NOT_VERIFIED")),
        ("phone_number_id.not_registered", ("LIVE", "PENDING", "NOT_APPLICABLE", "VERIFIED")),
        ("phone_number_id.unverified", ("LIVE", "PENDING", "NOT_APPLICABLE", "NOT_VERIFIED")),
        ("phone_number_id.restricted", ("LIVE", "RESTRICTED", "CLOUD_API", "VERIFIED")),
        ("phone_number_id.restricted/banned", ("LIVE", "BANNED", "CLOUD_API", "VERIFIED")),
        ("phone_number_id.flagged", ("LIVE", "FLAGGED", "CLOUD_API", "VERIFIED")),
    ],
)
async def test_a_number_tells_its_state(graph: Graph, name: str, expected: tuple[str, ...]) -> None:
    enter(graph, name)
    body = await graph.read(f"/v25.0/{graph.values.phone_number_id}?{NUMBER}")
    names = ("account_mode", "status", "platform_type", "code_verification_status")
    assert tuple(body[found] for found in names) == expected


@pytest.mark.parametrize(
    ("name", "entity"),
    [("phone_number_id.restricted/health", "PHONE_NUMBER"), ("waba_id.restricted/health", "WABA")],
)
async def test_health_names_who_is_blocked(graph: Graph, name: str, entity: str) -> None:
    enter(graph, name)
    path = f"/v25.0/{graph.values.phone_number_id}"
    health = (await graph.read(path, fields="health_status"))["health_status"]
    assert health["can_send_message"] == "BLOCKED"
    (blocked,) = [found for found in health["entities"] if "errors" in found]
    assert blocked["entity_type"] == entity
    assert set(blocked["errors"][0]) == {
        "error_code",
        "error_description",
        "possible_solution",
    }


async def test_a_number_of_another_account_is_readable_and_not_listed(graph: Graph) -> None:
    enter(graph, "phone_number_id.other_waba")
    assert await graph.read(f"/v25.0/{graph.values.phone_number_id}")
    listed = (await graph.read(f"/v25.0/{graph.values.waba_id}/phone_numbers"))["data"]
    assert graph.values.phone_number_id not in [phone["id"] for phone in listed]


async def test_a_token_of_another_app_sees_the_account_all_the_same(graph: Graph) -> None:
    enter(graph, "access_token.other_app")
    assert await graph.read(f"/v25.0/{graph.values.waba_id}")
    assert (await graph.read("/v25.0/app"))["id"] != graph.values.app_id


@pytest.mark.parametrize(
    ("name", "seconds"),
    [("access_token.expires_soon", 1800), ("access_token.expires_soon/long_lived", 3 * DAY)],
)
async def test_a_token_about_to_end_still_works(graph: Graph, name: str, seconds: float) -> None:
    enter(graph, name)
    assert graph.values.access_token
    data = (await graph.inspect(graph.values.access_token.reveal())).json()["data"]
    assert (data["is_valid"], data["expires_at"] - NOON) == (True, seconds)


@each_line(
    ("name", "status", "body"),
    [
        ("graph.not_json", 200, "<!DOCTYPE html>"),
        ("graph.not_json/redirect", 302, ""),
        ("graph.not_json/empty", 200, ""),
        ("graph.not_json/cut_short", 200, '{"id":"'),
        ("graph.server_error/html", 502, "<!DOCTYPE html>"),
        ("graph.rate_limited/bare", 429, ""),
    ],
)
async def test_what_answers_is_not_graph(graph: Graph, name: str, status: int, body: str) -> None:
    enter(graph, name)
    answer = await graph.ask("/v25.0/me")
    assert (answer.status_code, "facebook-api-version" in answer.headers) == (status, False)
    assert answer.text.startswith(body)
    with pytest.raises(ValueError, match=r"Expecting|Unterminated"):
        answer.json()


async def test_a_followed_redirect_ends_on_the_wifis_page(graph: Graph) -> None:
    enter(graph, "graph.not_json/redirect")
    answer = await graph.stage.client.get("/v25.0/me", follow_redirects=True)
    assert "Wi-Fi" in answer.text


async def test_an_accounts_limit_leaves_the_app_alone(graph: Graph) -> None:
    enter(graph, "graph.rate_limited/waba")
    assert (await graph.ask("/v25.0/app")).status_code == 200


async def test_a_hanging_graph_ends_in_the_clients_patience(graph: Graph) -> None:
    enter(graph, "graph.timeout")
    with pytest.raises(httpx.ReadTimeout):
        await graph.stage.client.get("/v25.0/me", timeout=0.05)


@pytest.mark.parametrize("asked", ["v25.0", "v26.0"])
async def test_years_later_another_version_answers(graph: Graph, asked: str) -> None:
    enter(graph, "graph.version_retired")
    answer = await graph.ask(f"/{asked}/me")
    assert answer.status_code == 200
    assert answer.headers["facebook-api-version"] == "v40.0"


@each_line("name", ["graph.dns", "graph.connect", "graph.tls", "graph.insecure"])
async def test_where_the_victim_looks_nobody_answers(graph: Graph, name: str) -> None:
    address = SCENARIOS[name].address(str(graph.stage.client.base_url))
    with pytest.raises(httpx.ConnectError):
        await graph.stage.client.get(f"{address}/v25.0/me")
