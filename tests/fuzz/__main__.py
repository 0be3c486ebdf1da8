"""`python -m tests.fuzz [SECONDS]`: atheris (libFuzzer) over the reading of submissions; see `make fuzz`.

Half of its inputs are its own, led by the lines that they reach; the other half are seeds of `mutations`.
It stops at the first finding and leaves the input in the working directory as `crash-…`. A finding that was
mended belongs into `corpus/`, where the unit tests judge it for ever.
"""

import sys
from pathlib import Path
from random import Random

import atheris

with atheris.instrument_imports(include=["shared.contract", "services.intake"]):
    from tests.fuzz.judging import judged
    from tests.fuzz.mutations import mutated

CORPUS = Path(__file__).parent / "corpus"
SECONDS = "60"
SEEDED = b"seed:"
"""Beginning of an input that means the mutation that the rest of it chooses."""


def _one(data: bytes) -> None:
    judged(mutated(Random(data)) if data.startswith(SEEDED) else data)


def main() -> None:
    """Ends with exit status 0 after the time, or at once with a finding."""
    seconds = sys.argv[1] if len(sys.argv) > 1 else SECONDS
    # What it learns goes into memory only: the corpus in the repository is small and chosen.
    options = [f"-max_total_time={seconds}", "-max_len=4096", "-print_final_stats=1", "-len_control=0"]
    atheris.Setup([sys.argv[0], *options, *_seeds()], _one)
    atheris.Fuzz()


def _seeds() -> list[str]:
    files = ",".join(str(file) for file in sorted(CORPUS.iterdir()))
    return [f"-seed_inputs={files}"]


if __name__ == "__main__":
    main()
