"""The worked example of `docs/negotiation.md` runs as it is written, on a complaint of its own."""

import re
import shlex
from pathlib import Path

from deploy.local.stack import Stack
from tests.amends_command import amends
from tests.outside import Outside

DOCUMENT = Path(__file__).parents[2] / "docs" / "negotiation.md"
EXAMPLE = re.compile(r"```bash\n(.*?)```", re.DOTALL)


def lines() -> list[list[str]]:
    """Words of each command of the example."""
    (block,) = EXAMPLE.findall(DOCUMENT.read_text(encoding="utf-8"))
    return [shlex.split(line) for line in block.splitlines() if line.strip()]


async def test_the_example_from_a_complaint_to_an_agreement(
    stack: Stack, system: Outside, tmp_path: Path
) -> None:
    complaint = await system.submit(title="水壶漏水", narrative="买的水壶用了两天就漏水，希望退款。")
    assigned = await system.until(complaint, "assigned")
    values = {
        "$ID": complaint,
        "$OWNER": str(assigned["data"]["owner"]),
        "$OUT": str(tmp_path / "record.zip"),
    }
    outputs = []
    for program, *words in lines():
        assert program == "amends"
        filled = [values.get(word, word) for word in words]
        ran = await amends(*filled, "--dir", str(stack.layout.root))
        assert ran.status == 0, (words, ran.out, ran.err)
        outputs.append(ran.out)
    story = next(one for one in outputs if "Negotiation of complaint" in one)
    assert "rejected. The next alternative, refund, was proposed at once." in story
    assert "Agreed: refund 199.00 CNY, on after-sales-7" in story
    assert "The package is as it was made" in outputs[-1]
