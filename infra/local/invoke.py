"""Lambda's Invoke on this machine, in front of the app's own functions, so that what calls one by boto3 is the code of AWS.

https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html: synchronous calls only; 6 MB in and out; a function that
raises or runs out of its time (that of .chalice/config.json) is answered 200 with X-Amz-Function-Error.
"""

import json
import re
import threading
import uuid
from collections.abc import Callable
from types import ModuleType
from typing import Any

from chalice.local import LambdaContext

from infra.local import functions
from infra.local.functions import Limits
from infra.loopback import Asked, Said, Server

MAX_PAYLOAD = 6_291_556  # as Lambda's own error text has it
_PATH = re.compile(r"/2015-03-31/functions/([^/]+)/invocations")
# A name, the last part of a partial or whole ARN, perhaps with a version or alias.
_NAME = re.compile(r"(?:.*:function:)?([A-Za-z0-9_-]+)(?::[A-Za-z0-9$_-]+)?")
Handler = Callable[[Any, Any], Any]


class Invocations:
    """Serves every `@app.lambda_function` of a module, by its name, until `stop`. `limits` may be changed, for tests."""

    def __init__(self, module: ModuleType) -> None:
        self._handlers = functions.plain(module)
        self.limits = {name: functions.limits(name) for name in self._handlers}
        self._server = Server(self._answer, largest=MAX_PAYLOAD)
        self.url = self._server.url

    def stop(self) -> None:
        """Serve nothing any more."""
        self._server.stop()

    def _answer(self, asked: Asked) -> Said:
        found = _PATH.fullmatch(asked.path.replace("%3A", ":").replace("%24", "$"))
        named = _NAME.fullmatch(found[1]) if found and asked.method == "POST" else None
        if named is None:
            return _refused(404, "ResourceNotFoundException", "There is no such operation here.")
        name = named[1]
        if name not in self._handlers:
            return _refused(404, "ResourceNotFoundException", f"Function not found: {name}")
        if asked.headers.get("x-amz-invocation-type", "RequestResponse") != "RequestResponse":
            return _refused(400, "InvalidParameterValueException", "Only RequestResponse is simulated.")
        if int(asked.headers.get("content-length") or 0) > MAX_PAYLOAD:
            text = f"Request must be smaller than {MAX_PAYLOAD} bytes for the InvokeFunction operation"
            return _refused(413, "RequestTooLargeException", text)
        try:
            event = json.loads(asked.body or b"{}")
        except ValueError:
            return _refused(400, "InvalidRequestContentException", "Could not parse request body into json.")
        return _run(name, self._handlers[name], event, self.limits[name])


def _run(name: str, handler: Handler, event: Any, limits: Limits) -> Said:
    """The function in a thread of its own, which goes on unheard where its time is over: a thread can't be ended."""
    said: list[Said] = []
    context = LambdaContext(name, limits.memory_mb, int(limits.seconds * 1000))
    thread = threading.Thread(
        target=lambda: said.append(_outcome(handler, event, context)), daemon=True, name=f"function-{name}"
    )
    thread.start()
    thread.join(limits.seconds)
    if not said:
        text = f"RequestId: {context.aws_request_id} Error: Task timed out after {limits.seconds:.2f} seconds"
        return _failed("Sandbox.Timedout", text)
    return said[0]


def _outcome(handler: Handler, event: Any, context: Any) -> Said:
    try:
        raw = json.dumps(handler(event, context)).encode()
    except Exception as error:  # noqa: BLE001 - Lambda's own edge: whatever a function raises is told to its caller
        return _failed(type(error).__name__, str(error))
    if len(raw) > MAX_PAYLOAD:
        text = f"Response payload size exceeded maximum allowed payload size ({MAX_PAYLOAD} bytes)."
        return _failed("Function.ResponseSizeTooLarge", text)
    return Said(200, raw, {"X-Amz-Executed-Version": "$LATEST"})


def _failed(kind: str, text: str) -> Said:
    headers = {"X-Amz-Function-Error": "Unhandled", "X-Amz-Executed-Version": "$LATEST"}
    return Said(200, {"errorMessage": text, "errorType": kind, "requestId": str(uuid.uuid4())}, headers)


def _refused(status: int, kind: str, text: str) -> Said:
    return Said(status, {"Type": "User", "Message": text}, {"x-amzn-ErrorType": kind})
