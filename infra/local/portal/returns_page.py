"""How a return lies on the shop's desk: what comes back, why, the photos, and the buttons to decide."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from infra.local.portal.figures import plain
from infra.local.portal.layout import NO_BREAK_SPACE, badge, choices
from infra.local.portal.returns import RETURN_STATUSES, Return


@dataclass(frozen=True)
class ReturnOnDesk:
    """A return with the names of its goods by product id, and the Disk files of its photos that are still there."""

    item: Return
    names: Mapping[str, str]
    files: Sequence[str]


def return_card(shown: ReturnOnDesk) -> str:
    """Return the card of a return."""
    item = shown.item
    number = f"Возврат №{NO_BREAK_SPACE}{escape(item.id)}"
    order = f'<a href="#order-{escape(item.order_id)}">заказ №{NO_BREAK_SPACE}{escape(item.order_id)}</a>'
    said = [f"причина мастера: {item.wish}"] if item.wish else []
    said += [f"причина отказа: {item.reason}"] if item.reason else []
    said += [f"фото: {len(item.photos)}"]
    return f"""<section class="card" id="return-{escape(item.id)}">
<div class="row"><strong>{number}</strong>{badge(item.status)}<span class="soft">{order}</span></div>
<ul>{_goods(shown)}</ul>
<p class="soft">{escape(" · ".join(said))}</p>
{_photos(shown)}
<form method="post" action="/desk/returns/{escape(item.id)}">
<select name="status" aria-label="Статус">{choices(RETURN_STATUSES, item.status)}</select>
<input name="reason" placeholder="Причина отказа" aria-label="Причина отказа" value="{escape(item.reason)}">
<button class="quiet">Сохранить</button></form></section>"""


def _goods(shown: ReturnOnDesk) -> str:
    return "".join(
        f"<li><span>{escape(shown.names.get(product_id) or f'товар {product_id}')}</span>"
        f"<span>{plain(pieces)} шт.</span></li>"
        for product_id, pieces in shown.item.items.items()
    )


def _photos(shown: ReturnOnDesk) -> str:
    addresses = (f"/docs/file/{escape(file)}/" for file in shown.files)
    pictures = "".join(
        f'<a href="{address}"><img src="{address}" alt="Фото возврата" loading="lazy"></a>' for address in addresses
    )
    return f'<div class="photos">{pictures}</div>' if pictures else ""
