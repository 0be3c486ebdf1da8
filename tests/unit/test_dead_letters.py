"""A dead letter says in both languages what became of it, without a word of its content."""

from typing import Any

from shared.contract.quarantine import HEADER_DETAIL_ZH
from shared.contract.subjects import Service
from shared.runtime.messages.delivery import Delivery


async def test_a_dead_letter_is_explained_in_chinese_too() -> None:
    class Kept:
        def __init__(self) -> None:
            self.all_outgoing: list[Any] = []

        async def put_all(self, stream: str, all_outgoing: list[Any]) -> None:
            self.all_outgoing += all_outgoing

    kept: Any = Kept()
    await Delivery(Service.ROUTING, kept).bury("s", b"{}", ValueError("secret"))

    (outgoing,) = kept.all_outgoing
    assert "%E5%A4%84%E7%90%86%E5%A4%B1%E8%B4%A5" in outgoing.headers[HEADER_DETAIL_ZH]  # 处理失败
    assert "secret" not in str(outgoing.headers)
