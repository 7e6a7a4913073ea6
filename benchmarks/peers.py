"""cxid and Splink side by side on the same data and machine.

python benchmarks/peers.py speed [--records 1000000] [--repeats 3] [--write]
python benchmarks/peers.py accuracy [--only NAME ...] [--seeds 1 2 3] [--write]

Each run is a process of its own and they alternate. Splink lives in benchmarks/.venv-peers, which is made at the first
run. `accuracy` may be interrupted: --resume goes on where it stopped. Results go to stdout, with --write to
benchmarks/results/peers_speed.md and peers_accuracy.md too. Run nothing else on the machine meanwhile.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from labelled import CACHE, Folders
from peers_accuracy import compare_accuracy
from peers_speed import compare_speed


def arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cache", type=Path, default=CACHE, help="generated data and work files; may be removed")
    parser.add_argument("--write", action="store_true", help="write the page of results")
    parser.add_argument("--resume", action="store_true", help="keep the rows of an interrupted run")
    commands = parser.add_subparsers(dest="command", required=True)
    shared = argparse.ArgumentParser(add_help=False)
    for option in ("--write", "--resume"):
        shared.add_argument(option, action="store_true", default=argparse.SUPPRESS)
    speed = commands.add_parser("speed", parents=[shared], help="time and memory on people of the generator")
    speed.add_argument("--records", type=int, default=1_000_000)
    speed.add_argument("--seed", type=int, default=1)
    speed.add_argument("--repeats", type=int, default=3)
    accuracy = commands.add_parser("accuracy", parents=[shared], help="F1 and B-cubed on every labelled set")
    accuracy.add_argument("--only", nargs="*", default=[], help="names of sets")
    accuracy.add_argument("--seeds", nargs="*", type=int, default=[1, 2, 3], help="of the generated people")
    accuracy.add_argument("--cxid-again", action="store_true", help="keep Splink's rows of the run before")
    return parser


def main() -> None:
    options = arguments().parse_args()
    folders = Folders(cache=options.cache)
    if options.command == "speed":
        compare_speed(folders, options)
    else:
        compare_accuracy(folders, options)


if __name__ == "__main__":
    main()
