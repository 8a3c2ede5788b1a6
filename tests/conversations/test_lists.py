"""Pasted lists as they come from invoices and chats: what is read, what is asked, what is ordered."""

from __future__ import annotations

import io

import pytest
import zxingcpp
from openpyxl import Workbook

from infra.local.telegram.person import Paper
from tests.support.master import NB
from tests.support.photos import label
from tests.support.sandbox import World

pytestmark = pytest.mark.asyncio(loop_scope="module")

INVOICE = (
    "№\tАртикул\tТовар\tКол-во\tЕд.\tЦена\tСумма\n"
    "1\tDF333DWYE\tДрель\t2\tшт\t7 990,00\t15 980,00\n"
    "2\tHR2470\tПерфоратор\t1\tшт\t12 990,00\t12 990,00\n"
    "Итого\t\t\t3\t\t\t28 970,00"
)


async def test_a_pasted_invoice_is_ordered_by_its_own_counts(both_worlds: World):
    world = both_worlds
    master = await world.master()
    await world.rests()
    since = world.clock.now()
    await master.says(INVOICE)
    quote = await master.sees("📋 Ваш список")
    assert "нашли 2 из 2" in quote["text"]
    assert f"Итого: 28{NB}970{NB}₽" in quote["text"]
    assert len(await world.shop.calls(since)) == 2, "articles, prices"
    await master.taps(await master.button("В корзину всё"))
    await master.sees(f"🛒 В корзине · 2{NB}поз.")
    await master.taps(f"🛒 В корзине · 2{NB}поз.")
    assert f"Итого: 28{NB}970{NB}₽" in (await master.sees("Корзина"))["text"]


async def test_a_list_of_a_chat_is_asked_about_in_place(both_worlds: World):
    world = both_worlds
    master = await world.master()
    await master.says(
        "Привет, нужно:\n• DF333DWYE x2, HR2470 - 1 шт\n• GA5030 250\n• бита ph2 — 10 шт\nСпасибо\nИтого 4 позиции"
    )
    quote = await master.sees("📋 Ваш список")
    assert "нашли 3 из 4" in quote["text"]
    assert f"Итого: 28{NB}970{NB}₽" in quote["text"]
    assert f"3. Болгарка Makita GA5030 — 250{NB}шт., это 1{NB}347{NB}500{NB}₽" in quote["text"]
    await master.taps(f"3 · 250{NB}шт.")
    await master.sees_toast("Поняли, пересчитываем.")
    answered = await master.sees(f"Итого: 1{NB}376{NB}470{NB}₽")
    assert answered["id"] == quote["id"], "in place"
    await master.taps(await master.button(f"10{NB}шт. · Бита PH2 50 мм"))
    chosen = await master.sees("нашли 4 из 4")
    assert f"Бита PH2 50 мм — 10{NB}шт." in chosen["text"]
    await master.taps(await master.button("В корзину всё"))
    await master.sees(f"🛒 В корзине · 4{NB}поз.")


async def test_the_trades_words_are_found_and_asked_about(both_worlds: World):
    world = both_worlds
    master = await world.master()
    await world.rests()
    since = world.clock.now()
    await master.says("ушм makita ga — 2\nдиск отрезной 125 1,6 — 10 шт\nDF333DWYE x 1")
    quote = await master.sees("📋 Ваш список")
    assert "нашли 1 из 3" in quote["text"]
    assert f"ушм makita ga, 2{NB}шт. — это Болгарка Makita GA5030?" in quote["text"]
    assert len(await world.shop.calls(since)) == 2, "articles and names in the trade's words too, prices"
    await master.taps(await master.button(f"2{NB}шт. · Болгарка Makita GA5030"))
    await master.sees("нашли 2 из 3")
    await master.taps(await master.button(f"10{NB}шт. · Круг отрезной"))
    chosen = await master.sees("нашли 3 из 3")
    assert f"Круг отрезной по металлу Луга 125×1,6 мм — 10{NB}шт." in chosen["text"]


