"""A tiny shop bot behind a webhook: enough of a partner for the tests of the person and of the page."""

import html
from typing import Any

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.local.telegram.bench import TOKEN, picture

Json = dict[str, Any]
PRICE = 7990


def card(count: int) -> Json:
    """Text and keyboard of the one product."""
    price = f"{PRICE * max(count, 1):,} ₽".replace(",", "\u00a0")
    text = f"<b>Шуруповёрт Makita DF333DWYE</b>\nарт. <code>DF333DWYE</code>\n\n<b>{price}</b> · в наличии: 4 шт."
    buy = f"🛒 В корзине · {count} шт." if count else "В корзину"
    rows = [
        [
            {"text": "−", "callback_data": "less"},
            {"text": f"{count} шт.", "callback_data": "count"},
            {"text": "+", "callback_data": "more"},
        ],
        [{"text": buy, "callback_data": "buy"}],
        [
            {"text": "💳 Оплатить", "url": "https://pay.example/5121"},
            {"text": "🔗 Артикул", "copy_text": {"text": "DF333DWYE"}},
        ],
    ]
    return {"caption": text, "parse_mode": "HTML", "reply_markup": {"inline_keyboard": rows}}


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
            await self.call(
                "setMessageReaction",
                chat_id=chat_id,
                message_id=message["message_id"],
                reaction=[{"type": "emoji", "emoji": "👍"}],
            )
            return Response()
        if "contact" in message:
            words = f"Записали телефон {message['contact']['phone_number']}."
            return JSONResponse(
                {"method": "sendMessage", "chat_id": chat_id, "text": words, "reply_markup": {"remove_keyboard": True}}
            )
        if text.startswith("/start"):
            keyboard = {
                "keyboard": [
                    [{"text": "Поделиться телефоном", "request_contact": True}],
                    ["🔎 Поиск", "📦 Мои заказы"],
                ],
                "resize_keyboard": True,
            }
            return JSONResponse(
                {
                    "method": "sendMessage",
                    "chat_id": chat_id,
                    "text": "Здравствуйте. Напишите, что ищете: название или артикул.",
                    "reply_markup": keyboard,
                }
            )
        await self.call("sendChatAction", chat_id=chat_id, action="typing")
        words = f"🔎 «{html.escape(text)}» — 1 товар"
        await self.call("sendMessage", chat_id=chat_id, text=words, parse_mode="HTML")
        self.counts[chat_id] = 0
        await self._api.post(
            f"/bot{TOKEN}/sendPhoto",
            data={
                "chat_id": str(chat_id),
                **{
                    name: httpx.Response(200, json=value).text if name == "reply_markup" else value
                    for name, value in card(0).items()
                },
            },
            files={"photo": ("card.png", picture("teal", (640, 360)))},
        )
        return Response()

    async def _tapped(self, query: Json) -> Response:
        chat_id, message_id, data = query["message"]["chat"]["id"], query["message"]["message_id"], query["data"]
        before = self.counts.get(chat_id, 0)
        after = max(0, before + {"more": 1, "buy": 1, "less": -1}.get(data, 0))
        self.counts[chat_id] = after
        if after != before:
            await self.call("editMessageCaption", chat_id=chat_id, message_id=message_id, **card(after))
        answer = (
            {"text": f"В корзине: {after} шт."}
            if after != before
            else {"text": "Больше на складе нет.", "show_alert": True}
        )
        return JSONResponse({"method": "answerCallbackQuery", "callback_query_id": query["id"], **answer})

    def _found(self, query: Json) -> Response:
        content = {"message_text": "/p 101"}
        results = [
            {
                "type": "article",
                "id": "101",
                "title": f"Шуруповёрт: {query['query']}",
                "description": "7 990 ₽",
                "input_message_content": content,
            }
        ]
        return JSONResponse({"method": "answerInlineQuery", "inline_query_id": query["id"], "results": results})
