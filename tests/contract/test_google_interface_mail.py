"""Gmail's API, batches and Pub/Sub's pushes as their documentation has them: the pages are named in infra/simulators/google."""

import base64
import json
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.parser import BytesParser
from typing import Any

import pytest
import requests

from chalicelib.core import clock
from infra.simulators.google.mailbox import Mailbox
from infra.simulators.google.simulator import Google
from tests.support.google_app import CONTACTS, METADATA, READONLY, SEND, App

ADA, BEN = "ada@nordlicht.example", "ben@nordlicht.example"
ME = "/gmail/v1/users/me"


@pytest.fixture
def app(google_with_mail: App) -> App:
    return google_with_mail


def box_of(app: App) -> Mailbox:
    return app.google.accounts.known(ADA).mailbox


def reason(answer: requests.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]["errors"][0]["reason"]


def test_messages_are_listed_newest_first_by_their_ids_only(app: App) -> None:
    token, box = app.access(ADA, METADATA), box_of(app)
    box.add(sender="x@spam.example", subject="spam", text="spam", labels=["SPAM"])
    newest = [mail.id for mail in box.all() if "SPAM" not in mail.labels]
    first = app.call(token, f"{ME}/messages", params={"maxResults": 3}).json()
    rest = app.call(token, f"{ME}/messages", params={"maxResults": 3, "pageToken": first["nextPageToken"]}).json()
    assert [each["id"] for each in first["messages"] + rest["messages"]] == newest
    assert (set(first["messages"][0]), "nextPageToken" in rest) == ({"id", "threadId"}, False)
    everything = app.call(token, f"{ME}/messages", params={"includeSpamTrash": "true"}).json()
    assert len(everything["messages"]) == everything["resultSizeEstimate"] == 5
    sent = app.call(token, f"{ME}/messages", params={"labelIds": "SENT"}).json()
    assert [each["id"] for each in sent["messages"]] == [newest[1], newest[3]]
    assert app.call(token, f"{ME}/messages", params={"labelIds": ["SENT", "INBOX"]}).json() == {"resultSizeEstimate": 0}
    assert reason(app.call(token, f"{ME}/messages", params={"pageToken": "x"})) == (400, "invalidArgument")
    profile = app.call(token, f"{ME}/profile").json()
    assert profile == {"emailAddress": ADA, "messagesTotal": 5, "threadsTotal": 5, "historyId": str(box.history)}
    labels = [each["id"] for each in app.call(token, f"{ME}/labels").json()["labels"]]
    assert {"INBOX", "SENT", "SPAM"} <= set(labels)
    assert app.call(token, f"/gmail/v1/users/{BEN}/profile").status_code == 403


def test_a_message_is_shown_in_four_formats_and_cut_to_the_fields_that_are_asked_for(app: App) -> None:
    token, mail = app.access(ADA, READONLY), box_of(app).all()[0]
    path = f"{ME}/messages/{mail.id}"
    minimal = app.call(token, path, params={"format": "minimal"}).json()
    assert (minimal["snippet"], minimal["labelIds"]) == ("B &amp; C", ["INBOX", "UNREAD"])
    assert minimal["internalDate"] == str(int(mail.at.timestamp() * 1000))
    assert {"payload", "raw"} & set(minimal) == set()
    asked = {"format": "metadata", "metadataHeaders": ["From", "to"]}
    metadata = app.call(token, path, params=asked).json()
    assert metadata["payload"]["headers"] == [
        {"name": "From", "value": "Otto Öl <otto@o.example>"},
        {"name": "To", "value": "otto@o.example"},
    ]
    assert "snippet" in metadata  # the words that only a field mask keeps away
    masked = app.call(token, path, params={**asked, "fields": "id,payload/headers"}).json()
    assert (set(masked), set(masked["payload"])) == ({"id", "payload"}, {"headers"})
    full = app.call(token, path).json()["payload"]
    assert base64.urlsafe_b64decode(full["body"]["data"]) == b"B & C\r\n"
    raw = app.call(token, path, params={"format": "raw"}).json()["raw"]
    assert message_from_bytes(base64.urlsafe_b64decode(raw), policy=policy.default)["Subject"] == "S3"
    assert reason(app.call(token, path, params={"fields": "id,("})) == (400, "invalidParameter")
    assert reason(app.call(token, f"{ME}/messages/0")) == (404, "notFound")
    logged = app.google.log[-3]["query"]
    assert (logged["format"], logged.get("metadataHeaders")) == ("raw", None)


