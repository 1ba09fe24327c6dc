"""Pub/Sub pushing Gmail's news to a listener: https://developers.google.com/workspace/gmail/api/guides/push,
https://cloud.google.com/pubsub/docs/push (body, acknowledgement, repetition) and
https://cloud.google.com/pubsub/docs/authenticate-push-subscriptions (the OIDC token in Authorization).
"""

import base64
import json
import secrets
import threading
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import urllib3

from chalicelib.core import clock
from infra.simulators.google import signing_keys

TOPIC, SUBSCRIPTION = "projects/iko-local/topics/gmail", "projects/iko-local/subscriptions/gmail-push"
ACCOUNT = "gmail-push@iko-local.iam.gserviceaccount.example"
ATTEMPTS, LIFE_S = 25, 3600
_ACKNOWLEDGED = frozenset({102, 200, 201, 202, 204})
_LONGEST_PAUSE_S, _EVERY_S = 600, 0.2

# What is wrong with a push that somebody else made up.
FORGERIES: dict[str, dict[str, Any]] = {
    "audience": {"aud": "https://elsewhere.example/webhooks/gmail"},
    "expired": {"iat": -2 * LIFE_S, "exp": -LIFE_S},  # from now
    "account": {"email": "somebody@else.iam.gserviceaccount.example"},
    "unverified": {"email_verified": False},
    "issuer": {"iss": "https://issuer.example"},
    "signature": {},
    "none": {},  # no token at all
}


@dataclass
class News:
    """One message of the topic on its way."""

    id: str
    address: str
    history: int
    at: datetime
    attempts: int = 0
    next_at: datetime | None = None

    def body(self) -> bytes:
        """As it is pushed."""
        told = {"emailAddress": self.address, "historyId": str(self.history)}
        data = base64.b64encode(json.dumps(told).encode()).decode()
        at = clock.rfc3339(self.at)
        message = {"data": data, "messageId": self.id, "message_id": self.id, "publishTime": at, "publish_time": at}
        return json.dumps({"message": message, "subscription": SUBSCRIPTION}).encode()


class Pushes:
    """Nothing is sent before a listener is named."""

    def __init__(self) -> None:
        self.listener, self.waiting, self.sent = "", list[News](), list[News]()
        self._sending, self._stop = threading.Lock(), threading.Event()
        self._pool = urllib3.PoolManager(timeout=30, retries=False)
        self._number = 10**15 + secrets.randbelow(10**12)

    def tell(self, address: str, history: int) -> None:
        """Put it on its way."""
        self.waiting.append(self.news(address, history))

    def news(self, address: str, history: int) -> News:
        """A message of the topic."""
        self._number += 1
        return News(str(self._number), address, history, clock.now())

    def deliver(self, *, only_due: bool = False) -> int:
        """Push what waits, oldest first, each once; how many were acknowledged. The others go on waiting."""
        if not self.listener:
            return 0
        with self._sending:
            now = clock.now()
            chosen = [n for n in list(self.waiting) if not only_due or n.next_at is None or n.next_at <= now]
            return sum(self._try(news) for news in chosen)

    def forge(self, news: News, wrong: str) -> int:
        """Push it with that of FORGERIES wrong; the listener's status. KeyError."""
        return self._post(news, None if wrong == "none" else self.token(wrong))

    def token(self, wrong: str = "") -> str:
        """The bearer of a push; see FORGERIES for what may be wrong with it."""
        now = clock.epoch()
        claims = {"aud": self.listener, "azp": "112233445566778899001", "email": ACCOUNT, "email_verified": True}
        claims |= {"iss": signing_keys.ISSUER, "sub": "112233445566778899001", "iat": now, "exp": now + LIFE_S}
        other = FORGERIES[wrong] if wrong else {}
        claims |= {name: now + value if name in ("iat", "exp") else value for name, value in other.items()}
        return signing_keys.sign(claims, stray=wrong == "signature")

    def start(self) -> None:
        """From now on what waits goes by itself, until `stop`."""
        threading.Thread(target=self._live, daemon=True, name="gmail-pushes").start()

    def stop(self) -> None:
        self._stop.set()

    def _live(self) -> None:
        while not self._stop.wait(_EVERY_S):
            self.deliver(only_due=True)

    def _try(self, news: News) -> bool:
        status = self._post(news, self.token())
        news.attempts += 1
        taken = status in _ACKNOWLEDGED
        if taken:
            self.sent.append(news)
        else:
            news.next_at = clock.now() + timedelta(seconds=min(2**news.attempts, _LONGEST_PAUSE_S))
        if taken or news.attempts >= ATTEMPTS:
            self.waiting.remove(news)
        return taken

    def _post(self, news: News, token: str | None) -> int:
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "APIs-Google; (+https://developers.google.com/webmasters/APIs-Google.html)",
        }
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        try:
            return int(self._pool.request("POST", self.listener, body=news.body(), headers=headers).status)
        except urllib3.exceptions.HTTPError:
            return 0
