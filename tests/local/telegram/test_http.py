"""The ways a Bot API call may be sent, faults, and the control endpoints."""

import asyncio
import base64
import json
from typing import Any

import httpx
import pytest

from infra.local.telegram.params import MAX_BODY
from tests.local.telegram.bench import MASTER, TOKEN, Bench, picture

SEND = f"/bot{TOKEN}/sendMessage"
KEYBOARD = {
    "inline_keyboard": [[{"text": "Да", "callback_data": "yes"}, {"text": "Сайт", "url": "https://x.example/"}]]
}


@pytest.mark.parametrize("way", ["query", "form", "multipart", "json", "mixed"])
async def test_all_ways_mean_the_same(dialogue: Bench, way: str):
    values = {"chat_id": str(MASTER), "text": "1 + 1 = 2 & ж", "reply_markup": json.dumps(KEYBOARD)}
    ways: dict[str, dict[str, Any]] = {
        "query": {"params": values},
        "form": {"data": values},
        "multipart": {"data": values, "files": {"unused": ("x.txt", b"x")}},
        "json": {"json": values | {"chat_id": MASTER, "reply_markup": KEYBOARD, "entities": None}},
        "mixed": {"params": {"chat_id": "1", "text": "1"}, "data": values},
    }
    response = await dialogue.http.request("GET" if way == "query" else "POST", SEND, **ways[way])
    result = response.json()["result"]
    assert result["text"] == "1 + 1 = 2 & ж"
    assert result["reply_markup"] == KEYBOARD


async def test_names_of_methods_ignore_case(bench: Bench):
    assert (await bench.call("GETME"))["ok"]


async def test_unknown_methods(bench: Bench):
    response = await bench.http.get(f"/bot{TOKEN}/sendRocket")
    assert response.status_code == 404
    assert response.json() == {"ok": False, "error_code": 404, "description": "Not Found: method not found"}


@pytest.mark.parametrize("token", ["1:x", "нет"])
async def test_wrong_tokens(bench: Bench, token: str):
    response = await bench.http.get(f"/bot{token}/getMe")
    assert response.status_code == 401
    assert response.json() == {"ok": False, "error_code": 401, "description": "Unauthorized"}


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/json", b"{"),
        ("application/json", b"[1]"),
        ("multipart/form-data", b"x"),
        ("multipart/form-data; boundary=x", b"nonsense"),
    ],
)
async def test_unreadable_bodies(bench: Bench, kind: str, body: bytes):
    response = await bench.http.post(SEND, content=body, headers={"Content-Type": kind})
    assert response.status_code == 400
    assert response.json()["ok"] is False


async def test_too_big_a_body(bench: Bench):
    response = await bench.http.post(SEND, content=b"x" * (MAX_BODY + 1))
    assert response.status_code == 413


@pytest.mark.parametrize("photo", ["attach://pic", None])
async def test_attached_files(dialogue: Bench, photo: str | None):
    data = {"chat_id": str(MASTER)} | ({"photo": photo} if photo else {})
    files = {"pic" if photo else "photo": ("x.png", picture())}
    response = await dialogue.http.post(f"/bot{TOKEN}/sendPhoto", data=data, files=files)
    assert response.json()["result"]["photo"][-1]["width"] == 120


async def test_faults_hit_their_method_so_many_times(dialogue: Bench):
    await dialogue.control("faults", kind="429", count=2, method="sendMessage", retry_after=3)
    assert (await dialogue.call("getMe"))["ok"]
    statuses = [(await dialogue.http.post(SEND, json={"chat_id": MASTER, "text": "x"})).status_code for _ in range(3)]
    assert statuses == [429, 429, 200]
    assert (await dialogue.http.get("/_sim/faults")).json() == []


async def test_faults_can_be_taken_back(bench: Bench):
    await bench.control("faults", kind="500", count=5)
    assert (await bench.call("getMe"))["error_code"] == 500
    await bench.http.delete("/_sim/faults")
    assert (await bench.call("getMe"))["ok"]
    refused = await bench.http.post("/_sim/faults", json={"kind": "flood"})
    assert refused.status_code == 400
    assert "429" in refused.json()["kinds"]