def test_metadata_reads_no_body_and_searches_nothing_and_send_reads_nothing(app: App) -> None:
    mail = box_of(app).all()[0]
    for token in (
        app.access(ADA, METADATA),
        app.access(ADA, METADATA, READONLY),
    ):  # its limits persist beside a wider scope
        assert reason(app.call(token, f"{ME}/messages", params={"q": "from:otto"})) == (403, "forbidden")
        for form in ({}, {"format": "full"}, {"format": "raw"}):
            assert reason(app.call(token, f"{ME}/messages/{mail.id}", params=form)) == (403, "forbidden")
        assert app.call(token, f"{ME}/messages/{mail.id}", params={"format": "metadata"}).status_code == 200
    sender = app.access(ADA, SEND)
    for path in ("profile", "messages", f"messages/{mail.id}", "history?startHistoryId=1", "labels"):
        refused = app.call(sender, f"{ME}/{path}")
        assert reason(refused) == (403, "insufficientPermissions")
        assert refused.json()["error"]["details"][0]["reason"] == "ACCESS_TOKEN_SCOPE_INSUFFICIENT"
    assert reason(app.call(app.access(ADA, METADATA), f"{ME}/messages/send", "POST", json={"raw": ""}))[0] == 403
    found = app.call(app.access(BEN, READONLY), f"{ME}/messages", params={"q": "from:otto"}).json()
    assert found == {"resultSizeEstimate": 0}
    found = app.call(app.access(ADA, READONLY), f"{ME}/messages", params={"q": "from:otto subject:S3"}).json()
    assert [each["id"] for each in found["messages"]] == [mail.id]


def test_history_tells_what_changed_since_and_forgets_after_a_week(app: App) -> None:
    token, box = app.access(ADA, METADATA), box_of(app)
    start = app.call(token, f"{ME}/profile").json()["historyId"]
    assert app.call(token, f"{ME}/history", params={"startHistoryId": start}).json() == {"historyId": start}
    added = box.add(sender="new@o.example", subject="N", text="n")
    box.relabel(added.id, add=["STARRED"], remove=["UNREAD"])
    box.delete(box.all()[-1].id)
    told: dict[str, Any] = {"startHistoryId": start, "maxResults": 3}
    page = app.call(token, f"{ME}/history", params=told).json()
    rest = app.call(token, f"{ME}/history", params={**told, "pageToken": page["nextPageToken"]}).json()
    kinds = [next(iter(set(each) - {"id", "messages"})) for each in page["history"] + rest["history"]]
    assert kinds == ["messagesAdded", "labelsAdded", "labelsRemoved", "messagesDeleted"]
    ids = [int(each["id"]) for each in page["history"] + rest["history"]]
    assert (ids, rest["historyId"]) == (sorted(ids), str(box.history))
    first = page["history"][0]["messagesAdded"][0]["message"]
    assert first == {"id": added.id, "threadId": added.thread, "labelIds": ["INBOX", "UNREAD"]}
    only = app.call(token, f"{ME}/history", params={"startHistoryId": start, "historyTypes": "messageDeleted"}).json()
    assert [set(each) for each in only["history"]] == [{"id", "messages", "messagesDeleted"}]
    assert app.call(token, f"{ME}/history").status_code == 400
    assert reason(app.call(token, f"{ME}/history", params={"startHistoryId": int(start) - 1})) == (404, "notFound")
    clock.advance(8 * 86400)
    token = app.access(ADA, METADATA)
    assert reason(app.call(token, f"{ME}/history", params={"startHistoryId": start})) == (404, "notFound")
    now = app.call(token, f"{ME}/profile").json()["historyId"]
    assert app.call(token, f"{ME}/history", params={"startHistoryId": now}).status_code == 200
    app.google.fault("history_expired")
    assert reason(app.call(token, f"{ME}/history", params={"startHistoryId": now})) == (404, "notFound")


