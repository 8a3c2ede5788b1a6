"""The texts for the operators' chat."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from shared.assistant.texts import checkout, contact_comment, job_words
from shared.domain.checkout_changes import ShortReserve
from shared.domain.masters import Master
from shared.domain.orders import NewOrder, Order
from shared.domain.text import NBSP, shorten, without_bb_code
from shared.telegram.formatting import counted, date_text, escape, money, number_sign
from shared.telegram.phones import phone

_WORDS_SHOWN: Final = 20


def job_failed(kind: str, code: str, job: str, details: str = "", whose: str = "") -> str:
    """What the operators are told; `details` and `whose` (`about_master`) are HTML."""
    head = [
        f"⚠️ Нужен человек: {job_words.failed(kind)}.",
        f"Причина: {job_words.reason(code)}.",
        f"Задание <code>{escape(job)}</code>",
    ]
    return "\n".join([*head, *(["", details] if details else []), *([whose] if whose else [])])


def about_master(telegram_id: int, master: Master | None) -> str:
    """«👤 Иван · +7 912 345-67-89 · Телеграм: 42»: whose trouble it is; his name opens the chat with him.

    Without a record nobody knows more than the number.
    """
    name = escape(shorten(master.name, 100)) if master is not None and master.name else "Мастер"
    number = [phone(master.phone).replace(" ", NBSP)] if master is not None and master.phone else []
    known = [f'👤 <a href="tg://user?id={telegram_id}">{name}</a>', *number, f"Телеграм: <code>{telegram_id}</code>"]
    return " · ".join(known)


def order_by_hand(order: NewOrder, lines: Sequence[str], *, found_by_key: bool) -> str:
    """Everything the operators need to find the order at the portal, or to make it by hand."""
    known = [
        *lines,
        f"📍 {escape(shorten(order.address, 300))}",
        checkout.payment_name(order.payment),
        *([contact_comment.phone_line(order.phone)] if order.phone else []),
        *([contact_comment.comment_line(order.comment)] if order.comment else []),
        f"Покупатель в Битриксе: {escape(order.buyer_id)}",
    ]
    key = [f"Внешний код заказа: <code>{escape(order.key)}</code>"] if found_by_key else []
    return "\n".join([*known, *key])


def deal_title(number: str, name: str) -> str:
    """The title of an order's deal, plain text: «Заказ № 5121, Иван Мастеров»."""
    return ", ".join(filter(None, (f"Заказ {number_sign(number)}", shorten(name, 100))))


def deal_comment(order: NewOrder, name: str, chat: str) -> str:
    """What the shop's people want to know of an order in its deal, as BB code; `chat` is the address to write to."""
    known = [
        f"Заказ из Телеграма. Мастер: {without_bb_code(shorten(name, 100)) or 'без имени'}",
        f"[URL={chat}]Написать мастеру[/URL]",
        f"Адрес: {without_bb_code(order.address)}",
        *([f"Телефон: {without_bb_code(order.phone)}"] if order.phone else []),
        *([f"Комментарий: {without_bb_code(order.comment)}"] if order.comment else []),
    ]
    return "\n".join(known)


def call_off_by_hand(number: str) -> str:
    """What is left to do when a master's cancellation came to nothing."""
    return (
        f"Мастер отменяет заказ {number_sign(escape(number))}. "
        "Посмотрите в Битриксе, отменён ли он, и ответьте мастеру."
    )


def order_to_cancel(number: str) -> str:
    """What is left to do about an order nobody wants."""
    return f"Отмените в Битриксе заказ {number_sign(escape(number))}: он оформлен не до конца или второй раз."


def short_reserves(number: str, short: Sequence[ShortReserve], whose: str, company: str = "") -> str:
    """Less was set aside for a new order than was ordered of what is sold from stock only."""
    buys_for = [company_line(company)] if company else []
    told = [checkout.short_reserve(one) for one in short]
    head = f"⚠️ Заказ {number_sign(escape(number))}: в резерве не всё, что заказано."
    return "\n".join([head, *told, "Решите, что с остальным, и ответьте мастеру.", whose, *buys_for])


def company_line(company: str) -> str:
    """The company a master buys for."""
    return f"🏢 {escape(shorten(company, 200))}"


