"""The portal's settings as its administrator sees them: stores, stock, articles, numbers of orders, dates."""

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
}


def setup_page(settings: Mapping[str, Any]) -> str:
    """Return the page; `settings` are those of `native.setup.Setup`."""
    switches = "".join(_switch(name, value=bool(settings[name])) for name in _SWITCHES)
    prefix = escape(str(settings["account_prefix"]))
    body = f"""<h1>Настройки портала</h1>
<p class="soft">Такими бывают порталы; бот должен уживаться со всеми. <a href="/">К заказам</a></p>
<form class="card" method="post" action="/desk/setup">
<label>Складов <input name="stores" type="number" min="1" max="{MAX_STORES}" value="{settings["stores"]}"></label>
<label>Номер заказа начинается с <input name="account_prefix" maxlength="20" value="{prefix}"></label>
{switches}<button>Сохранить</button></form>"""
    return page("Настройки портала", body)


def _switch(name: str, *, value: bool) -> str:
    title, yes, no = _SWITCHES[name]
    options = "".join(
        f'<option value="{code}"{" selected" if value is (code == "Y") else ""}>{label}</option>'
        for code, label in (("Y", yes), ("N", no))
    )
    return f'<label>{title} <select name="{name}">{options}</select></label>\n'
