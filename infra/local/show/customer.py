"""A master who uses the bot from end to end: in tests, and in the stories that the sandbox plays."""

from __future__ import annotations

import re

import httpx

from infra.local.telegram.person import Json, NotSeenError, Person

DRIVER = "шуруповёрт"
ADDRESS = "Тверь, ул. Советская, 10"
PREPAID = "💳 Оплата по ссылке"
CASH = "💵 Наличными при получении"
CONFIRM = "✅ Заказать"
AGREE = "✅ Согласен, заказать"
NB = "\u00a0"


class Customer(Person):
    """One master; `buyer` is whom he orders as, `invite` the link that lets him in."""

    def __init__(self, http: httpx.AsyncClient, base_url: str, user_id: int, buyer: str, invite: str) -> None:
        super().__init__(http, base_url, user_id)
        self.buyer = buyer
        self.invite = invite

    async def starts(self) -> None:
        """Open the invite."""
        await self.says(f"/start {self.invite.split('start=')[1]}")

    async def comes_in(self) -> None:
        """Come in by the invite."""
        await self.starts()
        await self.sees("Доступ открыт")

    async def finds(self, query: str = DRIVER) -> Json:
        """Look for something; the list of finds."""
        await self.says(query)
        return await self.sees("🔎 «")

    async def opens_card(self, position: int = 1) -> Json:
        """Open a find by its number in the list."""
        await self.taps(str(position))
        return await self.sees("В корзину ·")

    async def puts_into_cart(self, quantity: int = 1) -> None:
        """Choose a quantity on the open card and add it."""
        for wanted in range(2, quantity + 1):
            await self.taps("+")
            await self.sees(f"{wanted}{NB}шт.")
        await self.taps(await self.button("В корзину ·"))
        await self.sees("🛒 В корзине ·")

    async def opens_cart(self) -> Json:
        """Look into the cart."""
        await self.says("/cart")
        return await self.sees("Итого:")

    async def fills_cart(self, query: str = DRIVER, position: int = 1, quantity: int = 1) -> None:
        """From the search to the cart, ready to order."""
        await self.finds(query)
        await self.opens_card(position)
        await self.puts_into_cart(quantity)
        await self.opens_cart()

    async def checks_out(self, payment: str = PREPAID, address: str = ADDRESS) -> Json:
        """From the cart to the confirmation; who has ordered before is asked nothing, and changes what is otherwise."""
        await self.taps("Оформить заказ")
        shown = await self.sees_one_of("Куда доставить?", "Проверьте заказ")
        if "Проверьте заказ" in shown["text"]:
            return await self._changes(shown, payment, address)
        await self.says(address)
        await self.sees("Как оплатите?")
        await self.taps(payment)
        return await self.sees("Проверьте заказ")

    async def _changes(self, shown: Json, payment: str, address: str) -> Json:
        """Change the address and the way to pay on the confirmation where they are others than wanted."""
        if address not in shown["text"]:
            await self.taps("📍 Адрес")
            await self.sees("Куда доставить?")
            await self.says(address)
            shown = await self.sees("Проверьте заказ")
        if payment not in shown["text"]:
            await self.taps(await self.button("💵 Платить" if payment == CASH else "💳 Платить"))
            shown = await self.sees(payment)
        return shown

    async def confirms(self, button: str = CONFIRM) -> str:
        """Order; the order's number."""
        await self.taps(button)
        return number_in(await self.sees("создан."))

    async def orders(self, query: str = DRIVER, position: int = 1, quantity: int = 1, payment: str = PREPAID) -> str:
        """The whole way; the order's number."""
        await self.fills_cart(query, position, quantity)
        await self.checks_out(payment)
        return await self.confirms()

    async def button(self, beginning: str) -> str:
        """The whole text of the newest button that begins so."""
        for message in reversed((await self.chat())["messages"]):
            for row in message["buttons"]:
                for button in row:
                    if button["text"].startswith(beginning):
                        return str(button["text"])
        raise NotSeenError(f"no button «{beginning}…»\n{await self.transcript()}")

    async def hears(self, text: str) -> list[Json]:
        """All messages of the bot that hold the text now."""
        return [message for message in (await self.chat())["messages"] if _from_bot(message, text)]


def _from_bot(message: Json, text: str) -> bool:
    return message["from"] == "bot" and text in (message["text"] or message["caption"])


def number_in(message: Json) -> str:
    """Return the number of the order or return that a message is about."""
    found = re.search(r"№\s*([\w/-]*\d)", message["text"])
    if found is None:
        raise NotSeenError(message["text"])
    return found[1]
