"""Media: uploaded, read, downloaded, deleted, and sent."""

from __future__ import annotations

import hashlib

import pytest

from tests.simulator.calls_out.callbacks import bearer
from tests.simulator.conftest import NOON, Graph
from tests.simulator.graph_api.everyday import bad, good
from tests.simulator.graph_api.test_messages import text
from tests.tables import each_line
from wizard.simulator.world.media import LIMITS, UPLOADED_FOR, MediaStore

pytestmark = pytest.mark.asyncio(loop_scope="session")

PICTURE = b"\xff\xd8\r\n--\r\n\r\nnot quite a picture\n"


async def uploaded(graph: Graph, content: bytes = PICTURE, kind: str = "image/jpeg") -> str:
    form = {"messaging_product": "whatsapp", "type": kind}
    files = {"file": ("menu.jpg", content, kind)}
    found = await good(graph, "POST", "{phone_number_id}/media", data=form, files=files)
    return str(found["id"])


async def test_what_was_uploaded_comes_back_byte_by_byte(graph: Graph) -> None:
    media_id = await uploaded(graph)
    told = await good(graph, "GET", media_id)
    digest = hashlib.sha256(PICTURE).hexdigest()
    assert (told["id"], told["sha256"], told["file_size"]) == (media_id, digest, str(len(PICTURE)))
    assert told["url"].startswith(str(graph.stage.client.base_url))
    answer = await graph.stage.client.get(told["url"], headers=bearer(graph))
    assert (answer.content, answer.headers["content-type"]) == (PICTURE, "image/jpeg")


async def test_a_download_asks_for_a_token_and_for_the_address_as_it_was_given(
    graph: Graph,
) -> None:
    url = (await good(graph, "GET", await uploaded(graph)))["url"]
    assert (await graph.stage.client.get(url)).status_code == 400
    other = url.replace("hash=", "hash=0")
    assert (await graph.stage.client.get(other, headers=bearer(graph))).status_code == 403


async def test_an_address_lasts_five_minutes_and_media_thirty_days(graph: Graph) -> None:
    media_id = await uploaded(graph)
    url = (await good(graph, "GET", media_id))["url"]
    graph.meta.token.expires_at = 0
    graph.meta.now = lambda: NOON + 301
    assert (await graph.stage.client.get(url, headers=bearer(graph))).status_code == 404
    graph.meta.now = lambda: NOON + UPLOADED_FOR
    assert (await bad(graph, "GET", media_id))["error_subcode"] == 33


async def test_a_deleted_one_is_gone(graph: Graph) -> None:
    media_id = await uploaded(graph)
    assert (await bad(graph, "DELETE", f"{media_id}?phone_number_id=1"))["code"] == 100
    path = f"{media_id}?phone_number_id={graph.values.phone_number_id}"
    assert await good(graph, "DELETE", path) == {"success": True}
    assert (await bad(graph, "GET", media_id))["error_subcode"] == 33


@each_line(
    ("files", "said"),
    [
        ({"file": ("a.bin", b"x", "application/octet-stream")}, "Received file of type"),
        ({"file": ("a.jpg", b"", "image/jpeg")}, "empty"),
        ({"other": ("a.jpg", b"x", "image/jpeg")}, "file is required"),
        ({"file": ("a.webp", bytes(LIMITS["image/webp"] + 1), "image/webp")}, "Media upload error"),
    ],
)
async def test_what_is_no_media_of_metas_is_refused(
    graph: Graph, files: dict[str, tuple[str, bytes, str]], said: str
) -> None:
    form = {"messaging_product": "whatsapp"}
    error = await bad(graph, "POST", "{phone_number_id}/media", data=form, files=files)
    assert said in error["message"]


async def test_a_form_without_its_product_is_refused(graph: Graph) -> None:
    files = {"file": ("a.jpg", b"x", "image/jpeg")}
    error = await bad(graph, "POST", "{phone_number_id}/media", files=files)
    assert "messaging_product" in error["message"]


async def test_a_message_bears_what_was_uploaded_for_its_account_and_nothing_else(
    graph: Graph,
) -> None:
    message = {**text(), "type": "image", "image": {"id": await uploaded(graph)}}
    await good(graph, "POST", "{phone_number_id}/messages", message)
    message["image"] = {"id": "123"}
    error = await bad(graph, "POST", "{phone_number_id}/messages", message)
    sentence = "(#100) Param image['id'] is not a valid whatsapp business account media"
    assert error["message"] == f"{sentence} attachment ID"


async def test_a_session_of_an_upload_ends_in_a_handle(graph: Graph) -> None:
    about = {"file_name": "a.jpg", "file_length": "4", "file_type": "image/jpeg"}
    session = await good(graph, "POST", "{app_id}/uploads", params=about)
    assert session["id"].startswith("upload:")
    headers = {**bearer(graph), "file_offset": "0"}
    url = f"/v23.0/{session['id']}"
    first = await graph.stage.client.post(url, content=b"ab", headers=headers)
    assert first.json()["file_offset"] == 2
    assert (await good(graph, "GET", session["id"]))["file_offset"] == 2
    wrong = await graph.stage.client.post(url, content=b"cd", headers=headers)
    assert wrong.status_code == 400
    headers["file_offset"] = "2"
    handle = (await graph.stage.client.post(url, content=b"cd", headers=headers)).json()["h"]
    profile = {"messaging_product": "whatsapp", "profile_picture_handle": handle}
    path = "{phone_number_id}/whatsapp_business_profile"
    assert await good(graph, "POST", path, profile) == {"success": True}
    profile["profile_picture_handle"] = "made up"
    assert (await bad(graph, "POST", path, profile))["code"] == 100


async def test_the_oldest_make_room() -> None:
    store = MediaStore("a seed")
    first = store.add("1", "video/mp4", bytes(300 * 1024 * 1024), 9)
    second = store.add("1", "video/mp4", bytes(300 * 1024 * 1024), 9)
    assert (store.find(first.id, 0), store.find(second.id, 0)) == (None, second)
