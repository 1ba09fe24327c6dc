"""Which web clients may call: every origin that the settings name is answered with its own name, on errors too.

A browser's question beforehand (OPTIONS) is answered by the function: API Gateway could name one origin only. What the gateway
itself answers, before a function is asked, any origin may read (infra/wiring.yaml): there is nothing of anybody in it.
"""

from chalice import Blueprint, Response

from chalicelib.core import settings

_EXPOSED = "ETag,Location,Retry-After,RateLimit,X-Request-Id"
_ALLOWED = "Authorization,Content-Type,Idempotency-Key,If-Match,If-None-Match,Accept,Accept-Language"
_KEPT_S = "600"  # how long a browser need not ask again
_METHODS: dict[str, list[str]] = {}


def headers(origin: str) -> dict[str, str]:
    """Return the headers by which a browser lets pages of `origin` read an answer; no origin is named that may not."""
    try:
        named = settings.current().cors_origins
    except settings.InvalidSettings:
        return {}  # the answer says no more than that something is wrong on our side
    exposed = {"Access-Control-Expose-Headers": _EXPOSED}
    if "*" in named:
        return {"Access-Control-Allow-Origin": "*", **exposed}
    if origin in named:
        return {"Access-Control-Allow-Origin": origin, "Vary": "Origin", **exposed}
    return {"Vary": "Origin"}  # a cache must not keep this answer for an origin that may


def answer_preflight(bp: Blueprint, path: str, method: str) -> None:
    """Let browsers ask whether they may call `method` on `path`: registers OPTIONS at a path's first method."""
    methods = _METHODS.setdefault(path, [])
    methods.append(method)
    if len(methods) > 1:
        return

    def preflight(**_: str) -> Response:
        told = headers(str(bp.current_request.headers.get("origin", "")))
        if "Access-Control-Allow-Origin" in told:
            told |= {
                "Access-Control-Allow-Methods": ",".join([*methods, "OPTIONS"]),
                "Access-Control-Allow-Headers": _ALLOWED,
                "Access-Control-Max-Age": _KEPT_S,
            }
        return Response("", headers=told, status_code=204)

    bp.route(path, methods=["OPTIONS"], content_types=["*/*"])(preflight)
