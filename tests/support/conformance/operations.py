"""An operation of a vendor's interface, and what in a request or an answer is not as it says."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from flask import Request, Response

Schema = Mapping[str, Any]
Judge = Callable[[Any], Iterator[str]]  # what is wrong with a value
_REFUSED = 400  # what vendors mean by the answer "default": every error
FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Parameter:
    """`judge` is given the value in the type that it stands for."""

    judge: Judge
    kind: str
    required: bool = False

    def read(self, texts: list[str]) -> Any:
        """Return what these texts of the query say; a text that can't be read stays one."""
        if self.kind == "array":
            return texts
        text = texts[-1]
        if self.kind == "integer" and re.fullmatch(r"-?\d+", text):
            return int(text)
        return {"true": True, "false": False}.get(text, text) if self.kind == "boolean" else text


@dataclass(frozen=True)
class Operation:
    """`bodies` by media type. `answers` by status; "default" is every other error."""

    name: str
    method: str
    path: re.Pattern[str]
    query: Mapping[str, Parameter] = field(default_factory=dict)
    headers: Mapping[str, Parameter] = field(default_factory=dict)
    bodies: Mapping[str, Judge] = field(default_factory=dict)
    body_needed: bool = False
    answers: Mapping[str, Judge] = field(default_factory=dict)

    @property
    def beginning(self) -> str:
        """The fixed text that the path begins with, as far as it tells one interface from another."""
        fixed = re.match(r"(?:/[\w-]+){2}/", self.path.pattern.replace("\\", ""))
        return fixed[0] if fixed else ""

    def request_faults(self, asked: Request) -> Iterator[str]:
        """Yield what is wrong with a request."""
        given = dict(asked.args.lists())
        for name in given.keys() - self.query.keys():
            yield f"query {name}: there is no such parameter"
        for name, parameter in self.query.items():
            if name in given:
                yield from _under(f"query {name}", parameter.judge(parameter.read(given[name])))
            elif parameter.required:
                yield f"query {name}: is needed"
        for name, parameter in self.headers.items():
            if name in asked.headers:
                yield from _under(f"header {name}", parameter.judge(parameter.read([asked.headers[name]])))
            elif parameter.required:
                yield f"header {name}: is needed"
        yield from self._body_faults(asked)

    def answer_faults(self, answer: Response) -> Iterator[str]:
        """Yield what is wrong with an answer."""
        status = answer.status_code
        judge = self.answers.get(str(status)) or (self.answers.get("default") if status >= _REFUSED else None)
        content = answer.get_data()
        if judge is not None:
            found = _document(content)
            yield from ("answer: is no JSON",) if found is _NONE else _under("answer", judge(found))

    def _body_faults(self, asked: Request) -> Iterator[str]:
        content = asked.get_data()
        if not content:
            if self.body_needed:
                yield "body: is needed"
            return
        kind = asked.mimetype
        if kind not in self.bodies:
            yield f"body: may not be {kind or 'without a type'}"
            return
        found = dict(parse_qsl(content.decode(), keep_blank_values=True)) if kind == FORM else _document(content)
        yield from ("body: is no JSON",) if found is _NONE else _under("body", self.bodies[kind](found))


_NONE = object()


def _document(content: bytes) -> Any:
    try:
        return json.loads(content)
    except ValueError:
        return _NONE


def _under(place: str, faults: Iterator[str]) -> Iterator[str]:
    return (f"{place}{fault}" for fault in faults)


def pattern(template: str) -> re.Pattern[str]:
    """Return what matches a path whose variable parts stand in braces."""
    parts = re.split(r"\{[^}]+\}", template)
    return re.compile("[^/]+".join(map(re.escape, parts)))


def told(validator: Any) -> Judge:
    """Return what a validator of jsonschema says of a value: where in it, and what. Items of a list are told as one."""

    def judge(value: Any) -> Iterator[str]:
        for error in validator.iter_errors(value):
            place = re.sub(r"\[\d+\]", "[]", error.json_path.removeprefix("$"))
            yield f"{place}: {error.message[:200]}"

    return judge
