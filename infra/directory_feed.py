"""`python -m infra.directory_feed FILE…`: take people from public professional sources into the directory of the deployment that
the settings name (IKO_…). A .jsonl file has an object a line, a .csv file a header with the same names:

    source, source_url, seen_at, name, title, company, links, notify

`seen_at` is the source's date, `notify` the address to tell the person, `links` a list, or in CSV addresses between spaces. Never
feed in what a member brought. Prints how many lines came to what, and no name. A file may be read again: nothing happens twice.
"""

import csv
import json
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

from chalicelib.domain.directory import feed


def lines(file: Path) -> Iterator[Mapping[str, object] | None]:
    """Yield what each line of a feed says; None for what is no line of one."""
    with file.open(encoding="utf-8-sig", newline="") as opened:
        if file.suffix == ".csv":
            yield from csv.DictReader(opened)
            return
        for line in opened:
            if line.strip():
                yield _object(line)


def _object(line: str) -> Mapping[str, object] | None:
    try:
        read = json.loads(line)
    except ValueError:
        return None
    return read if isinstance(read, dict) else None


def take(file: Path) -> Counter[str]:
    """Take a file's people into the directory; how many lines came to what."""
    return Counter(str(feed.take(line) if line is not None else feed.Outcome.UNREADABLE) for line in lines(file))


def main() -> int:
    """Take the files that are named, and print what became of their lines."""
    for name in sys.argv[1:]:
        for outcome, count in sorted(take(Path(name)).items()):
            print(f"{outcome}: {count}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
