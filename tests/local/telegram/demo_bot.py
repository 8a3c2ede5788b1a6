"""A tiny shop bot behind a webhook: enough of a partner for the tests of the person and of the page."""

import html
import json
from typing import Any

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tests.local.telegram.bench import TOKEN, picture, reply

Json = dict[str, Any]
PRICE = 7990
GREETING = "Здравствуйте. Напишите, что ищете: название или артикул."
KEYBOARD: Json = {
    "keyboard": [[{"text": "Поделиться телефоном", "request_contact": True}], ["🔎 Поиск", "📦 Мои заказы"]],
    "resize_keyboard": True,
}


def card(count: int) -> Json:
    price = f"{PRICE * max(count, 1):,} ₽".replace(",", "\u00a0")
    caption = f"<b>Шуруповёрт Makita DF333DWYE</b>\nарт. <code>DF333DWYE</code>\n\n<b>{price}</b> · в наличии: 4 шт."
    buy = f"🛒 В корзине · {count} шт." if count else "В корзину"
    count_row = {"−": "less", f"{count} шт.": "count", "+": "more"}
    rows: list[list[Json]] = [
        [{"text": text, "callback_data": data} for text, data in count_row.items()],
        [{"text": buy, "callback_data": "buy"}],
        [
            {"text": "💳 Оплатить", "url": "https://pay.example/5121"},
            {"text": "🔗 Артикул", "copy_text": {"text": "DF333DWYE"}},
        ],
    ]
    return {"caption": caption, "parse_mode": "HTML", "reply_markup": {"inline_keyboard": rows}}


class DemoBot:
    """The bot; `counts` is its whole memory."""

    def __init__(self, api: httpx.AsyncClient) -> None:
        self._api = api
        self.counts: dict[int, int] = {}
        self.app = Starlette(routes=[Route("/webhook", self._webhook, methods=["POST"])])

    async def call(self, method: str, **params: object) -> Any:
        response = await self._api.post(f"/bot{TOKEN}/{method}", json=params)
        return response.json().get("result")

    async def _webhook(self, request: Request) -> Response:
        update = await request.json()
        if "callback_query" in update:
            return await self._tapped(update["callback_query"])
        if "inline_query" in update:
            return self._found(update["inline_query"])
        if "message" in update:
            return await self._told(update["message"])
        return Response()

    async def _told(self, message: Json) -> Response:
        chat_id, text = message["chat"]["id"], message.get("text", "")
        if message["chat"]["type"] != "private":
            return Response()
        if "photo" in message:
            seen = {"chat_id": chat_id, "message_id": message["message_id"]}
            await self.call("setMessageReaction", **seen, reaction=[{"type": "emoji", "emoji": "👍"}])
            return Response()
        if "contact" in message:
            words = f"Записали телефон {message['contact']['phone_number']}."
            return reply("sendMessage", chat_id=chat_id, text=words, reply_markup={"remove_keyboard": True})
        if text.startswith("/start"):
            return reply("sendMessage", chat_id=chat_id, text=GREETING, reply_markup=KEYBOARD)
        await self.call("sendChatAction", chat_id=chat_id, action="typing")
        words = f"🔎 «{html.escape(text)}» — 1 товар"
        await self.call("sendMessage", chat_id=chat_id, text=words, parse_mode="HTML")
        self.counts[chat_id] = 0
        shown = card(0)
        form = {"chat_id": str(chat_id), **shown, "reply_markup": json.dumps(shown["reply_markup"])}
        picture_file = ("card.png", picture("teal", (640, 360)))
        await self._api.post(f"/bot{TOKEN}/sendPhoto", data=form, files={"photo": picture_file})
        return Response()

    async def _tapped(self, query: Json) -> Response:
        chat_id, message_id, data = query["message"]["chat"]["id"], query["message"]["message_id"], query["data"]
        before = self.counts.get(chat_id, 0)
        after = max(0, before + {"more": 1, "buy": 1, "less": -1}.get(data, 0))
        self.counts[chat_id] = after
        if after != before:
            await self.call("editMessageCaption", chat_id=chat_id, message_id=message_id, **card(after))
            return reply("answerCallbackQuery", callback_query_id=query["id"], text=f"В корзине: {after} шт.")
        alert = {"text": "Больше на складе нет.", "show_alert": True}
        return reply("answerCallbackQuery", callback_query_id=query["id"], **alert)

    def _found(self, query: Json) -> Response:
        found: Json = {
            "type": "article",
            "id": "101",
            "title": f"Шуруповёрт: {query['query']}",
            "description": "7 990 ₽",
        }
        found |= {"input_message_content": {"message_text": "/p 101"}}
        return reply("answerInlineQuery", inline_query_id=query["id"], results=[found])