async def test_a_held_request_gets_an_answer_in_the_end(bench: Bench):
    await bench.control("faults", kind="timeout")
    call = asyncio.create_task(bench.call("getMe"))
    await bench.clock.advance(69)
    assert not call.done()
    await bench.clock.advance(1)
    assert (await call)["error_code"] == 504


async def test_a_slow_request_is_done_later(dialogue: Bench):
    await dialogue.control("faults", kind="slow", retry_after=2)
    call = asyncio.create_task(dialogue.call("sendMessage", chat_id=MASTER, text="дошло"))
    await dialogue.clock.advance(1)
    assert not call.done()
    await dialogue.clock.advance(1)
    assert (await call)["ok"]
    assert (await dialogue.chat())["messages"][-1]["text"] == "дошло"


async def test_who_has_seen_a_chat_gets_only_the_news(dialogue: Bench):
    ids = [(await dialogue.result("sendMessage", chat_id=MASTER, text=text))["message_id"] for text in ("1", "2", "3")]
    before = await dialogue.chat()
    await dialogue.result("editMessageText", chat_id=MASTER, message_id=ids[0], text="один")
    await dialogue.result("pinChatMessage", chat_id=MASTER, message_id=ids[1])
    news = (await dialogue.http.get(f"/_sim/chats/{MASTER}?since={before['version']}&news=1")).json()
    assert [message["id"] for message in news["messages"]] == ids[:2]
    assert set(ids) <= set(news["present"])
    assert before["present"] == [message["id"] for message in before["messages"]]


async def test_who_looks_for_words_is_answered_when_they_are_there(dialogue: Bench):
    since = (await dialogue.chat())["version"]
    address = f"/_sim/chats/{MASTER}?since={since}&news=1&shows=готово&shows=отказ"
    looking = asyncio.create_task(dialogue.http.get(address))
    await dialogue.result("sendMessage", chat_id=MASTER, text="минуту")
    await dialogue.control("messages", user_id=MASTER, text="готово?")
    done, _ = await asyncio.wait([looking], timeout=0.05)
    assert not done
    button = {"inline_keyboard": [[{"text": "готово", "callback_data": "x"}]]}
    await dialogue.result("sendMessage", chat_id=MASTER, text="вот", reply_markup=button)
    assert [message["text"] for message in (await looking).json()["messages"]] == ["минуту", "готово?", "вот"]
    again = (await dialogue.http.get(address)).json()
    assert again["messages"][-1]["text"] == "вот"


async def test_a_dropped_answer_in_process(dialogue: Bench):
    await dialogue.control("faults", kind="drop_answer")
    with pytest.raises(httpx.ReadError):
        await dialogue.call("sendMessage", chat_id=MASTER, text="дошло")
    assert (await dialogue.chat())["messages"][-1]["text"] == "дошло"


async def test_a_chat_is_shown_with_its_history(dialogue: Bench):
    sent = await dialogue.result(
        "sendMessage", chat_id=MASTER, text="<b>1</b>", parse_mode="HTML", reply_markup=KEYBOARD
    )
    await dialogue.result("editMessageText", chat_id=MASTER, message_id=sent["message_id"], text="2")
    await dialogue.result("editMessageText", chat_id=MASTER, message_id=sent["message_id"], text="3")
    await dialogue.result("sendChatAction", chat_id=MASTER, action="typing")
    view = await dialogue.chat()
    message = view["messages"][-1]
    assert message["original"]["html"] == "<b>1</b>"
    assert message["original"]["buttons"] == [
        [{"text": "Да", "data": "yes"}, {"text": "Сайт", "url": "https://x.example/"}]
    ]
    assert [look["text"] for look in message["edits"]] == ["2", "3"]
    assert message["text"] == "3"
    assert [action["action"] for action in view["chat_actions"]] == ["typing"]
    assert view["user"]["first_name"]
    assert [update["kind"] for update in view["pending"]] == ["message"]


