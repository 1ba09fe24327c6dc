"""API Gateway's side of a Lambda authorizer: the token's place, the policy, the cache, and what errors become."""

import copy
from typing import Any

from chalice.local import LocalGatewayAuthorizer

from chalicelib.core import clock, log
from infra.local.gateway_refusal import Refused

_KEPT_AT_MOST = 2000


class Authorizer(LocalGatewayAuthorizer):
    """Keeps what an authorizer allowed for its `ttl_seconds`, keyed by the token; a refusal is never kept."""

    def __init__(self, app: Any) -> None:
        super().__init__(app)
        self._kept: dict[tuple[str, str], tuple[float, dict[str, Any]]] = {}

    def authorize(self, raw_path: str, lambda_event: dict[str, Any], lambda_context: Any) -> tuple[dict[str, Any], Any]:
        """The event with the identity in its context. Refused as UNAUTHORIZED, ACCESS_DENIED or AUTHORIZER_FAILURE."""
        entry = self._route_for_event(lambda_event)
        authorizer = entry.authorizer if entry else None
        if authorizer is None:
            return lambda_event, lambda_context
        token = lambda_event["headers"].get("authorization")
        if not token:
            raise Refused("UNAUTHORIZED")  # the gateway does not even ask
        arn = self._arn_builder.build_arn(lambda_event["requestContext"]["httpMethod"], raw_path)
        result = self._ask(authorizer, token, arn, lambda_event, lambda_context)
        if not self._check_can_invoke_view_function(arn, result):
            raise Refused("ACCESS_DENIED")
        proved = {**copy.deepcopy(result.get("context") or {}), "principalId": result["principalId"]}
        lambda_event["requestContext"]["authorizer"] = proved
        return lambda_event, lambda_context

    def _ask(self, authorizer: Any, token: str, arn: str, event: dict[str, Any], context: Any) -> dict[str, Any]:
        now, place = clock.monotonic(), (authorizer.name, token)
        kept = self._kept.get(place)
        if kept and kept[0] > now:
            return kept[1]
        try:
            question = {"type": "TOKEN", "authorizationToken": token, "methodArn": arn}
            result: dict[str, Any] | None = authorizer(question, context)
        except Exception as error:  # the gateway's own edge
            if str(error) == "Unauthorized":
                raise Refused("UNAUTHORIZED") from error
            log.failure("function_failed", error, function=authorizer.name)
            raise Refused("AUTHORIZER_FAILURE") from error
        if not isinstance(result, dict) or "principalId" not in result:
            raise Refused("AUTHORIZER_CONFIGURATION_ERROR")
        ttl = authorizer.config.ttl_seconds
        if ttl:
            if len(self._kept) >= _KEPT_AT_MOST:
                self._kept.clear()
            self._kept[place] = (now + ttl, result)
        return result
