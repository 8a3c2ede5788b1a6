"""What the Bot API refuses, in its own words."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from infra.local.telegram import ChatLimit, TelegramOptions
from infra.local.telegram.files import MAX_DOWNLOAD
from tests.local.telegram.bench import MASTER, TOKEN, Bench, picture

NOT_MODIFIED = (
    "Bad Request: message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)


def inline(*buttons: dict[str, Any]) -> dict[str, Any]:
    return {"inline_keyboard": [list(buttons)]}


async def send(bench: Bench, **params: Any) -> str:
    """Refusal of a message to the master."""
    return await bench.refusal("sendMessage", **({"chat_id": MASTER, "text": "x"} | params))


async def sent(bench: Bench, **params: Any) -> int:
    return int((await bench.result("sendMessage", **({"chat_id": MASTER, "text": "x"} | params)))["message_id"])


@pytest.mark.parametrize(
    ("params", "reason"),
    [
        ({"text": ""}, "message text is empty"),
        ({"text": " \n "}, "text must be non-empty"),
        ({"text": "<b></b>", "parse_mode": "HTML"}, "text must be non-empty"),
        ({"text": "ж" * 4097}, "message is too long"),
        ({"text": "🔧" * 2049}, "message is too long"),
        ({"text": "x" * 33_000}, "text is too long"),
        ({"text": "x", "parse_mode": "BBCode"}, "unsupported parse_mode"),
        ({"text": "x", "parse_mode": "MarkdownV2"}, "can't parse entities: the simulator reads parse_mode=HTML only"),
        ({"chat_id": ""}, "chat_id is empty"),
        ({"chat_id": "@nobody"}, "chat not found"),
        ({"chat_id": 777}, "chat not found"),
        ({"reply_parameters": {"message_id": 9999}}, "message to be replied not found"),
        ({"reply_markup": "{"}, "can't parse reply keyboard markup JSON object"),
        ({"reply_markup": []}, "object expected as reply markup"),
    ],
)
async def test_messages(dialogue: Bench, params: dict[str, Any], reason: str):
    assert await send(dialogue, **params) == f"Bad Request: {reason}"


async def test_the_longest_texts_are_taken(dialogue: Bench):
    await sent(dialogue, text="🔧" * 2048)
    await sent(dialogue, text="<b>" + "ж" * 4096 + "</b>", parse_mode="HTML")
    photo = (await upload(dialogue, caption="ж" * 1024)).json()
    assert photo["ok"]
    assert (await upload(dialogue, caption="ж" * 1025)).json()["description"] == (
        "Bad Request: message caption is too long"
    )


async def test_a_missing_answered_message_can_be_forgiven(dialogue: Bench):
    await sent(dialogue, reply_parameters={"message_id": 9999, "allow_sending_without_reply": True})


@pytest.mark.parametrize(
    ("markup", "reason"),
    [
        (
            inline({"text": "x"}),
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
        ),
        (inline({"callback_data": "x"}), "can't parse inline keyboard button: Can't find field \"text\""),
        (
            inline({"text": 5, "callback_data": "x"}),
            'can\'t parse inline keyboard button: Field "text" must be of type String',
        ),
        (inline({"text": " ", "callback_data": "x"}), "inline keyboard button text must be non-empty"),
        (inline({"text": "x", "callback_data": ""}), "BUTTON_DATA_INVALID"),
        (inline({"text": "x", "callback_data": "ж" * 33}), "BUTTON_DATA_INVALID"),
        (
            inline({"text": "x", "callback_data": "x", "url": "https://x.example"}),
            "can't parse inline keyboard button: exactly one action must be specified, found url, callback_data",
        ),
        (
            inline({"text": "x", "url": "ftp://x.example"}),
            "inline keyboard button URL 'ftp://x.example' is invalid: Unsupported URL protocol",
        ),
        (
            inline({"text": "x", "url": "http://localhost/x"}),
            "inline keyboard button URL 'http://localhost/x' is invalid: Wrong HTTP URL",
        ),
        (inline({"text": "x", "copy_text": {"text": ""}}), "BUTTON_COPY_TEXT_INVALID"),
        (
            inline({"text": "x", "callback_data": "x", "style": "pink"}),
            "can't parse inline keyboard button: invalid button style specified",
        ),
        (inline(*[{"text": "x", "callback_data": "x"}] * 9), "reply markup is too long"),
        ({"inline_keyboard": [[{"text": "x", "callback_data": "x"}]] * 101}, "reply markup is too long"),
        (
            {"inline_keyboard": ["x"]},
            'Field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays',
        ),
        ({"keyboard": [["x"] * 11]}, "reply markup is too long"),
        ({"keyboard": [[5]]}, "can't parse keyboard button: KeyboardButton must be a String or an Object"),
        ({"keyboard": [[""]]}, "keyboard button text must be non-empty"),
    ],
)
async def test_keyboards(dialogue: Bench, markup: dict[str, Any], reason: str):
    assert await send(dialogue, reply_markup=markup) == f"Bad Request: {reason}"


@pytest.mark.parametrize(
    "button",
    [
        {"text": "x", "callback_data": "x" * 64},
        {"text": "x", "url": "tg://user?id=1"},
        {"text": "x", "url": "http://127.0.0.1:8090/pay"},
        {"text": "x", "url": "shop.example:8080/x"},
        {"text": "x", "switch_inline_query_current_chat": ""},
        {"text": "x", "copy_text": {"text": "1"}},
        {"text": "x", "disabled": {}, "style": "success"},
    ],
)
async def test_good_buttons(dialogue: Bench, button: dict[str, Any]):
    await sent(dialogue, reply_markup=inline(button))


async def test_a_link_gets_its_scheme_and_path(dialogue: Bench):
    message = await dialogue.result(
        "sendMessage", chat_id=MASTER, text="x", reply_markup=inline({"text": "x", "url": "shop.example"})
    )
    assert message["reply_markup"]["inline_keyboard"][0][0]["url"] == "http://shop.example/"


async def edit(bench: Bench, message_id: int, method: str = "editMessageText", **params: Any) -> str:
    return await bench.refusal(method, chat_id=MASTER, message_id=message_id, **params)


async def test_edits(dialogue: Bench):
    message_id = await sent(dialogue, reply_markup=inline({"text": "x", "callback_data": "x"}))
    same = inline({"text": "x", "callback_data": "x"})
    assert await edit(dialogue, message_id, text="x", reply_markup=same) == NOT_MODIFIED
    assert await edit(dialogue, message_id, "editMessageReplyMarkup", reply_markup=same) == NOT_MODIFIED
    assert await edit(dialogue, 9999, text="y") == "Bad Request: message to edit not found"
    assert await edit(dialogue, 0, text="y") == "Bad Request: message identifier is not specified"
    assert await edit(dialogue, message_id, text="") == "Bad Request: message text is empty"
    assert await edit(dialogue, message_id, "editMessageCaption", caption="y") == (
        "Bad Request: there is no caption in the message to edit"
    )
    assert await edit(dialogue, message_id, text="y", reply_markup={"keyboard": [["x"]]}) == (
        "Bad Request: inline keyboard expected"
    )
    assert "media not found" in await edit(dialogue, message_id, "editMessageMedia")
    assert "is unsupported" in await edit(dialogue, message_id, "editMessageMedia", media={"type": "video"})


async def test_the_same_text_with_another_keyboard_is_an_edit(dialogue: Bench):
    message_id = await sent(dialogue, reply_markup=inline({"text": "x", "callback_data": "x"}))
    await dialogue.result("editMessageText", chat_id=MASTER, message_id=message_id, text="x")


async def test_the_masters_own_message_is_not_edited(dialogue: Bench):
    start = next(iter(dialogue.sim.world.chats[MASTER].messages))
    assert await edit(dialogue, start, text="y") == "Bad Request: message can't be edited"


async def test_a_photo_has_no_text(dialogue: Bench):
    message_id = (await upload(dialogue)).json()["result"]["message_id"]
    assert await edit(dialogue, message_id, text="y") == "Bad Request: there is no text in the message to edit"


async def test_old_messages_stay(dialogue: Bench):
    message_id = await sent(dialogue)
    await dialogue.clock.advance(timedelta(hours=49).total_seconds())
    refusal = await dialogue.refusal("deleteMessage", chat_id=MASTER, message_id=message_id)
    assert refusal == "Bad Request: message can't be deleted for everyone"


async def test_answers_to_taps(dialogue: Bench):
    await sent(dialogue, reply_markup=inline({"text": "Да", "callback_data": "x"}))
    tap = await dialogue.control("taps", user_id=MASTER, button="Да")
    query_id = tap["callback_id"]
    long = await dialogue.refusal("answerCallbackQuery", callback_query_id=query_id, text="🔧" * 101)
    assert long == "Bad Request: MESSAGE_TOO_LONG"
    assert "URL_INVALID" in await dialogue.refusal(
        "answerCallbackQuery", callback_query_id=query_id, url="https://x.example"
    )
    await dialogue.clock.advance(151)
    late = await dialogue.refusal("answerCallbackQuery", callback_query_id=query_id)
    assert late == "Bad Request: query is too old and response timeout expired or query ID is invalid"


async def test_answers_to_inline_queries(dialogue: Bench):
    async def refused(**params: object) -> str:
        asked = await dialogue.control("inline", user_id=MASTER, query="x")
        return await dialogue.refusal("answerInlineQuery", inline_query_id=asked["inline_query_id"], **params)

    content = {"message_text": "x"}
    article = {"type": "article", "id": "1", "title": "x", "input_message_content": content}
    assert "expected an Array" in await refused(results={})
    assert "too many inline query results" in await refused(results=[article | {"id": str(i)} for i in range(51)])
    assert "RESULT_ID_DUPLICATE" in await refused(results=[article, article])
    assert "RESULT_ID_INVALID" in await refused(results=[article | {"id": "x" * 65}])
    assert "must be an object" in await refused(results=[5])
    assert "content is not specified" in await refused(results=[{"type": "article", "id": "1", "title": "x"}])
    assert "NEXT_OFFSET_INVALID" in await refused(results=[], next_offset="x" * 65)
    assert "query is too old" in await dialogue.refusal("answerInlineQuery", inline_query_id="0", results=[])


async def test_an_unanswered_tap_is_a_spinner(dialogue: Bench):
    await sent(dialogue, reply_markup=inline({"text": "Да", "callback_data": "y"}))
    tap = await dialogue.control("taps", user_id=MASTER, button="Да")
    await dialogue.clock.advance(4)
    (spinner,) = (await dialogue.chat())["spinners"]
    assert (spinner["callback_id"], spinner["data"], spinner["age"]) == (tap["callback_id"], "y", 4)
    await dialogue.result("answerCallbackQuery", callback_query_id=tap["callback_id"])
    assert (await dialogue.chat())["spinners"] == []


async def test_a_blocked_bot(dialogue: Bench):
    await dialogue.control("blocks", user_id=MASTER, blocked=True)
    envelope = await dialogue.call("sendMessage", chat_id=MASTER, text="x")
    assert envelope == {"ok": False, "error_code": 403, "description": "Forbidden: bot was blocked by the user"}
    await dialogue.control("blocks", user_id=MASTER, blocked=False)
    await sent(dialogue)


async def test_a_stranger_is_not_written_to_first(bench: Bench):
    await bench.control("users", user_id=MASTER)
    assert await send(bench) == "Forbidden: bot can't initiate conversation with a user"


async def test_profile(bench: Bench):
    async def refused(*commands: object) -> str:
        return await bench.refusal("setMyCommands", commands=list(commands))

    assert await refused({"command": "Корзина", "description": "x"}) == "Bad Request: BOT_COMMAND_INVALID"
    assert "DESCRIPTION_INVALID" in await refused({"command": "cart", "description": "x" * 257})
    assert "TOO_MUCH" in await refused(*[{"command": "cart", "description": "x"}] * 101)
    assert "expected an Object" in await refused(5)
    assert "expected an Array" in await bench.refusal("setMyCommands", commands={"x": 1})
    assert "Unsupported type" in await bench.refusal("getMyCommands", scope={"type": "moon"})
    assert "DESCRIPTION_TOO_LONG" in await bench.refusal("setMyDescription", description="x" * 513)
    assert "unsupported type" in await bench.refusal("setChatMenuButton", menu_button={"type": "x"})
    assert "TOPIC_TITLE_EMPTY" in await bench.refusal("createForumTopic", chat_id=-100500, name="")


async def upload(bench: Bench, content: bytes | None = None, **data: object) -> httpx.Response:
    files = {"photo": ("x.png", picture() if content is None else content)}
    return await bench.http.post(f"/bot{TOKEN}/sendPhoto", data={"chat_id": MASTER, **data}, files=files)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "file must be non-empty"),
        (b"not a picture", "IMAGE_PROCESS_FAILED"),
        (b"x" * (10 * 1024 * 1024 + 1), "too big for a photo"),
        (picture(size=(2000, 90)), "PHOTO_INVALID_DIMENSIONS"),
    ],
)
async def test_photos(dialogue: Bench, content: bytes, reason: str):
    response = await upload(dialogue, content)
    assert response.status_code == 400
    assert reason in response.json()["description"]


@pytest.mark.parametrize(
    ("photo", "reason"),
    [
        ("", "there is no photo in the request"),
        ("AgACnobody", "wrong file identifier/HTTP URL specified"),
        ("https://pictures.example/x.png", "wrong file identifier/HTTP URL specified"),
        ("http://127.0.0.1:9/nothing.png", "failed to get HTTP URL content"),
    ],
)
async def test_references_to_photos(dialogue: Bench, photo: str, reason: str):
    assert await dialogue.refusal("sendPhoto", chat_id=MASTER, photo=photo) == f"Bad Request: {reason}"


async def test_files_to_download(dialogue: Bench):
    stored = dialogue.sim.world.files.document(b"x" * (MAX_DOWNLOAD + 1), "big.bin")
    assert await dialogue.refusal("getFile", file_id=stored.file_id) == "Bad Request: file is too big"
    assert await dialogue.refusal("getFile") == "Bad Request: file_id not specified"
    assert "wrong file_id" in await dialogue.refusal("getFile", file_id="x")
    assert (await dialogue.http.get(f"/file/bot{TOKEN}/{stored.path}")).status_code == 404
    assert (await dialogue.http.get(f"/file/bot1:x/{stored.path}")).status_code == 401


class TestChatLimit:
    """429 over the limit of a chat, in the body and in the header."""

    @pytest.fixture
    def options(self) -> TelegramOptions:
        return TelegramOptions(token=TOKEN, chat_limit=ChatLimit(2, 10))

    async def test_too_many(self, dialogue: Bench):
        await sent(dialogue)
        await dialogue.clock.advance(4)
        await sent(dialogue)
        response = await dialogue.http.post(f"/bot{TOKEN}/sendMessage", json={"chat_id": MASTER, "text": "x"})
        assert response.status_code == 429
        assert response.headers["retry-after"] == "6"
        assert response.json() == {
            "ok": False,
            "error_code": 429,
            "description": "Too Many Requests: retry after 6",
            "parameters": {"retry_after": 6},
        }
        await dialogue.clock.advance(6)
        await sent(dialogue)


async def test_scopes_and_the_menu_button(dialogue: Bench):
    commands = [{"command": "who", "description": "Кто это"}]

    async def refused(**scope: object) -> str:
        return await dialogue.refusal("setMyCommands", commands=commands, scope=scope)

    assert "chat not found" in await refused(type="chat", chat_id=-7)
    assert "user_id" in await refused(type="chat_member", chat_id=MASTER)
    assert "Unsupported type" in await refused(type="world")
    web_app = {"type": "web_app", "text": "Магазин"}
    assert "web_app must be" in await dialogue.refusal("setChatMenuButton", menu_button=web_app)
    assert "unsupported type" in await dialogue.refusal("setChatMenuButton", menu_button={"type": "x"})
    group = await dialogue.refusal("setChatMenuButton", chat_id=-100500, menu_button={"type": "commands"})
    assert group == "Bad Request: the method can be used only in private chats"
    await dialogue.result("setChatMenuButton", chat_id=MASTER, menu_button={"type": "default"})
    assert await dialogue.result("getChatMenuButton", chat_id=MASTER) == {"type": "default"}


async def test_the_page_offers_the_commands_of_the_narrowest_scope(dialogue: Bench):
    async def offered(chat_id: int) -> list[str]:
        about = (await dialogue.http.get(f"/_sim/about?chat_id={chat_id}")).json()
        return [command["command"] for command in about["commands"]]

    async def give(name: str, **more: object) -> None:
        await dialogue.result("setMyCommands", commands=[{"command": name, "description": name}], **more)

    assert await offered(MASTER) == []
    await give("start")
    assert await offered(MASTER) == await offered(-100500) == ["start"]
    await give("help", scope={"type": "all_private_chats"}, language_code="ru")
    await give("who", scope={"type": "chat", "chat_id": -100500})
    assert (await offered(MASTER), await offered(-100500)) == (["help"], ["who"])
