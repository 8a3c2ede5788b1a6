"""The goods as the shop's people see them: a search, and for each product its price and stock to change."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from html import escape

from infra.local.portal.catalogue import Product, section_of, store_title
from infra.local.portal.catalogue.model import MEASURES, Picture, PriceRange
from infra.local.portal.figures import plain
from infra.local.portal.layout import page

SHOWN = 30
_NEW = """<details><summary>Новый товар</summary><form method="post" action="/desk/products">
<label>Название <input name="name" required></label><label>Артикул <input name="article"></label>
<label>Цена <input name="price" type="number" min="0" step="0.01" required></label>
<button class="quiet">Добавить товар</button></form></details>"""


def goods_page(query: str, found: Sequence[Product], stores: Sequence[str], *, native: bool) -> str:
    """Return the page; of many products only the first are shown, the search narrows them down.

    On a `native` portal goods are added too.
    """
    more = f'<p class="soft">Показаны первые {SHOWN} из {len(found)}, уточните поиск.</p>' if len(found) > SHOWN else ""
    cards = (
        "".join(_card(product, stores, native=native) for product in found[:SHOWN])
        or '<p class="card">Ничего не нашлось.</p>'
    )
    body = f"""<h1>Товары</h1>
<p class="soft">Измените цену или остаток, и мастер увидит это при следующем обращении. <a href="/">К заказам</a></p>
<form method="get"><input name="q" value="{escape(query)}" placeholder="Название или артикул" aria-label="Поиск">
<button>Найти</button></form>
{_NEW if native else ""}{more}{cards}"""
    return page("Товары", body)


def _card(product: Product, stores: Sequence[str], *, native: bool) -> str:
    shelves = "".join(
        f'<label>{escape(store_title(store))} <input name="stock[{store}]" type="number" min="0" max="1000000" '
        f'step="any" value="{plain(Decimal(product.stock.get(store, 0)))}"></label>'
        for store in stores
    )
    price = f'name="price" type="number" min="0" max="1000000" step="0.01" value="{plain(product.price)}"'
    action = f'method="post" action="/desk/products/{escape(product.id)}"'
    offers = _offer_form(product) if native and not product.parent else ""
    return f"""<section class="card" id="product-{escape(product.id)}">
<div class="row"><strong>{escape(product.name)}</strong><span class="soft">{escape(product.article)}</span></div>
<form {action}>
<label>Цена, {escape(product.currency)} <input {price}></label>
{shelves}<button class="quiet">Сохранить</button></form>
<details><summary>Подробнее</summary><form {action}>{_details(product)}
<button class="quiet">Сохранить</button></form>{offers}</details></section>"""


def _details(product: Product) -> str:
    """Return the fields of what managers change less often."""
    texts = {
        "articles": ("Артикулы через запятую", ", ".join(product.articles)),
        "ratio": ("Шаг продажи", plain(product.ratio)),
        "vat": ("НДС, %", "" if product.vat_rate is None else str(product.vat_rate)),
        "currency": ("Валюта", product.currency),
        "section": ("Раздел, 0 вне всех", str(section_of(product))),
        "ranges": ("Цены от количества: 1-9=100, 10-=90", _ranges(product.ranges)),
    }
    inputs = "".join(
        f'<label>{title} <input name="{name}" value="{escape(value)}"></label>'
        for name, (title, value) in texts.items()
    )
    dates = {"active_from": ("Продаётся с", product.active_from), "active_to": ("Продаётся до", product.active_to)}
    inputs += "".join(
        f'<label>{title} <input name="{name}" type="datetime-local" value="{_local(value)}"></label>'
        for name, (title, value) in dates.items()
    )
    flags = {
        "active": ("Активен", product.active),
        "vat_included": ("НДС в цене", product.vat_included),
        "on_order": ("Продаётся под заказ", product.on_order),
    }
    selects = "".join(
        _select(name, title, (("Y", "да"), ("N", "нет")), "Y" if value else "N")
        for name, (title, value) in flags.items()
    )
    units = _select("measure", "Единица", [(one.symbol, one.title) for one in MEASURES], product.measure.symbol)
    pictures = _select("picture", "Картинка", [(one.value, one.value) for one in Picture], product.picture.value)
    return inputs + selects + units + pictures


def _ranges(ranges: Sequence[PriceRange]) -> str:
    """Return prices by quantity as the form takes them."""
    return ", ".join(f"{one.least or ''}-{one.most or ''}={plain(one.price)}" for one in ranges)


def _local(moment: datetime | None) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M}" if moment else ""


def _select(name: str, title: str, options: Sequence[tuple[str, str]], current: str) -> str:
    shown = "".join(
        f'<option value="{escape(value)}"{" selected" if value == current else ""}>{escape(label)}</option>'
        for value, label in options
    )
    return f'<label>{title} <select name="{name}">{shown}</select></label>'


def _offer_form(product: Product) -> str:
    """Return the form that adds a variation."""
    price = f'name="price" type="number" min="0" step="0.01" value="{plain(product.price)}"'
    return f"""<form method="post" action="/desk/products"><input type="hidden" name="parent" value="{product.id}">
<label>Вариация <input name="name" value="{escape(product.name)}, " required></label>
<label>Артикул <input name="article"></label><label>Чем отличается <input name="trait"></label>
<label>Цена <input {price}></label>
<button class="quiet">Добавить вариацию</button></form>"""
