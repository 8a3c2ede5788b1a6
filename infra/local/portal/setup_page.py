"""The portal's settings as its administrator sees them: stores, stock, articles, numbers of orders, dates, deals."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

from infra.local.portal.catalogue.model import MAX_STORES
from infra.local.portal.layout import page

_SWITCHES = {
    "inventory": ("Складской учёт", "остатки по складам", "одно число у товара"),
    "multiple_article": ("Свойство «Артикул»", "множественное", "одно значение"),
    "site_dates": ("Даты в свойствах заказа", "05.12.2026", "2026-12-05"),
    "deals": ("Режим CRM", "сделки и заказы", "только заказы"),
    "telegram_source": ("Источник «Telegram»", "заведён", "не заведён"),
    "returns_fields": ("Поля процесса «Возвраты»", "заведены", "не заведены"),
}


def setup_page(settings: Mapping[str, Any], goods: int) -> str:
    """Return the page; `settings` are those of `native.setup.Setup`, `goods` is how many there are."""
    switches = "".join(_switch(name, value=bool(settings[name])) for name in _SWITCHES)
    prefix = escape(str(settings["account_prefix"]))
    body = f"""<h1>Настройки портала</h1>
<p class="soft">Такими бывают порталы; бот должен уживаться со всеми. <a href="/">К заказам</a></p>
<form class="card" method="post" action="/desk/setup">
<label>Складов <input name="stores" type="number" min="1" max="{MAX_STORES}" value="{settings["stores"]}"></label>
<label>Номер заказа начинается с <input name="account_prefix" maxlength="20" value="{prefix}"></label>
<label>Доставка стоит, ₽ <input name="delivery_price" inputmode="decimal" value="{settings["delivery_price"]}"></label>
{switches}<button>Сохранить</button></form>
<h2>Что ещё бывает</h2>
<form class="card" method="post" action="/desk/setup">
<label>Номер следующего заказа <input name="next_account_number" type="number" min="1" required
value="{settings["next_account_number"] or ""}"></label>
<button class="quiet">Дальше считать от него</button></form>
<form class="card" method="post" action="/desk/catalogue">
<label>Товаров в каталоге <input name="goods" type="number" min="{goods}" max="200000" value="{goods}"></label>
<button class="quiet">Добавить до этого числа</button></form>
<form class="card" method="post" action="/desk/budget">
<label>Метод <input name="method" value="catalog.price.list" required></label>
<button class="quiet">Исчерпать время на 10 минут</button></form>
<form class="card" method="post" action="/desk/buyers">
<label>Покупатель <input name="buyer" type="number" min="1" value="17"></label>
<label>Цены <select name="price_type">
<option value="1">основные</option><option value="4">оптовые</option></select></label>
<button class="quiet">Продавать по этим ценам</button></form>
<form class="card" method="post" action="/desk/contacts">
<label>Контакт <input name="name" maxlength="50" required></label>
<label>Телефоны через запятую <input name="phones" maxlength="100"></label>
<label>Компания <input name="company" maxlength="100"></label>
<label>ИНН <input name="inn" maxlength="12"></label>
<button class="quiet">Добавить в CRM</button></form>"""
    return page("Настройки портала", body)


def _switch(name: str, *, value: bool) -> str:
    title, yes, no = _SWITCHES[name]
    options = "".join(
        f'<option value="{code}"{" selected" if value is (code == "Y") else ""}>{label}</option>'
        for code, label in (("Y", yes), ("N", no))
    )
    return f'<label>{title} <select name="{name}">{options}</select></label>\n'
