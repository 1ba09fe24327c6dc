"""What `make check` says of sizes and duplicates."""

from tests import shape

LINES = [f"value_{n} = make({n})" for n in range(7)]


def test_what_stands_twice_is_found_in_two_files_and_in_one() -> None:
    run = "\n".join(LINES[:6])
    assert list(shape.duplicates([("a.py", f"x = 1\n{run}"), ("b.py", run)])) == [
        "a.py:2 and b.py:1: 6 equal lines, from: value_0 = make ( 0 )"
    ]
    assert len(list(shape.duplicates([("a.py", f"{run}\nx = 1\n{run}")]))) == 1


def test_a_longer_run_is_said_once_and_five_lines_are_none() -> None:
    longer, five = "\n".join(LINES), "\n".join(LINES[:5])
    assert len(list(shape.duplicates([("a.py", longer), ("b.py", longer)]))) == 1
    assert list(shape.duplicates([("a.py", f"{five}\na = 1"), ("b.py", f"{five}\nb = 1")])) == []


def test_imports_comments_docstrings_brackets_and_spaces_make_no_difference() -> None:
    imports = "\n".join(f"import module_{n}" for n in range(9))
    assert list(shape.duplicates([("a.py", imports), ("b.py", imports)])) == []
    spread = '"""Said."""\n' + "\n# why\n\n".join(line.replace("(", "( ") for line in LINES[:6])
    assert len(list(shape.duplicates([("a.py", spread), ("b.py", "\n".join(LINES[:6]))]))) == 1
    assert [text for _, text in shape.code("call(\n    1,\n)\n")] == ["call (", "1 ,"]


def test_long_files_and_functions_are_named() -> None:
    body = "\n".join(f"    x = {n}" for n in range(39))
    assert list(shape.sizes("a.py", f"def short():\n{body}\n")) == []
    assert list(shape.sizes("a.py", f"def long():\n    y = 0\n{body}\n")) == ["a.py:1: long has 41 lines, 40 at most"]
    assert list(shape.sizes("a.py", "x = 1\n" * 300)) == []
    assert list(shape.sizes("a.py", "x = 1\n" * 301)) == ["a.py: 301 lines, 300 at most"]
