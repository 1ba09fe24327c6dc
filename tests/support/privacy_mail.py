"""What a person does: writes a raw mail, and finds the link in ours."""

import re
import uuid

SECOND_PASS_S = 10  # later than the local second pass


def mail(sender: str, body: str, subject: str = "My data", **headers: str) -> bytes:
    """A raw RFC 5322 mail."""
    lines = [
        f"From: {sender}",
        "To: privacy@iko.example",
        f"Subject: {subject}",
        f"Message-ID: <{uuid.uuid4().hex}@mail.example>",
    ]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return ("\r\n".join(lines) + "\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n" + body).encode()


def link_in(text: str) -> str:
    """The only line that is a link to a confirmation."""
    found = [line for line in text.splitlines() if re.fullmatch(r"https?://\S+/privacy/confirm/\S+", line)]
    assert len(found) == 1, text
    return found[0]
