"""Photos and documents: albums, sizes, identifiers, types, limits; and messages carried from chat to chat."""

from typing import Any

import pytest
from aiogram.types import Update

from infra.local.telegram import Paper, Person
from infra.local.telegram.files import MAX_DOWNLOAD
from infra.local.telegram.person import NotSeenError
from tests.local.telegram.bench import MASTER, TOKEN, Bench, picture

GROUP = -100500
HEIC = Paper("IMG_0001.HEIC", b"\0\0\0\x18ftypheic" + b"x" * 100)


@pytest.fixture
async def master(dialogue: Bench) -> Person:
    await dialogue.open_webhook()
    return Person(dialogue.http, "http://telegram.test", MASTER)


async def heard(bench: Bench, person: Person, count: int) -> list[dict[str, Any]]:
    """The last messages that were delivered, proven to be such that aiogram reads them."""
    await person.settles()
    updates = bench.bot.received[-count:]
    for update in updates:
        Update.model_validate(update)
    return [update["message"] for update in updates]


async def test_an_album_is_one_update_for_each_photo(dialogue: Bench, master: Person):
    photos = [picture(color) for color in ("red", "green", "blue")]
    await master.sends_photos(photos, "Скол на корпусе")
    messages = await heard(dialogue, master, 3)
    assert len({message["media_group_id"] for message in messages}) == 1
    assert [message.get("caption") for message in messages] == ["Скол на корпусе", None, None]
    assert len({message["photo"][-1]["file_unique_id"] for message in messages}) == 3
    ids = [update["update_id"] for update in dialogue.bot.received[-3:]]
    assert ids == sorted(ids)


async def test_one_photo_is_no_album(dialogue: Bench, master: Person):
    await master.sends_photos([picture()])
    (message,) = await heard(dialogue, master, 1)
    assert "media_group_id" not in message


async def test_the_same_bytes_are_the_same_file_and_yet_sent_anew(dialogue: Bench, master: Person):
    await master.sends_photos([picture("red"), picture("red")])
    first, second = (message["photo"][-1] for message in await heard(dialogue, master, 2))
    assert first["file_unique_id"] == second["file_unique_id"]
    assert first["file_id"] != second["file_id"]


@pytest.mark.parametrize(
    ("size", "widths"), [((60, 40), [60]), ((120, 80), [90, 120]), ((1000, 500), [90, 320, 800, 1000])]
)
async def test_a_photo_comes_in_sizes(dialogue: Bench, master: Person, size: tuple[int, int], widths: list[int]):
    await master.sends_photos([picture(size=size)])
    (message,) = await heard(dialogue, master, 1)
    assert [copy["width"] for copy in message["photo"]] == widths
    assert len({copy["file_unique_id"] for copy in message["photo"]}) == len(widths)


async def test_documents_tell_name_type_and_size(dialogue: Bench, master: Person):
    papers = [HEIC, Paper("чек.pdf", b"%PDF"), Paper("x", b"?"), Paper("фото.png", picture(), "image/png")]
    await master.sends_files(papers, "Фото и чек")
    messages = await heard(dialogue, master, 4)
    told = [(message["document"]["file_name"], message["document"]["mime_type"]) for message in messages]
    assert told == [
        ("IMG_0001.HEIC", "image/heic"),
        ("чек.pdf", "application/pdf"),
        ("x", "application/octet-stream"),
        ("фото.png", "image/png"),
    ]
    assert messages[0]["document"]["file_size"] == len(HEIC.content)
    assert messages[0]["caption"] == "Фото и чек"
    assert len({message["media_group_id"] for message in messages}) == 1
    assert "image/heic" in str((await dialogue.chat())["messages"][-4]["document"])


async def test_a_document_is_downloaded(dialogue: Bench, master: Person):
    await master.sends_files([HEIC])
    (message,) = await heard(dialogue, master, 1)
    file = await dialogue.result("getFile", file_id=message["document"]["file_id"])
    assert file["file_unique_id"] == message["document"]["file_unique_id"]
    response = await dialogue.http.get(f"/file/bot{TOKEN}/{file['file_path']}")
    assert response.content == HEIC.content
    assert (await dialogue.http.get(f"/file/bot4242:other/{file['file_path']}")).status_code == 401


async def test_a_file_over_20_mb_is_sent_but_not_given_to_the_bot(dialogue: Bench, master: Person):
    await master.sends_files([Paper("съёмка.mp4", b"x" * (MAX_DOWNLOAD + 1))])
    (message,) = await heard(dialogue, master, 1)
    assert message["document"]["file_size"] == MAX_DOWNLOAD + 1
    file_id = message["document"]["file_id"]
    assert await dialogue.refusal("getFile", file_id=file_id) == "Bad Request: file is too big"


@pytest.mark.parametrize("papers", [[], [HEIC] * 11, [Paper("пусто.txt", b"")]])
async def test_files_that_can_not_be_sent(master: Person, papers: list[Paper]):
    with pytest.raises(NotSeenError, match="400"):
        await master.sends_files(papers)