async def test_deleted_messages_are_set_aside(dialogue: Bench):
    sent = await dialogue.result("sendMessage", chat_id=MASTER, text="x", reply_markup=KEYBOARD)
    await dialogue.result("deleteMessage", chat_id=MASTER, message_id=sent["message_id"])
    view = await dialogue.chat()
    assert [message["text"] for message in view["messages"]] == ["/start"]
    assert [message["text"] for message in view["deleted"]] == ["x"]
    tap = await dialogue.control("taps", user_id=MASTER, data="yes")
    assert tap["message_id"] == sent["message_id"]
    query = (await dialogue.result("getUpdates"))[-1]["callback_query"]
    assert query["message"]["date"] == 0


async def test_taps(dialogue: Bench):
    first = await dialogue.result("sendMessage", chat_id=MASTER, text="1", reply_markup=KEYBOARD)
    second = await dialogue.result("sendMessage", chat_id=MASTER, text="2", reply_markup=KEYBOARD)
    assert (await dialogue.control("taps", user_id=MASTER, button="Да"))["message_id"] == second["message_id"]
    older = await dialogue.control("taps", user_id=MASTER, button="Да", message_id=first["message_id"])
    assert older["message_id"] == first["message_id"]
    assert (await dialogue.control("taps", user_id=MASTER, button="Сайт"))["url"] == "https://x.example/"
    missing = await dialogue.http.post("/_sim/taps", json={"user_id": MASTER, "button": "Нет"})
    assert missing.status_code == 404
    assert [button["text"] for button in missing.json()["buttons"]] == ["Да", "Сайт"] * 2
    never = await dialogue.http.post("/_sim/taps", json={"user_id": MASTER, "data": "no"})
    assert never.status_code == 404


async def test_answers_are_shown(dialogue: Bench):
    await dialogue.result("sendMessage", chat_id=MASTER, text="1", reply_markup=KEYBOARD)
    tap = await dialogue.control("taps", user_id=MASTER, button="Да")
    await dialogue.result("answerCallbackQuery", callback_query_id=tap["callback_id"], text="Готово", show_alert=True)
    (toast,) = (await dialogue.chat())["toasts"]
    assert (toast["text"], toast["alert"], toast["data"]) == ("Готово", True, "yes")


async def test_waiting_for_the_bot(bench: Bench):
    await bench.open_webhook()
    done = await bench.control("messages", user_id=MASTER, text="x", wait=True)
    assert done["settled"] is True
    assert bench.bot.ids == [done["update_id"]]
    await bench.result("deleteWebhook")
    late = await bench.control("messages", user_id=MASTER, text="x", wait=True, within=0.05)
    assert late["settled"] is False
    view = (await bench.http.get(f"/_sim/chats/{MASTER}?settled=1&within=0.05")).json()
    assert view["settled"] is False


async def test_waiting_for_a_change(dialogue: Bench):
    version = (await dialogue.chat())["version"]
    waiting = asyncio.create_task(dialogue.http.get(f"/_sim/chats/{MASTER}?since={version}&within=5"))
    await dialogue.clock.settle()
    assert not waiting.done()
    await dialogue.result("sendMessage", chat_id=MASTER, text="новое")
    assert (await waiting).json()["messages"][-1]["text"] == "новое"
    idle = (await dialogue.chat())["version"]
    same = (await dialogue.http.get(f"/_sim/chats/{MASTER}?since={idle}&within=0.05")).json()
    assert same["version"] == idle


async def test_photos_in_every_form(dialogue: Bench):
    encoded = base64.b64encode(picture()).decode()
    one = await dialogue.control("photos", user_id=MASTER, files=[encoded], caption="Одно")
    assert len(one["message_ids"]) == 1
    two = await dialogue.control("photos", user_id=MASTER, files=[encoded, {"name": "b.png", "base64": encoded}])
    assert len(two["update_ids"]) == 2
    multipart = await dialogue.http.post(
        "/_sim/photos",
        data={"user_id": str(MASTER), "caption": "Форма"},
        files=[("files", ("a.png", picture())), ("files", ("b.png", picture("red")))],
    )
    assert len(multipart.json()["message_ids"]) == 2
    updates = [item["message"] for item in await dialogue.result("getUpdates") if "photo" in item["message"]]
    groups = [message.get("media_group_id") for message in updates]
    assert groups[0] is None
    assert groups[1] == groups[2] != groups[3] == groups[4]
    shown = (await dialogue.chat())["messages"][-1]["photo"]
    assert (await dialogue.http.get(shown)).content == picture("red")
    assert (await dialogue.http.get("/_sim/files/nothing")).status_code == 404


