"""The first message in: a link by which a phone writes to the business number."""

from __future__ import annotations

from urllib.parse import quote

from wizard.graph import GraphError
from wizard.world import World


async def wa_link(world: World, text: str = "hello") -> str | None:
    """The `wa.me` link of the world's number, `text` ready to be sent; `None` where Graph does not
    tell which number it is.

    https://faq.whatsapp.com/5913398998672934
    """
    values = world.values
    if values.phone_number_id is None or values.access_token is None:
        return None
    try:
        number = await world.graph.number(values.phone_number_id, values.access_token)
    except GraphError:
        return None
    digits = "".join(char for char in number.display if char.isdigit())
    return f"https://wa.me/{digits}?text={quote(text)}" if digits else None
