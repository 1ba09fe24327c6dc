"""The directory: who lists itself, whom public sources name, and what is found."""

import csv
import io
import json
import re
import uuid
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from chalicelib.core import clock
from chalicelib.domain.directory.feed_files import PREFIX
from infra.local.cloud import Cloud
from tests.conftest import Member
from tests.support.wishes import mails

DAY = 86_400
LINK = "https://linkedin.com/in/ada-quvern"


class Person:
    """Somebody in a public source, whom nobody else is called like."""

    def __init__(self, cloud: Cloud, domain: str = "people.de") -> None:
        mark = uuid.uuid4().hex[:10]
        self.cloud, self.address = cloud, f"q{mark}@{domain}"
        self.name = "Quv" + "".join(chr(ord("a") + int(digit, 16)) for digit in mark)

    def line(self, *, days: float = 1, source: str = "register", **more: object) -> dict[str, object]:
        """What a source says, seen so many days ago, with these fields otherwise."""
        seen_at = clock.rfc3339(clock.now() - timedelta(days=days))
        said = {
            "source": source,
            "source_url": f"https://{source}.example/1",
            "seen_at": seen_at,
            "notify": self.address,
        }
        return {**said, "name": f"Ada {self.name}", "title": "CEO", "company": "Nordwerk", "links": [LINK], **more}

    def told(self) -> list[dict[str, Any]]:
        return mails(self.cloud, self.address)

    def button(self) -> str:
        """The path of the notice's link."""
        links = re.findall(r"^\S+?(/privacy/directory/\S+)$", self.told()[-1]["text"], re.MULTILINE)
        assert len(links) == 1
        return str(links[0])


def put_feed(cloud: Cloud, name: str, lines: Sequence[Mapping[str, object]], *, more: bytes = b"") -> str:
    """Put a file of a feed into its bucket, as its name's ending says; its key."""
    if name.endswith(".csv"):
        text = io.StringIO()
        writer = csv.DictWriter(text, fieldnames=list(lines[0]) if lines else ["name"])
        writer.writeheader()
        writer.writerows(lines)
        content = text.getvalue()
    else:
        content = "".join(json.dumps(line) + "\n" for line in lines)
    key = f"{PREFIX}{name}"
    cloud.client("s3").put_object(Bucket=cloud.outputs["FeedsBucketName"], Key=key, Body=content.encode() + more)
    return key


def listed(member: Member, name: str, **fields: Any) -> dict[str, Any]:
    """List a member under that name; its own profile."""
    assert member.api.patch("/v1/me/settings", {"directory_listed": True}).status_code == 200
    made = member.api.patch("/v1/directory/me", {"name": name, **fields})
    assert made.status_code == 200, made.text
    return dict(made.json())


def found(member: Member, q: str, **more: Any) -> list[dict[str, Any]]:
    """The profiles that a member finds."""
    answer = member.api.post("/v1/directory/search", {"q": q, **more})
    assert answer.status_code == 200, answer.text
    return list(answer.json()["items"])
