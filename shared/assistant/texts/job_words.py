"""What jobs want and why they come to nothing, in the words of the shop's people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from shared.domain.text import shorten
from shared.telegram.formatting import escape

_CODE_SHOWN: Final = 100

_WANTED: Final[Mapping[str, str]] = {
    kind: wanted
    for wanted, kinds in {
        "оформить заказ": "place_order make_order fill_basket",
        "проверить цены и наличие перед заказом": "confirm recheck",
        "выяснить, что осталось от неоформленного заказа": "clear_up_order",
        "отменить лишний заказ": "cancel_order",
        "отменить заказ по просьбе мастера": "call_off check_call_off",
        "узнать сумму заказа": "read_total",
        "дать ссылку на оплату": "invoice",
        "узнать пункты выдачи": "pickup_points",
        "подписать заказ в CRM": "name_client",
        "узнать компанию мастера": "read_company",
        "показать заказ": "show_order",
        "повторить заказ": "repeat_order",
        "узнать, что с заказом": "sync_order find_order find_deals_orders",
        "узнать, какие заказы изменились": "ask_changes ask_deals",
        "найти заказы мастера": "find_his_deals find_his_orders adopt_orders",
        "передать ответ об оплате курьеру": "cash_answer",
        "отметить оплату курьеру": "mark_cash check_cash",
        "найти товар": "find guess find_by_label",
        "узнать цены и наличие": "page_offers cart_offers",
        "показать товар": "card",
        "показать фото товара": "card_picture more_pictures",
        "открыть раздел каталога": "section",
        "подобрать похожий товар": "similar similar_offers analogue_offers",
        "подобрать принадлежности": "accessories",
        "ответить на поиск из другого чата": "inline_find inline_offers",
        "посчитать список мастера": "find_list quote_list",
        "положить список в корзину": "add_list",
        "прочитать файл со списком": "read_list_file",
        "прочитать штрихкод на фото": "scan_photo",
        "собрать, чего мастера не нашли": "empty_digest",
        "проверить товары, за которыми следим": "look_at_watches",
        "начать возврат": "list_goods",
        "загрузить фото возврата": "upload_photo",
        "зарегистрировать возврат": "register_return",
        "узнать, что с возвратом": "sync_return",
        "удалить старое фото возврата": "delete_photo",
        "открыть доступ новому мастеру": "bind_contact make_contact",
        "записать разговор в CRM": "tell_crm",
    }.items()
    for kind in kinds.split()
}

_REASONS: Final[Mapping[str, str]] = {
    code: reason
    for reason, codes in {
        "ключу не хватает прав, или этого нет в тарифе": "access_denied",
        "в правах ключа не хватает раздела": "insufficient_scope",
        "такого метода на портале нет": "error_method_not_found",
        "портал не принимает ключ": "auth_failed expired_token",
        "портал закрыл запросы": "overload_limit",
        "портала по этому адресу нет": "portal_deleted",
        "портал ограничил запросы": "query_limit_exceeded operation_time_limit",
        "портал не ответил": "timeout portal_failed outcome_unknown not_sent",
        "портал сделал не всё": "partly_done",
        "портал ответил отказом": "refused",
        "на портале такой записи нет": "not_found",
        "товара не хватило": "out_of_stock",
        "отменять уже поздно": "too_late_to_cancel",
        "ответ портала не разобрать": "bad_answer",
        "такой статус заказа не настроен": "unknown_status",
        "в корзине покупателя чужие товары": "basket_not_empty",
        "заказ отменили, пока он оформлялся": "canceled_meanwhile",
        "попыток было слишком много": "too_many_steps",
        "не успели вовремя": "too_late",
        "файл не подходит": "file_unfit",
        "Телеграм не отдал файл": "file_gone file_late file_slow",
        "ошибка в боте": "bug plan_failed too_large",
    }.items()
    for code in codes.split()
}


def wanted(kind: str) -> str:
    """What a job of this kind was to do: «оформить заказ»; "" for a kind that nobody has given words to."""
    return _WANTED.get(kind, "")


def failed(kind: str) -> str:
    """«не получилось оформить заказ»"""
    return f"не получилось {wanted(kind) or f'задание «{escape(kind)}»'}"


def reason(code: str) -> str:
    """«ключу не хватает прав, или этого нет в тарифе (ACCESS_DENIED)»: the code is for who looks deeper"""
    shown = escape(shorten(code, _CODE_SHOWN))
    known = _REASONS.get(code.casefold())
    return f"{known} ({shown})" if known else shown