async def test_a_heic_is_no_photo(master: Person):
    with pytest.raises(NotSeenError, match="IMAGE_PROCESS_FAILED"):
        await master.sends_photos([HEIC.content])


async def test_a_form_of_the_page_says_where_and_what(dialogue: Bench):
    thread = (await dialogue.result("createForumTopic", chat_id=GROUP, name="x"))["message_thread_id"]
    fields = {"user_id": "900001", "chat_id": str(GROUP), "message_thread_id": str(thread), "as_document": "1"}
    response = await dialogue.http.post(
        "/_sim/photos", data=fields, files=[("files", ("a.bin", b"abc", "application/zip"))]
    )
    assert response.status_code == 200
    last = (await dialogue.chat(GROUP))["messages"][-1]
    assert (last["thread_id"], last["document"]["mime"]) == (thread, "application/zip")


async def test_the_bot_sends_documents(dialogue: Bench, master: Person):
    await master.sends_files([HEIC])
    (message,) = await heard(dialogue, master, 1)
    document = message["document"]
    again = await dialogue.result("sendDocument", chat_id=MASTER, document=document["file_id"], caption="Ваше")
    assert (again["document"], again["caption"]) == (document, "Ваше")
    upload = await dialogue.http.post(
        f"/bot{TOKEN}/sendDocument", data={"chat_id": MASTER}, files={"document": ("счёт.pdf", b"%PDF")}
    )
    assert upload.json()["result"]["document"]["mime_type"] == "application/pdf"
    album = [{"type": "document", "media": document["file_id"]}] * 2
    assert len(await dialogue.result("sendMediaGroup", chat_id=MASTER, media=album)) == 2
    mixed = [album[0], {"type": "photo", "media": "x"}]
    assert "can't be mixed" in await dialogue.refusal("sendMediaGroup", chat_id=MASTER, media=mixed)
    assert "expected an Object" in await dialogue.refusal("sendMediaGroup", chat_id=MASTER, media=[1, 2])
    assert "no document" in await dialogue.refusal("sendDocument", chat_id=MASTER)
    assert "wrong file" in await dialogue.refusal("sendDocument", chat_id=MASTER, document="x")
    await master.sends_photos([picture()])
    (message,) = await heard(dialogue, master, 1)
    photo = message["photo"][-1]["file_id"]
    assert "type Photo as Document" in await dialogue.refusal("sendDocument", chat_id=MASTER, document=photo)


async def test_the_bot_sends_places(dialogue: Bench):
    sent = await dialogue.result("sendLocation", chat_id=MASTER, latitude=56.86, longitude=35.92)
    assert sent["location"] == {"latitude": 56.86, "longitude": 35.92}
    for bad in ({"latitude": "x", "longitude": 1}, {"latitude": 91, "longitude": 1}):
        assert "location is empty" in await dialogue.refusal("sendLocation", chat_id=MASTER, **bad)


async def test_silent_and_protected_messages(dialogue: Bench):
    sent = await dialogue.result(
        "sendMessage", chat_id=MASTER, text="Статус", disable_notification=True, protect_content=True
    )
    assert sent["has_protected_content"]
    last = (await dialogue.chat())["messages"][-1]
    assert (last["silent"], last["protected"]) == (True, True)
    carry = {"chat_id": GROUP, "from_chat_id": MASTER, "message_id": sent["message_id"]}
    assert await dialogue.refusal("copyMessage", **carry) == "Bad Request: the message can't be copied"
    assert await dialogue.refusal("forwardMessage", **carry) == "Bad Request: the message can't be forwarded"


async def test_an_album_is_carried_as_one(dialogue: Bench, master: Person):
    sent = await master.sends_photos([picture("red"), picture("blue")], "Скол")
    ids = [*sent["message_ids"], 999_999]
    where = {"chat_id": GROUP, "from_chat_id": MASTER}
    copied = await dialogue.result("copyMessages", message_ids=ids, **where)
    assert len(copied) == 2
    await dialogue.result("forwardMessages", message_ids=ids, **where)
    view = (await dialogue.chat(GROUP))["messages"]
    assert [message["forwarded"] for message in view] == [False, False, True, True]
    assert len({message["media_group_id"] for message in view}) == 2
    assert "no messages to copy" in await dialogue.refusal("copyMessages", message_ids=[999_999], **where)


@pytest.mark.parametrize("ids", ["{", {}, ["x"], [], list(range(101))])
async def test_bad_lists_of_messages(dialogue: Bench, ids: Any):
    assert "message identifiers" in await dialogue.refusal("deleteMessages", chat_id=MASTER, message_ids=ids)


async def test_anothers_card_says_whose_only_if_that_is_known(dialogue: Bench, master: Person):
    await master.shares_contact()
    await master.shares_contact(phone_number="+79990001122")
    await master.shares_contact(phone_number="+79990001122", first_name="Пётр", user_id=777)
    own, unknown, other = (message["contact"] for message in await heard(dialogue, master, 3))
    assert own["user_id"] == MASTER
    assert "user_id" not in unknown
    assert other["user_id"] == 777
