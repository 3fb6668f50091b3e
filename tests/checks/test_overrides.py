"""A callback that goes before the app's is said with its level and both URLs, and what stands
under other kinds of object is said too."""

from __future__ import annotations

from dataclasses import replace

from tests.checks.foreign import APP, PHONE, WABA, Answers, number, served, statuses, world
from tests.tables import each_line
from wizard.checks import collect_report
from wizard.findings import Report, Status
from wizard.state import StoredWebhook

OF_APP, OTHER = "http://127.0.0.1:9/app", "http://127.0.0.1:9/other"
OBJECT = "whatsapp_business_account"


def hook(url: str = OF_APP, *fields: str, name: str = OBJECT, active: object = True) -> object:
    told = [{"name": one, "version": "v27.0"} for one in fields or ("messages",)]
    return {"object": name, "callback_url": url, "active": active, "fields": told}


def record(*hooks: object) -> Answers:
    return {f"{APP}/subscriptions": {"data": list(hooks)}}


def in_force(**levels: str) -> Answers:
    return {PHONE: number(PHONE, webhook_configuration={"application": OF_APP} | levels)}


OVERRIDES: list[tuple[str, Answers]] = [
    ("the number", in_force(phone_number=OTHER)),
    ("the number", in_force(phone_number=OTHER, whatsapp_business_account=OF_APP)),
    ("the WABA", in_force(whatsapp_business_account=OTHER)),
    (
        "the WABA",
        {
            f"{WABA}/subscribed_apps": {
                "data": [
                    {"whatsapp_business_api_data": {"id": "9"}, "override_callback_uri": OF_APP},
                    {"whatsapp_business_api_data": {"id": APP}, "override_callback_uri": OTHER},
                ]
            }
        },
    ),
]


async def doctored(answers: Answers, target: str | None = None) -> Report:
    async with served(answers) as server, world(server) as there:
        there.webhook = StoredWebhook(target, target)
        return await collect_report(there, ["record"])


def said(report: Report, id_: str) -> str:
    return next(one.evidence for one in report.findings if one.id == id_)


@each_line(("level", "answers"), OVERRIDES)
async def test_an_override_that_is_in_the_way_is_said_with_level_and_both_urls(
    level: str, answers: Answers
) -> None:
    report = await doctored({**record(hook()), **answers}, OF_APP)

    assert report.primary is not None
    assert report.primary.id == "webhook.overridden"
    assert all(part in report.primary.evidence for part in (level, OTHER, OF_APP))
    assert any("override_callback_uri" in line for line in report.primary.fix)
    assert any("subscribed_apps" in line for line in report.primary.fix)


@each_line(("level", "answers"), OVERRIDES)
async def test_an_override_that_is_meant_is_said_and_fails_nothing(
    level: str, answers: Answers
) -> None:
    for target in (OTHER, None):
        report = await doctored({**record(hook()), **answers}, target)

        assert report.primary is None
        evidence = said(report, "webhook.registered")
        assert all(part in evidence for part in (level, OTHER, OF_APP))
        assert ("webhook.overridden" in statuses(report)) is (target is None)


async def test_an_override_of_the_very_same_url_is_no_matter() -> None:
    report = await doctored({**record(hook()), **in_force(phone_number=OF_APP)}, OF_APP)

    assert report.primary is None
    assert "webhook.overridden" not in statuses(report)


async def test_where_the_app_has_none_an_override_is_said_all_the_same() -> None:
    report = await doctored({**record(), **in_force(phone_number=OTHER)}, OTHER)

    assert report.primary is not None
    assert report.primary.id == "webhook.not_registered"
    assert OTHER in report.primary.evidence


@each_line("name", ["user", "page", "instagram"])
async def test_a_callback_under_another_object_is_named(name: str) -> None:
    report = await doctored(record(hook(OTHER, name=name)))

    assert report.primary is not None
    assert report.primary.id == "webhook.not_registered"
    assert f'"{name}"' in report.primary.evidence
    assert OTHER in report.primary.evidence


async def test_beside_the_right_object_another_is_no_matter() -> None:
    report = await doctored(record(hook(OTHER, "feed", name="page"), hook()), OF_APP)

    assert report.primary is None
    assert "page" not in said(report, "webhook.registered")


async def test_messages_on_standby_are_a_fact_once_they_have_come() -> None:
    async with served(record(hook())) as server, world(server) as there:
        there.webhook = StoredWebhook(OF_APP, OF_APP, standby=True)
        report = await collect_report(there, ["record"])
        there.webhook = replace(there.webhook, standby=False)
        before = await collect_report(there, ["record"])

    found = {one.id: one for one in report.findings}
    assert found["webhook.standby"].status is Status.WARN
    assert "have arrived" in found["webhook.standby"].title
    assert "webhook.standby" not in statuses(before)