def payments_differ(number: str, order: Order, whose: str, *, cash: bool = False) -> str:
    """An order costs another sum than its payments are of: no link is given until people have looked."""
    untold = "Сколько платить курьеру, мастеру не говорим" if cash else "Мастеру ссылку на оплату не даём"
    return (
        f"⚠️ Заказ {number_sign(escape(number))}: сумма заказа {money(order.total, order.currency)}, "
        f"а платежи в нём на {money(order.payments_total, order.currency)}. {untold}: "
        f"исправьте платёж в Битриксе.\n{whose}"
    )


def newcomer_by_hand(first_name: str, last_name: str, number: str) -> str:
    """Who came in and could not be bound to a contact."""
    name = escape(" ".join(filter(None, (first_name, last_name))))
    shown = phone(number).replace(" ", NBSP)
    return (
        f"Новый мастер {name}, {shown}: найти или создать его контакт в Битриксе не получилось. "
        "Создайте контакт и пришлите мастеру приглашение на него."
    )


def contact_twins(master: Master, ids: Sequence[str]) -> str:
    """Several contacts have a new master's phone."""
    first, *others = (f"<code>{escape(one)}</code>" for one in ids)
    return (
        "👥 Телефон мастера есть у нескольких контактов в Битриксе. "
        f"Заказы оформляем на контакт {first}, есть и {', '.join(others)}. Лишние объедините с первым.\n"
        f"{about_master(master.telegram_id, master)}"
    )


def who(master: Master) -> str:
    """Who a master is."""
    return "\n".join(_names(master))


def _names(master: Master) -> list[str]:
    return [
        f"👤 <b>{escape(shorten(master.name, 100))}</b>",
        f"Телеграм: <code>{master.telegram_id}</code>",
        f"Покупатель в Битриксе: <code>{escape(master.bitrix_user_id)}</code>",
        *([company_line(master.company)] if master.company else []),
    ]


def card(master: Master, joined: date, today: date, orders: Sequence[str], count: int) -> str:
    """All that is known of a master; `orders` are his last ones, of `count`."""
    facts = [f"С нами: {date_text(joined, today=today)}"]
    if master.blocked:
        facts.append("⛔ Доступ закрыт оператором")
    if not master.reachable:
        facts.append("🔕 Заблокировал бота")
    if master.price_type:
        facts.append(f"💰 Вид цен в Битриксе: {escape(master.price_type)}")
    head = f"Заказов через бота: {count}" if count else "Заказов через бота нет"
    return "\n".join([*_names(master), *facts, "", head, *orders])


def no_such_master() -> str:
    """Say that nobody has this id, or that none was given."""
    return "Такого мастера нет. Напишите номер в Телеграме, например <code>/who 123456</code>, или спросите в его теме."


def blocked(name: str) -> str:
    """Confirm /block."""
    who = escape(shorten(name, 100))
    return f"⛔ Доступ закрыт: {who}. Вернуть — /unblock. Об оформленных заказах мастер узнаёт и дальше."


def unblocked(name: str) -> str:
    """Confirm /unblock."""
    return f"✅ Доступ открыт: {escape(shorten(name, 100))}."


def priced(master: Master) -> str:
    """Confirm /price."""
    who = escape(shorten(master.name, 100))
    if not master.price_type:
        return f"✅ {who} видит обычные цены."
    return (
        f"✅ {who} видит цены вида {escape(master.price_type)}. Заказ считает сам Битрикс, по группам покупателя, на "
        "которого он оформлен: проверьте, что это те же цены. Если такого вида в Битриксе нет, товары для мастера не "
        "продаются."
    )


def which_price() -> str:
    """Ask for the master and the kind of price."""
    return (
        "Напишите номер мастера в Телеграме и вид цен в Битриксе, например <code>/price 123456 2</code>. "
        "Вернуть обычные цены — <code>/price 123456 -</code>. В теме мастера его номер не нужен."
    )


def prices_not_chosen() -> str:
    """Say that nobody here decides what a master pays."""
    return (
        "Вид цен здесь не выбирается: в запросе цены нет покупателя. Мастера видят цены, которые отвечает "
        "Битрикс или прокси, настраивайте их там."
    )


