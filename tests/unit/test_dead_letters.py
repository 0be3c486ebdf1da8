"""A dead letter says in both languages what became of it, without a word of its content."""

from typing import Any

from shared.contract.quarantine import HEADER_DETAIL_ZH
from shared.contract.subjects import Service
from shared.runtime.messages.delivery import Delivery


async def test_a_dead_letter_is_explained_in_chinese_too() -> None:
    class Kept:
        def __init__(self) -> None:
            self.parcels: list[Any] = []

        async def put_all(self, stream: str, parcels: list[Any]) -> None:
            self.parcels += parcels

    kept: Any = Kept()
    await Delivery(Service.ROUTING, kept).bury("s", b"{}", ValueError("secret"))

    (parcel,) = kept.parcels
    assert "%E5%A4%84%E7%90%86%E5%A4%B1%E8%B4%A5" in parcel.headers[HEADER_DETAIL_ZH]  # 处理失败
    assert "secret" not in str(parcel.headers)
