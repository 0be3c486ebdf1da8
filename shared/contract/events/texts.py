"""Facts of texts: a text is destroyed for good, or stored for a gateway to deliver."""

from typing import Annotated

from pydantic import Field

from shared.contract.events.base import Fact, FromIntake
from shared.contract.subjects import Channel, Service
from shared.contract.values import ErasureReason, TextRef


class Erased(FromIntake):
    """Destruction of all texts of the complaint, in every service; `texts` is their number.

    The texts of ids that were merged into the complaint are destroyed, too. Facts, rates and histories
    stay as they are.
    """

    NAME = "erased"
    reason: ErasureReason
    texts: Annotated[int, Field(ge=0)]


class Notice(Fact):
    """Notice to the complainant; a gateway reads the text by its reference and delivers it."""

    NAME = "notice"
    BY = (Service.INTAKE, Service.ROUTING, Service.FOLLOWUP)
    template: str
    language: str
    channel: Channel
    customer_ref: str
    text_ref: TextRef