def raw_of(**headers: str) -> str:
    message = EmailMessage()
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content("Words.")
    return base64.urlsafe_b64encode(message.as_bytes()).decode().rstrip("=")


def test_sending_replaces_the_message_id_and_joins_a_thread_that_it_answers(app: App) -> None:
    token, box = app.access(ADA, SEND), box_of(app)
    asked = box.all()[0]
    sent = raw_of(From="x@else.example", To="o@o.example", Bcc=BEN, Subject="Offer", Message_ID="<mine@iko>", X_Iko="7")
    got = app.call(token, f"{ME}/messages/send", "POST", json={"raw": sent}).json()
    assert (set(got), got["labelIds"], got["threadId"]) == ({"id", "threadId", "labelIds"}, ["SENT"], got["id"])
    kept, bens = box.get(got["id"]), app.google.accounts.known(BEN).mailbox.all()
    assert kept is not None
    assert kept.header("Message-ID").endswith("@mail.gmail.com>")
    assert (kept.header("X-Google-Original-Message-ID"), kept.header("X-Iko")) == ("<mine@iko>", "7")
    assert kept.addresses("From") == [ADA]
    assert [(mail.header("Subject"), mail.header("Bcc"), mail.labels) for mail in bens] == [
        ("Offer", "", ["INBOX", "UNREAD"])
    ]
    answer = raw_of(To="otto@o.example", Subject="Re: S3", In_Reply_To=asked.header("Message-ID"))
    reply = app.call(token, f"{ME}/messages/send", "POST", json={"raw": answer, "threadId": asked.thread}).json()
    stray = app.call(token, f"{ME}/messages/send", "POST", json={"raw": sent, "threadId": asked.thread}).json()
    assert (reply["threadId"] == asked.thread, stray["threadId"] == asked.thread) == (True, False)
    nobody = app.call(token, f"{ME}/messages/send", "POST", json={"raw": raw_of(Subject="to nobody")})
    assert reason(nobody) == (400, "invalidArgument")
    assert reason(app.call(token, f"{ME}/messages/send", "POST", json={})) == (400, "invalidArgument")


def batch(app: App, token: str, paths: list[str], at: str = "/batch/gmail/v1") -> requests.Response:
    lines = [
        f"--b\r\nContent-Type: application/http\r\nContent-ID: <item{n}>\r\n\r\nGET {path} HTTP/1.1\r\n\r\n\r\n"
        for n, path in enumerate(paths)
    ]
    headers = {"Content-Type": 'multipart/mixed; boundary="b"'}
    return app.call(token, at, "POST", data="".join([*lines, "--b--"]), headers=headers)


def parts_of(answer: requests.Response) -> list[tuple[str, int, Any]]:
    whole = f"Content-Type: {answer.headers['Content-Type']}\r\n\r\n".encode() + answer.content
    found = []
    for part in BytesParser(policy=policy.default).parsebytes(whole).iter_parts():
        payload = part.get_payload(decode=True)
        assert isinstance(payload, bytes)
        head, _, body = payload.partition(b"\r\n\r\n")
        found.append((part["Content-ID"], int(head.split()[1]), json.loads(body)))
    return found


