"""Write what outsiders rely on: `python -m shared.contract.generate docs/contract`."""

import sys
from pathlib import Path

from shared.contract.generate.writing import files, write


def main() -> int:
    """Exit status 0 when written, 2 when called wrongly."""
    if len(sys.argv) != 2:
        print("usage: python -m shared.contract.generate DIRECTORY", file=sys.stderr)
        return 2
    changed = write(Path(sys.argv[1]))
    print(f"{len(files())} files of the contract in {sys.argv[1]}, {len(changed)} changed")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
