"""`python -m tests.shape`: no file over 300 lines, no function over 40, no run of six equal lines twice in chalicelib.

A run counts lines of code: no imports, comments, docstrings, and no lines without a word, such as a closing bracket. Other than
pylint's symilar it also looks within a file, and takes a line for the same whatever its spaces.
"""

import ast
import io
import re
import sys
import tokenize
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LONGEST_FILE, LONGEST_FUNCTION, EQUAL_LINES = 300, 40, 6
_NO_CODE = {
    tokenize.COMMENT,
    tokenize.NL,
    tokenize.NEWLINE,
    tokenize.INDENT,
    tokenize.DEDENT,
    tokenize.ENDMARKER,
}
_DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
Line = tuple[int, str]  # its number and its code


def sizes(name: str, source: str) -> Iterator[str]:
    """Yield a sentence for the file, and for each of its functions, that is too long."""
    length = len(source.splitlines())
    if length > LONGEST_FILE:
        yield f"{name}: {length} lines, {LONGEST_FILE} at most"
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > LONGEST_FUNCTION:
                yield f"{name}:{node.lineno}: {node.name} has {length} lines, {LONGEST_FUNCTION} at most"


def code(source: str) -> list[Line]:
    """Return the lines that count."""
    left_out = {number for node in ast.walk(ast.parse(source)) for number in _without_code(node)}
    words: dict[int, list[str]] = defaultdict(list)
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type not in _NO_CODE and token.start[0] not in left_out:
            words[token.start[0]].append(token.string)
    return [(n, text) for n, text in sorted((n, " ".join(each)) for n, each in words.items()) if re.search(r"\w", text)]


def _without_code(node: ast.AST) -> range:
    if isinstance(node, ast.Import | ast.ImportFrom):
        return range(node.lineno, (node.end_lineno or node.lineno) + 1)
    first = node.body[0] if isinstance(node, _DOCUMENTED) and node.body else None
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str):
        return range(first.lineno, (first.end_lineno or first.lineno) + 1)
    return range(0)


def duplicates(files: Iterable[tuple[str, str]]) -> Iterator[str]:
    """Yield a sentence for each run that stands twice, at its first six lines."""
    places: dict[tuple[str, ...], list[tuple[str, int, int]]] = defaultdict(list)
    for name, source in files:
        lines = code(source)
        for at in range(len(lines) - EQUAL_LINES + 1):
            run = tuple(text for _, text in lines[at : at + EQUAL_LINES])
            places[run].append((name, at, lines[at][0]))
    starts = {(name, at) for found in places.values() if len(found) > 1 for name, at, _ in found}
    for run, found in places.items():
        if len(found) > 1 and not all((name, at - 1) in starts for name, at, _ in found):
            stands = " and ".join(f"{name}:{number}" for name, _, number in found)
            yield f"{stands}: {EQUAL_LINES} equal lines, from: {run[0]}"


def main() -> int:
    """Print what is wrong; 1 where anything is."""
    paths = [
        ROOT / "app.py",
        *(path for room in ("chalicelib", "infra", "tests") for path in (ROOT / room).rglob("*.py")),
    ]
    sources = {str(path.relative_to(ROOT)): path.read_text() for path in sorted(paths)}
    wrong = [each for name, source in sources.items() for each in sizes(name, source)]
    wrong += duplicates((name, source) for name, source in sources.items() if name.startswith("chalicelib/"))
    print("\n".join(wrong) or f"{len(sources)} files are short enough, and nothing in chalicelib stands twice")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