def test_a_batch_answers_each_part_with_its_own_status(app: App) -> None:
    token = app.access(ADA, METADATA, CONTACTS)
    mail = box_of(app).all()[0]
    paths = [f"{ME}/messages/{mail.id}?format=metadata&fields=id", f"{ME}/messages/0?format=minimal"]
    paths += [f"{ME}/messages/{mail.id}?format=full", "/v1/people/me?personFields=names"]
    answer = batch(app, token, paths)
    assert answer.status_code == 200
    parts = parts_of(answer)
    assert [each[:2] for each in parts] == [
        ("<response-item0>", 200),
        ("<response-item1>", 404),
        ("<response-item2>", 403),
        ("<response-item3>", 400),  # another API's
    ]
    assert parts[0][2] == {"id": mail.id}
    people = batch(app, token, ["/v1/people/me?personFields=emailAddresses"], at="/batch/people/v1")
    assert parts_of(people)[0][2]["emailAddresses"][0]["value"] == ADA
    inner = [row for row in app.google.log if row.get("batch")]
    assert [(row["path"], row["status"]) for row in inner[:2]] == [
        (f"{ME}/messages/{mail.id}", 200),
        (f"{ME}/messages/0", 404),
    ]
    assert (inner[0]["query"], inner[0]["account"]) == ({"format": "metadata", "fields": "id"}, ADA)
    assert batch(app, token, [f"{ME}/profile"] * 101).status_code == 400
    assert parts_of(batch(app, "no token", [f"{ME}/profile"]))[0][1] == 401
    app.google.fault("part", reason="userRateLimitExceeded", times=2)
    app.google.fault("limit", on=f"{ME}/messages/", times=1)
    app.google.fault("slow", seconds=60, on="/gmail/v1/users/you")
    statuses = [status for _, status, _ in parts_of(batch(app, token, [paths[0]] * 4))]
    assert statuses == [403, 403, 429, 200]


def test_a_quota_of_units_can_be_set_for_a_minute(app: App) -> None:
    token = app.access(ADA, METADATA)
    requests.post(f"{app.google.url}/_quota", json={"units": 11}, timeout=10)
    statuses = [app.call(token, f"{ME}/messages").status_code for _ in range(3)]
    limited = app.call(token, f"{ME}/messages")
    assert (statuses, reason(limited)) == ([200, 200, 429], (429, "userRateLimitExceeded"))
    clock.advance(int(limited.headers["Retry-After"]))
    assert app.call(token, f"{ME}/messages").status_code == 200


def test_mails_may_come_and_vanish_between_pages(app: App) -> None:
    token, box = app.access(ADA, METADATA), box_of(app)
    newest = [mail.id for mail in box.all()]
    params = {"maxResults": 2}
    second = app.call(token, f"{ME}/messages", params=params).json()["nextPageToken"]
    app.google.fault("repeat")
    again = app.call(token, f"{ME}/messages", params={**params, "pageToken": second}).json()
    assert [each["id"] for each in again["messages"]] == newest[:2]
    box.add(sender="new@o.example", subject="N", text="n")
    app.google.fault("vanish")
    rest = app.call(token, f"{ME}/messages", params={**params, "pageToken": second}).json()
    assert [each["id"] for each in rest["messages"]] == newest[2:3]


def test_the_seed_knows_the_shared_people_and_their_mails(app: App) -> None:
    google = Google()
    google.seed()
    google.seed()
    known = requests.get(f"{google.url}/_accounts", timeout=10).json()
    google.stop()
    assert [(each["address"], each["people"]) for each in known] == [
        (ADA, 200),
        (BEN, 30),
        ("chloe@atelier-sud.example", 30),
    ]
    mails = google.accounts.known(ADA).mailbox.all()
    assert len(mails) > 50
    assert {"INBOX", "SENT", "SPAM", "UNREAD"} == {label for mail in mails for label in mail.labels}
    automatic = [mail for mail in mails if mail.header("Auto-Submitted") or mail.header("List-Id")]
    assert len(automatic) == 3
    assert any(len(mail.addresses("To", "Cc")) > 1 for mail in mails)
    assert (clock.now() - mails[-1].at).days > 60


def test_a_shell_can_add_mark_and_delete_a_mail(app: App) -> None:
    base = f"{app.google.url}/_accounts/{ADA}/messages"
    start = box_of(app).history
    told = {"sender": "Zoë <zoe@z.example>", "subject": "Hi", "text": "Hi", "answers": box_of(app).all()[0].id}
    added = requests.post(base, json=told, timeout=10).json()
    assert added["threadId"] == box_of(app).all()[1].thread
    marked = requests.patch(f"{base}/{added['id']}", json={"remove": ["UNREAD"]}, timeout=10).json()
    assert marked["labelIds"] == ["INBOX"]
    assert requests.delete(f"{base}/{added['id']}", timeout=10).status_code == 200
    changes = box_of(app).since(start)
    assert [each.kind for each in changes or []] == ["messageAdded", "labelRemoved", "messageDeleted"]
    assert len(requests.get(base, timeout=10).json()) == 4
