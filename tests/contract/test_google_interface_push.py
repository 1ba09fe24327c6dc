"""Pub/Sub's pushes of a mailbox's changes, as their documentation has them: the pages are named in infra/simulators/google."""

import base64
import json
from datetime import timedelta
from typing import Any

import pytest
import requests
from joserfc import jwk, jwt
from joserfc.errors import JoseError
from werkzeug import Request, Response

from chalicelib.core import clock
from infra.loopback import Server
from infra.simulators.google import pubsub
from tests.support.google_app import METADATA, App

ADA = "ada@nordlicht.example"
ME = "/gmail/v1/users/me"


@pytest.fixture
def app(google_with_mail: App) -> App:
    return google_with_mail


def test_a_change_is_pushed_with_a_token_that_can_be_verified(app: App) -> None:
    token, box, heard = app.access(ADA, METADATA), app.google.accounts.known(ADA).mailbox, list[Request]()

    def hear(asked: Request) -> Response:
        asked.get_data()  # kept, to be read later
        heard.append(asked)
        return Response(status=204 if len(heard) > 1 else 500)

    listener = Server(Request.application(hear))
    app.google.listen(f"{listener.url}/webhooks/gmail")
    box.add(sender="early@o.example", subject="E", text="e")  # nobody watches yet
    wrong = app.call(token, f"{ME}/watch", "POST", json={"topicName": "projects/other/topics/x"})
    watch = app.call(token, f"{ME}/watch", "POST", json={"topicName": pubsub.TOPIC, "labelIds": ["INBOX"]}).json()
    week = int((clock.now() + timedelta(days=7)).timestamp() * 1000)
    assert (wrong.status_code, watch["historyId"], abs(int(watch["expiration"]) - week) < 60_000) == (
        404,
        str(box.history),
        True,
    )
    box.add(to=["o@o.example"], subject="not of the inbox", text="o")
    box.add(sender="new@o.example", subject="N", text="n")
    assert (app.google.deliver(), len(heard), app.google.deliver()) == (1, 2, 1)  # what was refused comes again
    body = heard[1].get_json()
    data = json.loads(base64.b64decode(body["message"]["data"]))
    assert data == {"emailAddress": ADA, "historyId": str(box.history)}
    assert (body["subscription"], body["message"]["messageId"].isdigit()) == (pubsub.SUBSCRIPTION, True)
    keys = jwk.KeySet.import_key_set(requests.get(f"{app.google.url}/oauth2/v3/certs", timeout=10).json())
    claims = jwt.decode(heard[1].headers["authorization"].removeprefix("Bearer "), keys, algorithms=["RS256"]).claims
    assert (claims["iss"], claims["aud"]) == ("https://accounts.google.com", f"{listener.url}/webhooks/gmail")
    assert (claims["email"], claims["email_verified"], claims["exp"] - claims["iat"]) == (pubsub.ACCOUNT, True, 3600)
    assert_forgeries_can_be_told(app, heard, keys, claims)
    assert app.call(token, f"{ME}/stop", "POST").status_code == 204
    box.add(sender="late@o.example", subject="L", text="l")
    assert app.google.pushes.waiting == []
    listener.stop()


def assert_forgeries_can_be_told(app: App, heard: list[Request], keys: jwk.KeySet, claims: dict[str, Any]) -> None:
    """Each token that the simulator forges differs in what it says, or is not signed by Google."""
    told = {"account": ADA, "wrong": "expired"}
    assert requests.post(f"{app.google.url}/_pushes", json=told, timeout=10).json() == {"status": 204}
    for wrong_one in ("audience", "account", "unverified", "issuer", "signature", "none"):
        app.google.pushes.forge(app.google.pushes.news(ADA, 1), wrong_one)
    tokens = [asked.headers.get("authorization", "").removeprefix("Bearer ") for asked in heard[-7:]]
    read = [jwt.decode(each, keys, algorithms=["RS256"]).claims for each in tokens[:5]]
    assert read[0]["exp"] < clock.epoch()
    assert (read[1]["aud"] != claims["aud"], read[2]["email"] != pubsub.ACCOUNT, read[3]["email_verified"]) == (
        True,
        True,
        False,
    )
    assert (read[4]["iss"], tokens[6]) == ("https://issuer.example", "")
    with pytest.raises(JoseError):
        jwt.decode(tokens[5], keys, algorithms=["RS256"])
