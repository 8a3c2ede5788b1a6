"""What the shop says about its goods: a description in HTML, as people paste it into a portal."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from infra.local.portal.catalogue.model import Category, Product

_ABOUT: Mapping[Category, str] = {
    Category.DRIVERS: "Для сборки мебели, монтажа профиля и мелкого ремонта. Зарядное устройство — в комплекте.",
    Category.POWER: "Профессиональный инструмент с гарантией производителя 12&nbsp;месяцев.",
    Category.BITS: 'Хромованадиевая сталь, посадка 1/4". Подходит к любому шуруповёрту.',
    Category.DRILLS: "Заточены на заводе и готовы к работе. Хвостовик указан в названии.",
    Category.DISCS: "Перед работой проверьте целостность круга и наденьте очки.",
    Category.HAND: "Инструмент на каждый день: рукоятка не скользит, сталь не крошится.",
    Category.FASTENERS: "Оцинкованный крепёж, упаковка — в названии.",
    Category.SEALANTS: "Наносить при температуре от +5 до +40&nbsp;°C на сухое чистое основание.",
    Category.PAINT: "Перед нанесением перемешать, расход — на этикетке.",
    Category.ELECTRICS: "Монтаж — только при снятом напряжении. Сертификат соответствия — по запросу.",
    Category.PLUMBING: "Латунь и пищевая резина, проверено давлением 10&nbsp;бар.",
    Category.PARTS: "Сверьте артикул со старой деталью: подойдёт только к указанным моделям.",
    Category.SAFETY: "Соответствует ТР&nbsp;ТС&nbsp;019/2011.",
}


def about(product: Product) -> str:
    """Return the description of a product."""
    article = f"<ul><li>Артикул: {escape(product.article)}</li></ul>"
    return f"<p><b>{escape(product.name)}</b></p>\n<p>{_ABOUT[product.category]}</p>{article}"
