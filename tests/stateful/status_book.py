"""What was told of the statuses of orders and returns: each once, backwards only when an end was taken back."""

from dataclasses import dataclass, field

from tests.stateful.hearing import GuiltyError
from tests.stateful.reading import LIFE, Told, restored, told, unpaid

PAID = LIFE.index("Оплата получена")
LAST_WORDS = frozenset({LIFE.index("Заказ закрыт"), LIFE.index("Заказ отменён. Причина: ")})


@dataclass
class StatusBook:
    """Statuses told, by thing («Заказ 5121»), in their order."""

    _told: dict[str, list[int]] = field(default_factory=dict)
    _shown: set[tuple[int, int, Told]] = field(default_factory=set)
    _unpaid: set[str] = field(default_factory=set)

    def reads(self, text: str, chat: int, message_id: int | None) -> None:
        """Note what a message tells; what an edited message goes on showing is told once."""
        if (thing := restored(text)) is not None:
            self._notes_restored(text, thing)
        if (thing := unpaid(text)) is not None:
            self.money_is_gone(thing)
        news = told(text)
        if news is None or (message_id is not None and (chat, message_id, news) in self._shown):
            return
        if message_id is not None:
            self._shown.add((chat, message_id, news))
        self._notes(news)

    def money_is_gone(self, thing: str) -> None:
        """What was told to be paid is not any more, or not as a whole: it may be told again."""
        self._unpaid.add(thing)

    def _notes(self, news: Told) -> None:
        before = self._told.setdefault(news.thing, [])
        if news.rank == PAID and news.thing in self._unpaid:
            self._unpaid.discard(news.thing)
            if not before or before[-1] < PAID:
                before.append(PAID)  # a part was told before it
            return
        if before and before[-1] in LAST_WORDS and news.rank in LAST_WORDS - {before[-1]}:
            before.pop()  # it ended otherwise than was told
        if before and (news.rank <= before[-1] or (news.thing.startswith("Заказ") and before[-1] in LAST_WORDS)):
            raise GuiltyError(f"{news.thing}: status {news.rank} is told after {before}")
        before.append(news.rank)

    def _notes_restored(self, text: str, thing: str) -> None:
        """An order's end was taken back: it must have been told, and what follows is news again."""
        before = self._told.setdefault(thing, [])
        if not before or before[-1] not in LAST_WORDS:
            raise GuiltyError(f"{thing} is under way again after {before}: {text}")
        before.pop()

    def last_told(self, order_id: str) -> int:
        """The furthest status told of an order; -1: none."""
        return (self._told.get(f"Заказ {order_id}") or [-1])[-1]

    def is_over(self, order_id: str) -> bool:
        """Whether its master was told that it came to an end."""
        return self.last_told(order_id) in LAST_WORDS
