"""Each deliberate break still fits the line that it breaks: seen at every run, and not only when all are made."""

import pytest

from tests.breaks.__main__ import BREAKS
from tests.breaks.replacement import ROOT, Break


@pytest.mark.parametrize("broken", BREAKS, ids=lambda each: f"{each.promise}-{each.file}")
def test_a_break_finds_its_line_and_its_test(broken: Break) -> None:
    assert broken.old in (ROOT / broken.file).read_text()
    file, _, name = broken.test.partition("::")
    assert f"def {name.partition('[')[0]}(" in (ROOT / file).read_text()