async def test_uncompressed_photos(dialogue: Bench):
    heic = {"name": "IMG_1.HEIC", "base64": base64.b64encode(b"heic").decode()}
    await dialogue.control("photos", user_id=MASTER, files=[heic], as_document=True)
    document = (await dialogue.result("getUpdates"))[-1]["message"]["document"]
    assert (document["file_name"], document["file_size"]) == ("IMG_1.HEIC", 4)
    refused = await dialogue.refusal("sendPhoto", chat_id=MASTER, photo=document["file_id"])
    assert refused == "Bad Request: can't use file of type Document as Photo"


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("messages", {"text": "x"}, 400),
        ("messages", {"user_id": "кто", "text": "x"}, 400),
        ("messages", {"user_id": MASTER}, 400),
        ("messages", {"user_id": MASTER, "text": "x" * 4097}, 400),
        ("messages", {"user_id": MASTER, "text": "x", "chat_id": -1}, 404),
        ("messages", [], 400),
        ("photos", {"user_id": MASTER}, 400),
        ("photos", {"user_id": MASTER, "files": ["!"]}, 400),
        ("photos", {"user_id": MASTER, "files": ["eA=="]}, 400),
        ("inline/choices", {"user_id": MASTER, "inline_query_id": "1", "result_id": "1"}, 404),
    ],
)
async def test_senseless_control_calls(bench: Bench, path: str, body: object, status: int):
    response = await bench.http.post(f"/_sim/{path}", json=body)
    assert response.status_code == status
    assert response.json()["error"]


async def test_half_a_surrogate_pair_is_refused_before_it_stands_in_a_dialogue(dialogue: Bench):
    half = f'{{"user_id": {MASTER}, "text": "\\ud83d"}}'
    assert (await dialogue.http.post("/_sim/messages", content=half)).status_code == 400
    assert (await dialogue.http.get(f"/_sim/chats/{MASTER}")).status_code == 200


async def test_a_dialogue_can_start_anew(dialogue: Bench):
    await dialogue.http.delete(f"/_sim/chats/{MASTER}")
    view = await dialogue.chat()
    assert (view["messages"], view["pending"], view["user"]["started"]) == ([], [], False)
    assert (await dialogue.http.get("/_sim/chats/-1")).status_code == 404


async def test_everything_can_start_anew(dialogue: Bench):
    await dialogue.open_webhook()
    await dialogue.control("messages", user_id=MASTER, text="в группе", chat_id=-100500)
    await dialogue.control("faults", kind="500")
    assert (await dialogue.http.delete("/_sim/chats")).json() == {}
    assert (await dialogue.http.get("/_sim/users")).json() == []
    assert (await dialogue.chat(-100500))["messages"] == []
    assert (await dialogue.http.get("/_sim/updates")).json()["updates"] == []
    assert (await dialogue.result("getWebhookInfo"))["url"]


async def test_an_operator_answers_in_the_group(dialogue: Bench):
    topic = await dialogue.result("createForumTopic", chat_id=-100500, name="Клиент")
    thread = topic["message_thread_id"]
    asked = await dialogue.result(
        "sendMessage", chat_id=-100500, text="Вопрос", message_thread_id=thread, reply_markup=KEYBOARD
    )
    words = {"text": "Ответ", "chat_id": -100500, "reply_to": asked["message_id"], "message_thread_id": thread}
    await dialogue.control("messages", user_id=9, **words)
    await dialogue.control("taps", user_id=9, chat_id=-100500, button="Да")
    said, tapped = (await dialogue.result("getUpdates"))[-2:]
    assert said["message"]["reply_to_message"]["text"] == "Вопрос"
    assert said["message"]["message_thread_id"] == thread
    assert said["message"]["chat"] == {"id": -100500, "type": "supergroup", "title": "Операторы", "is_forum": True}
    assert tapped["callback_query"]["from"]["id"] == 9


