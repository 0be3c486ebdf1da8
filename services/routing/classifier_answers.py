"""Reading of an external classifier's answer, which may have any content. Pure."""

import orjson
from pydantic import ValidationError

from shared.contract.classify import MOST_REPLY_BYTES, ClassifyReply, ClassifyRequest


class Unusable(Exception):
    """Raised for an answer that cannot be used; the message is a code, and holds nothing of the answer."""


def read_answer(body: bytes, request: ClassifyRequest) -> ClassifyReply:
    """Answer to this request. Raises `Unusable`."""
    if len(body) > MOST_REPLY_BYTES:
        raise Unusable("too_large")
    try:
        found = ClassifyReply.model_validate(orjson.loads(body))
    except orjson.JSONDecodeError:
        raise Unusable("not_json") from None
    except ValidationError:
        raise Unusable("wrong_shape") from None
    if (found.request_id, found.complaint_id) != (request.request_id, request.complaint_id):
        raise Unusable("wrong_id")
    if found.sub and found.sub.category != found.category:
        raise Unusable("wrong_sub")
    return found