def stats(waiting: int, late: int, most: int) -> str:
    """How much work waits for the portal; `most` is how far was counted."""
    more = " или больше" if waiting >= most else ""
    return f"📊 Запросов к Битриксу ждёт: {waiting}{more}\nСрок вышел больше минуты назад: {late}"


def whose_basket() -> str:
    """Ask for the buyer."""
    return "Напишите номер покупателя в Битриксе, например <code>/basket 17</code>."


def basket(buyer: str, *, was_unclear: bool) -> str:
    """Confirm /basket."""
    if not was_unclear:
        return f"Корзина покупателя {escape(buyer)} и так не мешает заказам."
    return f"✅ Считаем корзину покупателя {escape(buyer)} пустой. Убедитесь, что в Битриксе она пуста."


def commands() -> str:
    """What may be asked in the operators' chat."""
    return (
        "/who — кто это и что заказывал\n"
        "/block, /unblock — закрыть и вернуть доступ\n"
        "/price — вид цен для мастера\n"
        "/basket — корзина покупателя в Битриксе очищена\n"
        "/word — слова мастеров, которые понимает поиск\n"
        "/stats — очередь запросов\n\n"
        "В теме мастера номер писать не нужно. Остальные сообщения в теме уходят мастеру."
    )


def not_reached() -> str:
    """Say that an answer did not reach the master."""
    return "⚠️ Мастеру не доставлено: он заблокировал бота, или такое сообщение нельзя переслать."


def trouble() -> str:
    """Say that a bug of ours stopped something in the operators' chat."""
    return "⚠️ Не получилось: ошибка у нас, она записана. Попробуйте ещё раз позже."


def empty_searches(empty: Sequence[tuple[str, int]], *, guessed: bool) -> str:
    """What masters looked for in vain in a week, and how to say what they mean."""
    rows = [f"• «{escape(words)}» — {counted(count, 'раз', 'раза', 'раз')}" for words, count in empty]
    how = (
        "Если такой товар есть под другим именем, нажмите кнопку, вставьте скопированное сюда и допишите, "
        "как он называется в каталоге."
    )
    guess = ["", "Кнопка с плюсом — наша догадка: нажмите, если верно, и поиск сразу начнёт понимать это слово."]
    return "\n".join(["🔎 Мастера искали и не нашли за неделю:", *rows, "", how, *(guess if guessed else [])])


def word_begun(words: str) -> str:
    """Return the beginning of the command that says what words mean."""
    return f"/word {words} >"


def word_switched(*, on: bool) -> str:
    """Toast after a word of the digest was added or taken away."""
    return "Добавили: поиск уже понимает это слово." if on else "Убрали: поиск этого слова больше не знает."


def word_too_old() -> str:
    """Say that a digest is too old for its buttons."""
    return "Сводка устарела. Добавьте слово командой /word."


def words_full(most: int) -> str:
    """Say that there is no room for another word."""
    return f"Слов уже {most}, больше нельзя. Уберите лишние: команда /word покажет все."


def own_words(lines: Sequence[str]) -> str:
    """The shop's own words of the trade, and how to add one."""
    shown = [f"<code>{escape(line)}</code>" for line in lines[:_WORDS_SHOWN]]
    more = [f"…и ещё {len(lines) - _WORDS_SHOWN}"] if len(lines) > _WORDS_SHOWN else []
    head = ["Слова магазина для поиска:", *shown, *more, ""] if lines else []
    return "\n".join([*head, which_word()])


def which_word() -> str:
    """Say how words of the trade are added."""
    return (
        "Чтобы поиск понимал слово мастеров, напишите, как товар называется в каталоге: "
        "<code>/word лепестковик &gt; круг лепестковый</code>. Если в каталоге есть оба слова — через «=»: "
        "<code>/word диск = круг</code>. Убрать — <code>/word -диск = круг</code>."
    )


def word_added(line: str) -> str:
    """Confirm a word of the trade."""
    return f"✅ Поиск теперь понимает: <code>{escape(line)}</code>"


def word_removed(line: str, *, was_there: bool) -> str:
    """Confirm that a word of the trade is gone."""
    return f"✅ Убрали: <code>{escape(line)}</code>" if was_there else f"Такой строки нет: <code>{escape(line)}</code>"
