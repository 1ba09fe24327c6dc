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
from flask import Flask, request

from infra.local import functions
from infra.local.functions import Limits
from infra.loopback import Server

MAX_PAYLOAD = 6_291_556  # as Lambda's own error text has it
# A name, the last part of a partial or whole ARN, perhaps with a version or alias.
_NAME = re.compile(r"(?:.*:function:)?([A-Za-z0-9_-]+)(?::[A-Za-z0-9$_-]+)?")
Handler = Callable[[Any, Any], Any]
Answer = tuple[bytes | dict[str, str], int, dict[str, str]]


class Invocations:
    """Serves every `@app.lambda_function` of a module, by its name, until `stop`. `limits` may be changed, for tests."""

    def __init__(self, module: ModuleType) -> None:
        self._handlers = functions.plain(module)
        self.limits = {name: functions.limits(name) for name in self._handlers}
        app = Flask("infra.local.invoke", static_folder=None)
        app.post("/2015-03-31/functions/<given>/invocations")(self._answer)
        app.register_error_handler(
            404, lambda _: _refused(404, "ResourceNotFoundException", "There is no such operation here.")
        )
        self._server = Server(app)
        self.url = self._server.url

    def stop(self) -> None:
        """Serve nothing any more."""
        self._server.stop()

    def _answer(self, given: str) -> Answer:
        named = _NAME.fullmatch(given)
        name = named[1] if named else ""
        if name not in self._handlers:
            return _refused(404, "ResourceNotFoundException", f"Function not found: {name or given}")
        if request.headers.get("X-Amz-Invocation-Type", "RequestResponse") != "RequestResponse":
            return _refused(400, "InvalidParameterValueException", "Only RequestResponse is simulated.")
        if (request.content_length or 0) > MAX_PAYLOAD:
            text = f"Request must be smaller than {MAX_PAYLOAD} bytes for the InvokeFunction operation"
            return _refused(413, "RequestTooLargeException", text)
        try:
            event = json.loads(request.get_data() or b"{}")
        except ValueError:
            return _refused(400, "InvalidRequestContentException", "Could not parse request body into json.")
        return _run(name, self._handlers[name], event, self.limits[name])


def _run(name: str, handler: Handler, event: Any, limits: Limits) -> Answer:
    """The function in a thread of its own, which goes on unheard where its time is over: a thread can't be ended."""
    said: list[Answer] = []
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


def _outcome(handler: Handler, event: Any, context: Any) -> Answer:
    try:
        raw = json.dumps(handler(event, context)).encode()
    except Exception as error:  # noqa: BLE001 - Lambda's own edge: whatever a function raises is told to its caller
        return _failed(type(error).__name__, str(error))
    if len(raw) > MAX_PAYLOAD:
        text = f"Response payload size exceeded maximum allowed payload size ({MAX_PAYLOAD} bytes)."
        return _failed("Function.ResponseSizeTooLarge", text)
    return raw, 200, {"Content-Type": "application/json", "X-Amz-Executed-Version": "$LATEST"}


def _failed(kind: str, text: str) -> Answer:
    headers = {"X-Amz-Function-Error": "Unhandled", "X-Amz-Executed-Version": "$LATEST"}
    return {"errorMessage": text, "errorType": kind, "requestId": str(uuid.uuid4())}, 200, headers


def _refused(status: int, kind: str, text: str) -> Answer:
    return {"Type": "User", "Message": text}, status, {"x-amzn-ErrorType": kind}
