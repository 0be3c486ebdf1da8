"""The policy says which sources share the references of their customers."""

from pathlib import Path

import orjson
import pytest
import yaml

from services.intake.registration import IntakeContext, register
from shared.contract.submission.reading import read_submission
from shared.policy.loader import load_policy
from shared.policy.models import register_of
from shared.policy.problems import PolicyError
from tests.unit.submissions import NOW, WEB, submission

SHOP = {"shop": ["shop.example", "app.shop.example"]}


def pack(directory: Path, registers: object) -> str:
    path = directory / "pack"
    path.mkdir()
    own = {"id": "own", "version": "1", "extends": "default", "registers": registers}
    (path / "pack.yaml").write_text(yaml.safe_dump(own))
    return str(path)


def test_sources_of_one_register_and_what_lies_below_them_have_the_same_customers(tmp_path: Path) -> None:
    policy = load_policy(pack(tmp_path, SHOP))
    found = [
        register_of(policy.pack, one) for one in ("shop.example", "app.shop.example/ios", "shop.example2")
    ]
    assert found == ["shop", "shop", None]
    context = IntakeContext.under(policy)

    def customer(source: str, ref: str) -> str:
        message = submission(customer={"ref": ref}) | {"source": source}
        return register(WEB, orjson.dumps(message), NOW, context).customer

    assert customer("shop.example", "1001") == customer("app.shop.example", " 1001")
    assert customer("shop.example", "1001") != customer("bank.example", "1001")
    assert customer("shop", "1001") != customer("shop.example", "1001")


@pytest.mark.parametrize(
    "registers",
    [SHOP | {"bank": ["shop.example"]}, SHOP | {"bank": ["shop.example/bank"]}, SHOP | {"bank": [" x"]}],
)
def test_a_source_in_two_registers_is_refused_with_file_and_field(tmp_path: Path, registers: object) -> None:
    with pytest.raises(PolicyError) as refused:
        load_policy(pack(tmp_path, registers))
    assert "pack.yaml" in str(refused.value)
    assert "registers." in str(refused.value)
    assert "pack.yaml:" in str(refused.value)


def test_a_reference_is_stored_composed_and_without_blanks_around_it() -> None:
    message = submission(customer={"ref": " Zoe\u0308 "})
    _, submitted = read_submission(WEB, orjson.dumps(message), NOW)
    assert submitted.data.customer.ref == "Zoë"
