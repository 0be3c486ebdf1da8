"""Reasons for refusals over HTTP, in English and Chinese: the catalogue of the door.

Each completes a sentence of `shared/contract/door.py`.
"""

from shared.contract.values.problems import Words

BATCH = Words("one event at a time, not a batch", "每次只能发送一个事件，不接受批量")
FOREIGN_TYPE = Words("its content type or encoding is none of ours", "不支持其内容类型或编码")
NO_JSON = Words("the body is not JSON in UTF-8", "正文不是 UTF-8 编码的 JSON")
NO_ATTRIBUTE = Words("a ce- header is there twice, or is no attribute", "有 ce- 请求头重复，或不是属性名")
NOT_ENCODED = Words(
    "the value of a ce- header is not percent-encoded UTF-8",
    "ce- 请求头的值不是百分号编码的 UTF-8",
)
CHANNEL_NO_TEXT = Words("channel must be a text", "channel 必须是文本")
UNKNOWN_CHANNEL = Words("channel must be one of {known}", "channel 必须是下列之一：{known}")
TWO_CHANNELS = Words("the address and the event name different channels", "地址与事件中的渠道不一致")
