"""Objects: deleted by prefix, written piece by piece, and given by a URL that ends."""

import uuid
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from chalicelib.core import settings
from chalicelib.core.errors import Unavailable
from chalicelib.store import objects, uploads
from infra.local.cloud import Cloud

ZIP = "application/zip"


@pytest.fixture
def bucket(cloud: Cloud) -> str:
    return settings.current().buckets.exports


@pytest.fixture
def prefix() -> str:
    return f"ten_{uuid.uuid4().hex}/"


def keys(cloud: Cloud, bucket: str, prefix: str) -> list[str]:
    pages = cloud.client("s3").get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
    return [item["Key"] for page in pages for item in page.get("Contents", [])]


def begun(cloud: Cloud, bucket: str, prefix: str) -> list[str]:
    found = cloud.client("s3").list_multipart_uploads(Bucket=bucket, Prefix=prefix).get("Uploads", [])
    return [upload["Key"] for upload in found]


def test_a_prefix_is_deleted_to_the_last_object_and_nothing_else(cloud: Cloud, bucket: str, prefix: str) -> None:
    client = cloud.client("s3")
    for number in range(1003):
        client.put_object(Bucket=bucket, Key=f"{prefix}{number:05}", Body=b"x")
    other = f"{prefix[:-1]}x/1"
    client.put_object(Bucket=bucket, Key=other, Body=b"x")
    assert objects.delete_prefix(bucket, prefix) == 1003
    assert keys(cloud, bucket, prefix) == []
    assert keys(cloud, bucket, other) == [other]
    assert objects.delete_prefix(bucket, prefix) == 0


def test_an_object_of_several_parts_is_what_was_written(cloud: Cloud, bucket: str, prefix: str) -> None:
    content = bytes(range(256)) * 70_000  # two whole parts and a rest
    with uploads.writer(bucket, f"{prefix}a", ZIP) as out:
        for at in range(0, len(content), 300_000):
            assert out.write(content[at : at + 300_000]) <= 300_000
        assert keys(cloud, bucket, prefix) == [], "nothing is there before it is complete"
        out.complete()
    assert out.size == len(content)
    assert objects.get_raw(bucket, f"{prefix}a") == content
    assert begun(cloud, bucket, prefix) == []


def test_a_block_that_fails_leaves_no_upload(cloud: Cloud, bucket: str, prefix: str) -> None:
    def fail() -> None:
        with uploads.writer(bucket, f"{prefix}a", ZIP) as out:
            out.write(b"x" * uploads.PART_BYTES)
            raise Unavailable

    with pytest.raises(Unavailable):
        fail()
    assert keys(cloud, bucket, prefix) == begun(cloud, bucket, prefix) == []


def test_what_a_killed_process_began_is_ended_by_prefix(cloud: Cloud, bucket: str, prefix: str) -> None:
    for name in ("a", "b"):
        uploads.Writer(bucket, f"{prefix}{name}", ZIP).write(b"x" * uploads.PART_BYTES)
    kept = uploads.Writer(bucket, f"{prefix[:-1]}x/a", ZIP)
    assert begun(cloud, bucket, prefix) == [f"{prefix}a", f"{prefix}b"]
    assert uploads.abort_all(bucket, prefix) == 2
    assert begun(cloud, bucket, prefix) == []
    kept.complete()
    assert uploads.abort_all(bucket, prefix) == 0


def test_a_url_gives_the_object_for_its_seconds_and_names_the_file(cloud: Cloud, bucket: str, prefix: str) -> None:
    cloud.client("s3").put_object(Bucket=bucket, Key=f"{prefix}a", Body=b"content")
    url = objects.presigned_get(bucket, f"{prefix}a", 300, "file.zip")
    asked = parse_qs(urlsplit(url).query)
    assert asked["X-Amz-Expires"] == ["300"]
    assert asked["X-Amz-Algorithm"] == ["AWS4-HMAC-SHA256"], "what KMS encrypts is given to no older signature"
    answer = requests.get(url, timeout=30)
    assert (answer.status_code, answer.content) == (200, b"content")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="file.zip"'
