"""Ten thousand bad submissions at once: nobody else waits for them, and none of them is lost."""

from statistics import median

from nats.aio.client import Client

from deploy.local.stack import Stack
from tests.bench.bad_flood import BAD, LONGEST_DELAY_SECONDS, MOST_MEGABYTES, flooded, put_aside
from tests.bench.figures import quantile


async def test_good_submissions_do_not_wait_for_ten_thousand_bad_submissions(
    stack: Stack, admin: Client
) -> None:
    before = await put_aside(admin)
    quiet, amid = await flooded(stack, admin)
    assert await put_aside(admin) == before + BAD
    # The very longest is the bench's to tell: here other tests may have the machine at that moment.
    assert quantile(amid.after_ack, 0.99) - quantile(quiet.after_ack, 0.99) < LONGEST_DELAY_SECONDS
    assert median(amid.waits) - median(quiet.waits) < LONGEST_DELAY_SECONDS
    assert amid.megabytes < MOST_MEGABYTES
