"""Objects in buckets: what is stored is sealed here."""

from dataclasses import dataclass
from typing import IO, Any

from chalicelib.core.errors import Unavailable
from chalicelib.vault import aws
from chalicelib.vault.sealing import SealContext, Sealed, seal, unseal

_CHUNK = 1 << 16


def put_sealed(bucket: str, key: str, scope: str, content: bytes) -> None:
    """Store the content sealed for exactly this bucket key, under the scope's key."""
    sealed = seal(SealContext(scope, "object", key), content)
    aws.call("s3", "put_object", Bucket=bucket, Key=key, Body=sealed.ciphertext)


def get_sealed(bucket: str, key: str, scope: str) -> bytes:
    """Return the content. Unavailable if the object is not there (yet)."""
    body = aws.call("s3", "get_object", Bucket=bucket, Key=key)["Body"].read()
    return unseal(SealContext(scope, "object", key), Sealed(body))


def find_sealed(bucket: str, key: str, scope: str) -> bytes | None:
    """Return the content, or None if there is no object. Needs the right to list the bucket: else S3 does not say so."""
    body = get_raw(bucket, key)
    return None if body is None else unseal(SealContext(scope, "object", key), Sealed(body))


@dataclass(frozen=True)
class Form:
    """Where a client posts a file: the fields, as they are, before the file."""

    url: str
    fields: dict[str, str]


def upload_form(bucket: str, key: str, size: int, seconds: int) -> Form:
    """Return a form that lets its bearer store one file of exactly this size under this key, for `seconds`."""
    from botocore.exceptions import BotoCoreError  # noqa: PLC0415 - cold start

    try:
        made = aws.client("s3").generate_presigned_post(
            bucket, key, Conditions=[["content-length-range", size, size]], ExpiresIn=seconds
        )
    except BotoCoreError as error:
        raise Unavailable from error
    return Form(made["url"], made["fields"])


def is_there(bucket: str, key: str) -> bool:
    """Return whether the bucket has an object with this key. Looks in the list, which shows no content."""
    found = aws.call("s3", "list_objects_v2", Bucket=bucket, Prefix=key, MaxKeys=1).get("Contents", [])
    return any(item["Key"] == key for item in found)


def download(bucket: str, key: str, into: IO[bytes], at_most: int) -> int | None:
    """Copy an object that a client uploaded into a file, piece by piece, and return its size.

    None if it is not there. Of an object larger than `at_most` nothing is read.
    """
    from botocore.exceptions import BotoCoreError  # noqa: PLC0415 - cold start

    answer = _found(bucket, key)
    if answer is None:
        return None
    size = int(answer["ContentLength"])
    try:
        for chunk in answer["Body"].iter_chunks(_CHUNK) if size <= at_most else ():
            into.write(chunk)
    except BotoCoreError as error:
        raise Unavailable from error
    finally:
        answer["Body"].close()
    return size


def get_raw(bucket: str, key: str, at_most: int | None = None) -> bytes | None:
    """Return an object as another service (SES) wrote it, or None if it is not there (any more). `at_most`: its first bytes."""
    from botocore.exceptions import BotoCoreError  # noqa: PLC0415 - cold start

    answer = _found(bucket, key)
    try:
        return bytes(answer["Body"].read(at_most)) if answer else None
    except BotoCoreError as error:
        raise Unavailable from error
    finally:
        if answer is not None:
            answer["Body"].close()


def _found(bucket: str, key: str) -> dict[str, Any] | None:
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 - cold start

    try:
        answer: dict[str, Any] = aws.client("s3").get_object(Bucket=bucket, Key=key)
    except ClientError as error:
        if error.response["Error"]["Code"] in ("NoSuchKey", "404"):
            return None
        raise Unavailable from error
    except BotoCoreError as error:
        raise Unavailable from error
    return answer


def delete(bucket: str, key: str) -> None:
    """Delete an object; harmless where it is not there."""
    aws.call("s3", "delete_object", Bucket=bucket, Key=key)


def delete_prefix(bucket: str, prefix: str) -> int:
    """Delete every object whose key starts with the prefix, 1000 a call; how many there were. Safe to repeat.

    Unavailable where S3 kept one. Uploads that were never completed are no objects: uploads.abort_all ends those.
    """
    more: dict[str, Any] = {}
    deleted = 0
    while True:
        found = aws.call("s3", "list_objects_v2", Bucket=bucket, Prefix=prefix, **more)
        keys = [{"Key": item["Key"]} for item in found.get("Contents", [])]
        if keys:
            answer = aws.call("s3", "delete_objects", Bucket=bucket, Delete={"Objects": keys, "Quiet": True})
            if answer.get("Errors"):
                raise Unavailable
        deleted += len(keys)
        if not found.get("IsTruncated"):
            return deleted
        more = {"ContinuationToken": found["NextContinuationToken"]}


def keys(bucket: str, after: str = "", limit: int = 1000, prefix: str = "") -> list[str]:
    """Return the next keys of a bucket that start with the prefix, in alphabetical order, after the key `after`. Empty at the
    end."""
    answer = aws.call("s3", "list_objects_v2", Bucket=bucket, StartAfter=after, MaxKeys=limit, Prefix=prefix)
    return [item["Key"] for item in answer.get("Contents", [])]


@dataclass(frozen=True)
class Listed:
    """An object as the list has it. `version` is another one whenever another object comes to the key."""

    key: str
    size: int
    version: str


def listed(bucket: str, prefix: str) -> list[Listed]:
    """Return the first 1,000 objects whose key starts with the prefix, in alphabetical order. One call; Unavailable."""
    found = aws.call("s3", "list_objects_v2", Bucket=bucket, Prefix=prefix).get("Contents", [])
    return [Listed(each["Key"], int(each["Size"]), f"{each['ETag']} {each['LastModified']}") for each in found]


def presigned_get(bucket: str, key: str, seconds: int, filename: str) -> str:
    """Return a URL that gives its bearer the object for `seconds`, saved under `filename`. Makes no call.

    The name stands in the URL: nothing personal in it. The function's role signs it, so it ends early if the role's own
    session does.
    """
    url: str = aws.client("s3").generate_presigned_url(
        "get_object",
        Params={
            "Bucket": bucket,
            "Key": key,
            "ResponseContentDisposition": f'attachment; filename="{filename}"',
            "ResponseCacheControl": "no-store",
        },
        ExpiresIn=seconds,
    )
    return url
