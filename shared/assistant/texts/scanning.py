"""Texts about photos of barcodes."""

from __future__ import annotations


def no_code() -> str:
    """Say that no barcode is seen on a photo, and what to do."""
    return (
        "Штрихкода на фото не видим. Снимите его ближе и прямо или напишите артикул с этикетки. "
        "Хотите вернуть товар — начните возврат, фото попросим там. Список или деталь на фото разберёт менеджер."
    )


def not_given() -> str:
    """Say that Telegram did not give the photo."""
    return "Телеграм не отдал нам фото. Пришлите его ещё раз или напишите артикул с этикетки."