async def test_a_count_that_a_search_takes_off_is_what_its_cards_begin_with(both_worlds: World):
    master = await both_worlds.master()
    await master.says("держатель бит магнитный 10 шт")
    await master.sees("🔎 «держатель бит магнитный 10 шт»")
    await master.taps("1")
    await master.sees("Держатель бит магнитный 60 мм")
    assert await master.button(f"10{NB}шт.")
    await master.taps(await master.button(f"В корзину · 1{NB}650{NB}₽"))
    await master.sees(f"🛒 В корзине · 10{NB}шт.")


async def test_a_sheet_sent_as_a_file_is_ordered_by_its_own_counts(both_worlds: World):
    world = both_worlds
    book = Workbook()
    for row in [line.split("\t") for line in INVOICE.splitlines()]:
        book.active.append([int(cell) if cell.isdigit() else cell or None for cell in row])
    sheet = io.BytesIO()
    book.save(sheet)
    master = await world.master()
    await world.rests()
    since = world.clock.now()
    await master.sends_files([Paper("Счёт.xlsx", sheet.getvalue())])
    quote = await master.sees("📋 Ваш список")
    assert "нашли 2 из 2" in quote["text"]
    assert f"Итого: 28{NB}970{NB}₽" in quote["text"]
    assert len(await world.shop.calls(since)) == 2, "articles, prices"
    await master.sends_files([Paper("Скан.xlsx", b"\x89PNG\r\n\x1a\n\x00\x00")])
    await master.sees("Это не таблица и не текст.")


async def test_a_list_is_saved_shared_and_quoted_anew_by_whom_it_was_shared_with(both_worlds: World):
    world = both_worlds
    master, other = await world.master(), await world.master()
    await master.says("DF333DWYE x 2\nHR2470 - 1 шт")
    await master.sees("📋 Ваш список")
    await master.taps("💾 Сохранить списком")
    await master.sees("Как назвать список?")
    await master.says("Ванная")
    await master.sees("📋 Ваши списки")
    await master.taps("✏️ Изменить")
    await master.sees("Ванная — 2")
    await master.taps("+")
    await master.sees(f"1. Шуруповёрт Makita DF333DWYE — 3{NB}шт.")
    await master.taps("📤 Поделиться")
    link = (await master.sees("Перешлите это сообщение мастеру"))["text"].rpartition("start=")[2]
    await other.says(f"/start {link}")
    await other.sees("Список «Ванная» теперь и ваш")
    quote = await other.sees("📋 Ваш список")
    assert f"Шуруповёрт Makita DF333DWYE — 3{NB}шт. × 7{NB}990" in quote["text"]


async def test_a_photo_of_a_barcode_opens_the_card_of_its_product(both_worlds: World):
    master = await both_worlds.master()
    await master.sends_photos([label("DF333DWYE", zxingcpp.BarcodeFormat.Code128)])
    await master.sees("Для сборки мебели", within=60)
    await master.button(f"В корзину · 7{NB}990{NB}₽")
    await master.sends_photos([label("https://shop.example/1", zxingcpp.BarcodeFormat.QRCode)])
    await master.sees("Штрихкода на фото не видим.")
    await master.sends_photos([label("4607123456781")])
    await master.sees("«4607123456781» ничего нет")
    await master.sends_photos(
        [label("https://maker.example/makita-df333dwye.html?sn=7", zxingcpp.BarcodeFormat.QRCode)]
    )
    await master.sees("Для сборки мебели", within=60)
    await master.sends_photos([label("MAKITA DF333DWYE 0012345678", zxingcpp.BarcodeFormat.DataMatrix)])
    await master.sees("Для сборки мебели", within=60)


async def test_what_was_ordered_is_offered_with_its_usual_counts(both_worlds: World):
    master = await both_worlds.master()
    number = await master.orders(quantity=2)
    await both_worlds.shop.moves(number, status="SHIPPED")
    await master.sees("Курьер уже в пути")
    await master.says("/lists")
    await master.sees("Списков пока нет.")
    await master.taps("🔁 Как в прошлый раз")
    assert f"— 2{NB}шт. ×" in (await master.sees("📋 Ваш список"))["text"]
