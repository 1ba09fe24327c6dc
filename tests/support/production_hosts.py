"""The backend as in production: no address of a simulator in its settings, AWS and every provider under their own names, by TLS.

A name that is asked for is noted, with who asked, and answered by the relay here, which hands each request to the simulator that
stands for that name.
"""

import contextlib
import http.client
import os
import re
import socket
import ssl
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from fnmatch import fnmatchcase
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from chalicelib.connectors import http as connectors_http
from infra.local import environment
from infra.local.cloud import Cloud
from tests.support.network_guard import BACKEND, callers

IDENTITY = "id.operator.example"
CUSTOMER = "acme.my.salesforce.com"  # the org that a member connects
OPERATOR = "iko.my.salesforce.com"
_HOP = {"connection", "transfer-encoding", "content-length", "keep-alive"}  # of one connection, or written anew


@dataclass(frozen=True)
class Standing:
    """`url` answers for every name of `pattern`. Where it names itself, it is to name `itself`; empty: the name asked for."""

    pattern: str
    url: str
    itself: str = ""


@dataclass
class Names:
    """What was asked for since `forget`: by the backend, and by whoever stands for a person's browser."""

    standing: tuple[Standing, ...]
    backend: set[str] = field(default_factory=set)
    browser: set[str] = field(default_factory=set)

    def forget(self) -> None:
        """From here on; connections that stand are not used again, so that whatever provider is called is looked up."""
        connectors_http.reset()
        self.backend.clear()
        self.browser.clear()

    def of(self, host: str) -> Standing | None:
        """Who answers for a name; None where nobody is meant to."""
        return next((each for each in self.standing if fnmatchcase(host, each.pattern)), None)


def standing(cloud: Cloud) -> tuple[Standing, ...]:
    """Who stands for whom, the first that fits."""
    google, hubspot, social = cloud.connectors.google.url, cloud.connectors.hubspot.url, cloud.connectors.social.url
    return (
        Standing(IDENTITY, cloud.issuer.url),
        Standing("*.paypal.com", cloud.paypal.url, "https://www.paypal.com"),
        Standing("*.salesforce.com", cloud.salesforce.url, f"https://{CUSTOMER}"),
        Standing("*.google.com", google),
        Standing("*.googleapis.com", google),
        Standing("*.hubspot.com", hubspot),
        Standing("*.hubapi.com", hubspot),
        Standing("*.linkedin.com", social),
        Standing("x.com", social),
        Standing("*.x.com", social),
        Standing(f"lambda.{environment.REGION}.amazonaws.com", cloud.invocations.url),
        Standing(f"*.{environment.REGION}.amazonaws.com", cloud.aws_url),
    )


@contextlib.contextmanager
def in_production(cloud: Cloud, folder: Path) -> Iterator[Names]:
    """Within it, the settings of a deployment, and its names. `folder`: for a certificate and its key."""
    names = Names(standing(cloud))
    authority = _certificate(folder, [each.pattern for each in names.standing])
    relay = _Relay(names, folder)
    threading.Thread(target=relay.serve_forever, args=(0.1,), daemon=True, name="names").start()
    keys = f"https://{IDENTITY}{urlsplit(cloud.issuer.jwks_url).path}?{relay.server_port}"  # no other time's: they are kept
    told = {
        "IKO_PAYPAL_URL": "https://api-m.paypal.com",
        "IKO_BILLING_URL": f"https://{OPERATOR}",
        "IKO_OIDC_JWKS_URL": keys,
        "IKO_OIDC_OFFICER_TOKEN_URL": f"https://{IDENTITY}{urlsplit(cloud.issuer.sign_in.token_url).path}",
        "SSL_CERT_FILE": authority,
        "REQUESTS_CA_BUNDLE": authority,
        "AWS_CA_BUNDLE": authority,
    }
    ours = {name for name in os.environ if re.fullmatch(r"IKO_CONNECTORS_\w+_URL|AWS_ENDPOINT_URL\w*", name)}
    before = {name: os.environ.get(name) for name in (*told, *ours)}
    real = socket.getaddrinfo
    socket.getaddrinfo = _looked_up(names, real, relay.server_port)
    try:
        os.environ.update(told)
        for name in ours:
            del os.environ[name]
        environment.forget_settings()
        yield names
    finally:
        socket.getaddrinfo = real
        for name, value in before.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value
        environment.forget_settings()
        relay.shutdown()
        relay.server_close()


def _looked_up(names: Names, real: Any, port: int) -> Any:
    def look_up(host: Any, *more: Any, **named: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else str(host)
        if names.of(name) is None:
            return real(host, *more, **named)  # the guard of the whole run judges it
        asking = any(file.startswith(BACKEND) for file in callers(sys._getframe(1)))
        (names.backend if asking else names.browser).add(name)
        return real("127.0.0.1", port, *more[1:], **named)

    return look_up


class _Relay(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, names: Names, folder: Path) -> None:
        self.names = names
        super().__init__(("127.0.0.1", 0), _Handler)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(folder / "names.pem", folder / "names.key")
        self.socket = context.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that has gone is no news, and a trace would print what was sent."""


class _Handler(BaseHTTPRequestHandler):
    server: _Relay
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm, wbufsize = True, 65536  # an answer goes out at once, and as one

    def do_GET(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def do_PUT(self) -> None:
        self._serve()

    def do_DELETE(self) -> None:
        self._serve()

    def handle_expect_100(self) -> bool:
        super().handle_expect_100()
        self.wfile.flush()  # S3's clients wait for it
        return True

    def _serve(self) -> None:
        host, body = str(self.headers["Host"]), self._body()
        found = self.server.names.of(host)
        assert found, host
        answer, content = self._asked(found.url, body)
        itself = found.itself or f"https://{host}"
        content = content.replace(found.url.encode(), itself.encode())
        self.send_response_only(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in _HOP:
                self.send_header(name, value.replace(found.url, itself))
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def _asked(self, url: str, body: bytes) -> tuple[http.client.HTTPResponse, bytes]:
        sent = {name: value for name, value in self.headers.items() if name.lower() not in _HOP}
        with contextlib.closing(http.client.HTTPConnection(urlsplit(url).netloc, timeout=20)) as onward:
            onward.request(self.command, self.path, body or None, sent)
            answer = onward.getresponse()
            return answer, answer.read()

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding", "").lower() != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))
        body = b""
        while size := int(self.rfile.readline(), 16):
            body += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return body

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's name
        """Quiet: requests carry addresses."""


def _certificate(folder: Path, patterns: list[str]) -> str:
    """A certificate for all these names, in the folder beside its key; it vouches for itself. The file's path."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([])
    hosts = [*patterns, "*.my.salesforce.com", f"*.s3.{environment.REGION}.amazonaws.com"]  # a star: one label there
    now = datetime.now(UTC)  # TLS knows no clock of ours
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=3650))
        .not_valid_after(now + timedelta(days=3650))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(each) for each in hosts]), critical=True)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "names.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "names.key").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return str(folder / "names.pem")
