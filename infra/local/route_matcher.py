"""Paths matched as API Gateway matches them."""

from urllib.parse import parse_qs

from chalice.local import MatchResult, RouteMatcher


class Routes(RouteMatcher):
    """Concrete segments win over variables; a variable takes one segment, as it was sent, and never an empty one."""

    def match_route(self, url: str) -> MatchResult:
        """The route with its variables and query. ValueError where there is none."""
        path, _, query = url.partition("#")[0].partition("?")
        if len(path) > 1 and path.endswith("/"):
            path = path[:-1]
        parts = path.split("/")
        for route in self.route_urls:
            captured = _captured(route.split("/"), parts)
            if captured is not None:
                return MatchResult(route, captured, parse_qs(query, keep_blank_values=True))
        raise ValueError("no route matches")


def _captured(pattern: list[str], parts: list[str]) -> dict[str, str] | None:
    if len(pattern) != len(parts):
        return None
    found = {}
    for expected, part in zip(pattern, parts, strict=True):
        if expected.startswith("{") and part:
            found[expected[1:-1]] = part
        elif expected != part:
            return None
    return found


def media_type(headers: dict[str, str]) -> str:
    """The media type of a body, without parameters, in lower case."""
    return headers.get("content-type", "").partition(";")[0].strip().lower()
