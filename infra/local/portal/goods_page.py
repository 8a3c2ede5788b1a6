"""The goods as the shop's people see them: a search, and for each product its price and stock to change."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from infra.local.portal.catalogue import STORES, Product
from infra.local.portal.figures import plain
from infra.local.portal.layout import page

SHOWN = 30


def goods_page(query: str, found: Sequence[Product]) -> str:
    """Return the page; of many products only the first are shown, the search narrows them down."""
    more = f'<p class="soft">Показаны первые {SHOWN} из {len(found)}, уточните поиск.</p>' if len(found) > SHOWN else ""
    cards = "".join(map(_card, found[:SHOWN])) or '<p class="card">Ничего не нашлось.</p>'
    body = f"""<h1>Товары</h1>
<p class="soft">Измените цену или остаток, и мастер увидит это при следующем обращении. <a href="/">К заказам</a></p>
<form method="get"><input name="q" value="{escape(query)}" placeholder="Название или артикул" aria-label="Поиск">
<button>Найти</button></form>
{more}{cards}"""
    return page("Товары", body)


def _card(product: Product) -> str:
    stores = "".join(
        f'<label>{escape(title)} <input name="stock[{store}]" type="number" min="0" max="1000000" '
        f'value="{product.stock.get(store, 0)}"></label>'
        for store, title in STORES.items()
    )
    price = f'name="price" type="number" min="0.01" max="1000000" step="0.01" value="{plain(product.price)}"'
    return f"""<section class="card" id="product-{escape(product.id)}">
<div class="row"><strong>{escape(product.name)}</strong><span class="soft">{escape(product.article)}</span></div>
<form method="post" action="/desk/products/{escape(product.id)}">
<label>Цена, ₽ <input {price}></label>
{stores}<button class="quiet">Сохранить</button></form></section>"""
