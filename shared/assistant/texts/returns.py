"""Returns: what, why, photos, and what becomes of it."""

from __future__ import annotations

from collections.abc import Sequence

from shared.assistant.texts import common, orders
from shared.domain.return_drafts import MOST_PHOTOS, ReturnDraft, ReturnItem, ReturnReason
from shared.domain.return_records import ReturnRecord
from shared.domain.statuses import STATUSES, short_status
from shared.domain.text import shorten
from shared.status import Status
from shared.telegram.formatting import counted, escape, number_sign

REASON_LIMIT = 300

REASONS = {ReturnReason.DEFECT: "Брак", ReturnReason.UNSUITABLE: "Не подошло", ReturnReason.WRONG: "Привезли не то"}
"""What the portal's people read as the reason; the buttons say the same."""


def returns_head() -> str:
    """Head of the list of returns."""
    return "↩️ <b>Ваши возвраты</b>"


def return_line(made: ReturnRecord) -> str:
    """«№ 77 · заказ № 5121» and how it stands."""
    head = f"{number_sign(escape(made.id))} · заказ {number_sign(escape(made.order_number))}"
    return f"{head}\n   {STATUSES[made.status].icon} {short_status(made.status)}"


def one(made: ReturnRecord) -> str:
    """A return that was made: how it stands, the goods, why, and how many photos. Older records know less."""
    head = f"<b>Возврат {number_sign(escape(made.id))}</b> · заказ {number_sign(escape(made.order_number))}"
    goods = ["", *map(good_chosen, made.goods)] if made.goods else []
    why = [f"Причина возврата: {escape(shorten(made.complaint, REASON_LIMIT))}"] if made.complaint else []
    sent = [f"📷 {photos(made.photos)}"] if made.photos else []
    return "\n".join([head, orders.status_line(made.status, made.reason), *goods, *(["", *why, *sent] if why else [])])


def choose_order() -> str:
    """Ask from which order."""
    return "Из какого заказа вернуть товар? Если его здесь нет, откройте заказ в /myorders."


def no_order() -> str:
    """Say that there is nothing to return."""
    return "Возвращать пока нечего: вернуть можно товар из заказа, который уже передан в доставку."


def not_handed_over(number: str) -> str:
    """Say that the goods are still in the store."""
    return (
        f"Заказ {number_sign(escape(number))} ещё не передан в доставку, возвращать из него нечего.\n"
        "Если он не нужен, попросите менеджера отменить его."
    )


def nothing_left(number: str) -> str:
    """Say that everything of the order was returned."""
    return f"Все товары из заказа {number_sign(escape(number))} уже в возвратах. Все возвраты — /return."


def choose_goods(number: str) -> str:
    """Ask which goods."""
    return f"<b>Возврат по заказу {number_sign(escape(number))}</b>\nЧто возвращаем? Отметьте товары и количество."


def good_left(position: int, good: ReturnItem) -> str:
    """«1. Бита PH2 50 мм — до 10 шт.»"""
    return f"{position}. {escape(shorten(good.name, common.LINE_LIMIT))} — до {common.told(good.most, good.unit)}"


def good_chosen(good: ReturnItem) -> str:
    """«Бита PH2 50 мм — 3 шт.»"""
    return common.goods_line(good.name, good.quantity, good.unit)


def nothing_chosen() -> str:
    """Toast: no goods were chosen."""
    return "Отметьте хотя бы один товар."


def ask_reason() -> str:
    """Ask why."""
    return "Что случилось?"


def ask_reason_text() -> str:
    """Ask for the reason in his own words."""
    return "Напишите одним сообщением, что случилось."


def reason_odd() -> str:
    """Say that the reason is too short or too long."""
    return f"Опишите, что случилось, — от 3 до {REASON_LIMIT} знаков."


def ask_photos(count: int, written: str = "") -> str:
    """Ask for photos, and tell how many there are and what was written under them."""
    if not count:
        return f"📷 Пришлите фото товара (до {MOST_PHOTOS}): общий вид, дефект, этикетку."
    asked = f"📷 Пришлите фото товара (до {MOST_PHOTOS}). Принято: {count}."
    if count >= MOST_PHOTOS:
        asked = f"📷 Принято: {count}, больше не нужно. Нажмите «Готово»."
    return f"{asked}\n{note(written)}" if written else asked


def note(written: str) -> str:
    """What was written under the photos."""
    return f"💬 {escape(written)}"


def photo_taken_before() -> str:
    """Say that the photo is there already."""
    return "Это фото уже принято."


def photo_extra() -> str:
    """Say that there are enough photos."""
    return f"Уже принято {MOST_PHOTOS} фото, больше не нужно. Нажмите «Готово»."


def photo_too_large() -> str:
    """Refuse a file that a bot may not download."""
    return "Файл больше 20 МБ, Телеграм не отдаёт его боту. Пришлите его как фото, не как файл."