@pytest.mark.parametrize(
    ("name", "reason"),
    [("page.html", "wrong type of the web page content"), ("big.png", "failed to get HTTP URL content")],
)
async def test_bad_pictures_by_address(dialogue: Bench, name: str, reason: str):
    refusal = await dialogue.refusal("sendPhoto", chat_id=MASTER, photo=f"http://localhost:9/files/{name}")
    assert refusal == f"Bad Request: {reason}"


async def test_a_picture_by_address(dialogue: Bench):
    message = await dialogue.result("sendPhoto", chat_id=MASTER, photo="http://127.0.0.1:9/files/card.png")
    assert message["photo"][-1]["width"] == 120


async def test_entities_of_the_call(dialogue: Bench):
    entities = [
        {"type": "bold", "offset": 0, "length": 2},
        {"type": "text_link", "offset": 3, "length": 99, "url": "https://x.example/"},
        {"type": "hashtag", "offset": 0, "length": 2},
        {"type": "italic", "offset": 50, "length": 2},
    ]
    message = await dialogue.result("sendMessage", chat_id=MASTER, text="🔧 сайт", entities=entities)
    assert message["entities"] == [entities[0], entities[1] | {"length": 4}]
    view = (await dialogue.chat())["messages"][-1]
    assert view["html"] == '<b>🔧</b> <a href="https://x.example/">сайт</a>'
    bad = {"type": "bold", "length": 2}
    refusal = await dialogue.refusal("sendMessage", chat_id=MASTER, text="x", entities=[bad])
    assert refusal.startswith("Bad Request: can't parse MessageEntity")


async def test_what_telegram_marks_by_itself(dialogue: Bench):
    text = "см. https://x.example/a?b=1 или /cart, пишите @master_bot"
    message = await dialogue.result("sendMessage", chat_id=MASTER, text=text)
    marked = [(e["type"], text[e["offset"] : e["offset"] + e["length"]]) for e in message["entities"]]
    assert marked == [("url", "https://x.example/a?b=1"), ("bot_command", "/cart"), ("mention", "@master_bot")]


async def test_people_have_names(bench: Bench):
    named = await bench.control("users", user_id=7, first_name="Глеб", last_name="", username="gleb")
    assert named["first_name"] == "Глеб"
    await bench.control("messages", user_id=7, text="x")
    sender = (await bench.result("getUpdates"))[0]["message"]["from"]
    assert sender == {"id": 7, "is_bot": False, "first_name": "Глеб", "username": "gleb", "language_code": "ru"}
    assert [user["id"] for user in (await bench.http.get("/_sim/users")).json()] == [7]


async def test_nobody_is_made_without_an_id(bench: Bench):
    answer = await bench.http.post("/_sim/users", json={"first_name": "Глеб"})
    assert (answer.status_code, (await bench.http.get("/_sim/users")).json()) == (400, [])


async def test_the_log_of_updates(dialogue: Bench):
    await dialogue.open_webhook()
    await dialogue.clock.settle()
    log = (await dialogue.http.get("/_sim/updates")).json()
    assert log["statistics"] == {"pending": 0, "delivered": 1, "polled": 0, "dropped": 0, "failed_attempts": 0}
    (update,) = log["updates"]
    assert [attempt["outcome"] for attempt in update["attempts"]] == ["200"]
    assert update["body"]["message"]["text"] == "/start"


async def test_the_page_and_what_it_asks_for(bench: Bench):
    page = await bench.http.get("/")
    assert "default-src 'self'" in page.headers["content-security-policy"]
    for path in ("chat.js", "render.js", "side.js", "chat.css"):
        assert (await bench.http.get(f"/static/{path}")).status_code == 200
    about = (await bench.http.get("/_sim/about")).json()
    assert about["groups"] == [{"id": -100500, "title": "Операторы"}]
    assert about["webhook"] is False
