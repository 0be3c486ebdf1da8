"""Conversion of values to and from Temporal: JSON by Pydantic."""

from temporalio.contrib.pydantic import PydanticPayloadConverter
from temporalio.converter import CompositePayloadConverter, DataConverter

_PYDANTIC = PydanticPayloadConverter()


class SharedPydanticConverter(CompositePayloadConverter):
    """Pydantic converter of the SDK, made once. The SDK makes one for each activation and workflow."""

    def __init__(self) -> None:
        self.converters = _PYDANTIC.converters


data_converter = DataConverter(payload_converter_class=SharedPydanticConverter)
"""Payloads as `pydantic_data_converter` reads and writes them, byte for byte."""