def not_a_photo() -> str:
    """Refuse what is no picture."""
    return "Здесь нужно фото. Пришлите снимок или файл с картинкой."


def photos_wanted() -> str:
    """Answer a text where photos are expected."""
    return "Ждём фото для возврата. Когда пришлёте все, нажмите «Готово». Прервать возврат — /cancel."


def photos_coming() -> str:
    """Say below an album that its photos are being taken."""
    return "📷 Принимаем фото. Можно прислать ещё. Когда всё — нажмите «Готово»."


def confirm(draft: ReturnDraft) -> str:
    """Everything that is going to be registered."""
    goods = [good_chosen(good) for good in draft.chosen]
    lines = ["Проверьте возврат", "", f"Заказ {number_sign(escape(draft.order_number))}", *goods]
    said = [reason(draft.reason), *([note(draft.note)] if draft.note else [])]
    return "\n".join([*lines, "", *said, f"📷 {photos(len(draft.pictures))}"])


def reason(text: str) -> str:
    """«Причина: Брак»"""
    return f"Причина: {escape(shorten(text, REASON_LIMIT))}"


def photos(count: int) -> str:
    """«3 фото»"""
    return counted(count, "фото", "фото", "фото")


def sending() -> str:
    """Toast: it is being done."""
    return "Возврат уже оформляется."


def registered(return_id: str, status: Status, why: str, lost: int, *, people: bool = True) -> str:
    """The new return with its number, its status, and the photos that did not get there; `people`: they are told."""
    lines = [f"<b>Возврат {number_sign(escape(return_id))} зарегистрирован.</b>", orders.status_line(status, why)]
    if lost:
        who = "Передаём менеджеру: он попросит прислать, если понадобится." if people else "Пришлите менеджеру сами."
        lines += ["", f"Не загрузилось: {photos(lost)}. {who}"]
    return "\n".join(lines)


def already_registered() -> str:
    """Toast: it was registered before."""
    return "Этот возврат уже зарегистрирован. Все возвраты — /return."


def refused(*, people: bool) -> str:
    """The portal did not take the return; `people`: they are being told."""
    who = "Передаём всё менеджеру, он свяжется с вами." if people else "Позвоните менеджеру — он оформит его сам."
    return f"Возврат не зарегистрирован: магазин его не принял. {who}"


def unsure() -> str:
    """The outcome is being found out."""
    return (
        "Не удалось проверить, зарегистрирован ли возврат. "
        "Мы уточняем это у системы и напишем в течение 10 минут. Второй раз оформлять не нужно."
    )


def lost(*, people: bool) -> str:
    """The outcome was never found out; `people`: they are being told."""
    who = "Передаём это менеджеру, он проверит и свяжется с вами." if people else "Позвоните менеджеру — он проверит."
    return f"Так и не удалось узнать, зарегистрирован ли возврат. {who} Второй раз оформлять не нужно."


def silent() -> str:
    """The order could not be read."""
    return "Магазин не отвечает. Возврат не начат, заказ на месте. Попробуйте ещё раз через минуту."


def canceled() -> str:
    """Say that nothing is returned."""
    return "Возврат не оформлен. Вернуться к нему можно из заказа или по команде /return."


def news(return_id: str, number: str, status: Status, why: str) -> str:
    """A new status of a return."""
    head = f"<b>Возврат {number_sign(escape(return_id))}</b> · заказ {number_sign(escape(number))}"
    return f"{head}\n{orders.status_line(status, why)}"


def by_hand(draft: ReturnDraft, key: str, links: Sequence[str]) -> str:
    """Everything the operators need to find the return at the portal, or to register it by hand."""
    return "\n".join(
        [
            f"Возврат по заказу {number_sign(escape(draft.order_number))}",
            *(good_chosen(good) for good in draft.chosen),
            reason(draft.reason),
            *([note(draft.note)] if draft.note else []),
            f"Загружено: {photos(len(links))}, не загружено: {photos(draft.lost)}",
            *map(escape, links),
            f"Внешний код возврата: <code>{escape(key)}</code>",
        ]
    )


def photo_by_hand(number: str, name: str) -> str:
    """What is left to do about a photo that did not get to the Disk."""
    return (
        f"Фото <code>{escape(name)}</code> к возврату по заказу {number_sign(escape(number))} не загружено на Диск. "
        "Попросите его у мастера."
    )


def extra_returns(return_id: str, extra: Sequence[str]) -> str:
    """What is left to do about returns that were registered twice."""
    others = ", ".join(number_sign(escape(one)) for one in extra)
    return f"Возврат {number_sign(escape(return_id))} зарегистрирован не один раз. Удалите лишние: {others}."


def photo_to_delete(photo_id: str) -> str:
    """What is left to do about a photo whose time is over."""
    return f"Удалите с Диска файл {escape(photo_id)}: срок хранения фото возврата истёк."
