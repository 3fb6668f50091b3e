"""Creating, editing and deleting message templates.

https://developers.facebook.com/documentation/business-messaging/whatsapp/templates/template-management
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from wizard.simulator import errors
from wizard.simulator.graph_api import arguments, template_components
from wizard.simulator.graph_api.call import Call
from wizard.simulator.graph_api.cloud_errors import managed
from wizard.simulator.world.objects import Waba
from wizard.simulator.world.templates import NAMED, POSITIONAL, Template

CATEGORIES = ("AUTHENTICATION", "MARKETING", "UTILITY")
_FORMATS = (POSITIONAL, NAMED)
_MAX_TEMPLATES = 250
_FILTERS = ("status", "language", "category", "quality_score")


def listed(_call: Call, waba: Waba, params: Mapping[str, str]) -> list[Template]:
    """Those that the filters of a request leave; several words of one filter are a JSON list."""
    found = list(waba.templates)
    if wanted := params.get("name"):
        found = [one for one in found if wanted in one.name]
    if content := params.get("name_or_content"):
        found = [one for one in found if content in one.name or content in one.text_of("BODY")]
    for name in _FILTERS:
        if given := params.get(name):
            words = arguments.read(given)
            words = words if isinstance(words, list) else [given]
            attribute = "score" if name == "quality_score" else name
            found = [one for one in found if getattr(one, attribute) in words]
    return found


def summary(waba: Waba) -> dict[str, object]:
    """What stands beside the list where `summary` asks for it."""
    count = len(waba.templates)
    return {
        "total_count": count,
        "message_template_count": count,
        "message_template_limit": _MAX_TEMPLATES,
        "are_translations_complete": True,
    }


async def create(call: Call, waba: Waba) -> dict[str, object]:
    """The answer says `PENDING`; Meta then approves it at once, and says so to the callback."""
    asked = arguments.arguments(call)
    name, language = _name(asked), _language(asked)
    category = arguments.word(asked, "category", CATEGORIES) or arguments.needed(asked, "category")
    _check_new(waba, name, language)
    template = Template(
        call.meta.digits(f"template/{waba.id}/{name}/{language}/{call.meta.calls}", 16),
        name,
        language,
        category=category,
        scored_at=call.meta.now(),
    )
    _fill(template, asked, template_components.read(asked, category))
    waba.templates.append(template)
    _announce(call, waba, template)
    return {"id": template.id, "status": "PENDING", "category": category}


async def edit(call: Call, template: Template) -> dict[str, object]:
    """Puts what is given in the place of what was there."""
    asked, waba = arguments.arguments(call), waba_of(call, template)
    category = arguments.word(asked, "category", CATEGORIES)
    template.category, before = category or template.category, template.category
    if template.category != before:
        template.previous_category = before
    components = None
    if "components" in asked:
        components = template_components.read(asked, template.category)
    _fill(template, asked, components)
    _announce(call, waba, template)
    named = {"id": template.id, "name": template.name, "category": template.category}
    return {"success": True, **named}


async def delete(call: Call, waba: Waba) -> dict[str, object]:
    """By its name in all languages, or the one of an ID, or those of several."""
    asked = arguments.arguments(call)
    name, one = arguments.text(asked, "name"), arguments.text(asked, "hsm_id")
    several = [str(each) for each in arguments.items(asked, "hsm_ids") or ()]
    if not (name or one or several):
        raise errors.parameter_missing("name")
    gone = [
        template
        for template in waba.templates
        if (not name or template.name == name)
        and (not one or template.id == one)
        and (not several or template.id in several)
    ]
    if not gone:
        raise managed(
            2593002,
            "Message Template Not Found",
            "The message template that you tried to delete doesn't exist.",
        )
    waba.templates[:] = [template for template in waba.templates if template not in gone]
    return {"success": True}


async def upsert(call: Call, waba: Waba) -> dict[str, object]:
    """One authentication template in several languages, made or changed.

    https://developers.facebook.com/documentation/business-messaging/whatsapp/templates/authentication-templates/bulk-management
    """
    asked = arguments.arguments(call)
    name = _name(asked)
    category = arguments.word(asked, "category", ("AUTHENTICATION",)) or "AUTHENTICATION"
    done = []
    for language in arguments.items(asked, "languages") or [arguments.needed(asked, "languages")]:
        found = next((one for one in waba.templates if _is(one, name, str(language))), None)
        if found is None:
            made = call.meta.digits(f"template/{waba.id}/{name}/{language}/{call.meta.calls}", 16)
            found = Template(made, name, str(language), category=category)
            waba.templates.append(found)
        _fill(found, asked, template_components.read(asked, category))
        done.append({"id": found.id, "status": found.status, "language": found.language})
    return {"data": done}


def waba_of(call: Call, template: Template) -> Waba:
    return next(waba for waba in call.meta.wabas if template in waba.templates)


def _is(template: Template, name: str, language: str) -> bool:
    return (template.name, template.language) == (name, language)


def _fill(
    template: Template, asked: Mapping[str, Any], components: Sequence[dict[str, Any]] | None
) -> None:
    given = arguments.word(asked, "parameter_format", _FORMATS)
    if components is not None:
        names = template_components.check(components, given or template.parameter_format)
        template.components = list(components)
        template.parameter_format = given or (NAMED if names else POSITIONAL)
    for name in ("library_template_name", "sub_category"):
        if (told := arguments.text(asked, name)) is not None:
            setattr(template, name, told)
    if (seconds := asked.get("message_send_ttl_seconds")) is not None:
        template.message_send_ttl_seconds = int(seconds) if str(seconds).isdecimal() else None
    opted = arguments.flag(asked, "cta_url_link_tracking_opted_out")
    if opted is not None:
        template.cta_url_link_tracking_opted_out = opted


def _announce(call: Call, waba: Waba, template: Template) -> None:
    """https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/message_template_status_update"""
    value = {
        "event": template.status,
        "message_template_id": int(template.id),
        "message_template_name": template.name,
        "message_template_language": template.language,
        "reason": "NONE",
        "message_template_category": template.category,
    }
    call.meta.dispatcher.announce(waba, "message_template_status_update", value)


def _name(asked: Mapping[str, Any]) -> str:
    name = str(arguments.needed(asked, "name"))
    if not re.fullmatch(r"[a-z0-9_]{1,512}", name):
        raise managed(
            2388040 if len(name) > 512 else 2388072,
            "Message template name is not valid",
            "The name may have lowercase letters, digits and underscores, 512 at most.",
        )
    return name


def _language(asked: Mapping[str, Any]) -> str:
    language = str(arguments.needed(asked, "language"))
    if not re.fullmatch(r"[a-z]{2,3}(_[A-Z]{2,3})?", language):
        raise errors.bad_parameter(
            f'Param language is not a supported language - got "{language}".'
        )
    return language


def _check_new(waba: Waba, name: str, language: str) -> None:
    if any(_is(one, name, language) for one in waba.templates):
        raise managed(
            2388024,
            "Content in This Language Already Exists",
            f"There is already {language} content for this template. You can create a new template"
            " and try again.",
        )
    if len(waba.templates) >= _MAX_TEMPLATES:
        raise managed(
            2388019,
            "Message Template Limit Exceeded",
            f"An account may have {_MAX_TEMPLATES} message templates.",
        )
