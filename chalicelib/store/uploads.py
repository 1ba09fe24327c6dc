"""One object written piece by piece, in bounded memory: an S3 multipart upload behind the interface of a file.

An upload that is not completed is no object and reaches nobody. What a killed process left is ended by `abort_all`, or by
the bucket's own rule (AbortIncompleteMultipartUpload) within a day.
"""

import contextlib
from collections.abc import Iterator
from typing import Any

from chalicelib.core import log
from chalicelib.core.errors import Unavailable
from chalicelib.vault import aws

PART_BYTES = 8 * 1024 * 1024  # S3 takes parts from 5 MB, the last one may be smaller, and 10,000 of them


class Writer:
    """Takes bytes in order; it cannot be sought or read. `size` is how many came."""

    def __init__(self, bucket: str, key: str, content_type: str) -> None:
        self._place: dict[str, Any] = {"Bucket": bucket, "Key": key}
        begun = aws.call(
            "s3", "create_multipart_upload", ContentType=content_type, ChecksumAlgorithm="CRC32", **self._place
        )
        self._place["UploadId"] = begun["UploadId"]
        self._parts: list[dict[str, Any]] = []
        self._waiting = bytearray()
        self.size = 0
        self.completed = False

    def write(self, data: bytes) -> int:
        """Take them all. Unavailable where S3 did not take a part."""
        self._waiting += data
        self.size += len(data)
        while len(self._waiting) >= PART_BYTES:
            self._send(PART_BYTES)
        return len(data)

    def flush(self) -> None:
        """Do nothing: the bytes that wait are fewer than a part may have."""

    def complete(self) -> None:
        """Make the object, over what stood under its key."""
        if self._waiting or not self._parts:
            self._send(len(self._waiting))
        aws.call("s3", "complete_multipart_upload", MultipartUpload={"Parts": self._parts}, **self._place)
        self.completed = True

    def abort(self) -> None:
        """Drop what was sent. Where S3 does not answer, `abort_all` or the bucket's rule does it later."""
        try:
            aws.call("s3", "abort_multipart_upload", **self._place)
        except Unavailable as error:
            log.failure("upload_not_aborted", error)

    def _send(self, size: int) -> None:
        number, content = len(self._parts) + 1, bytes(self._waiting[:size])
        sent = aws.call("s3", "upload_part", PartNumber=number, Body=content, ChecksumAlgorithm="CRC32", **self._place)
        self._parts.append({"PartNumber": number, "ETag": sent["ETag"], "ChecksumCRC32": sent["ChecksumCRC32"]})
        del self._waiting[:size]


@contextlib.contextmanager
def writer(bucket: str, key: str, content_type: str) -> Iterator[Writer]:
    """Yield a writer for the block to complete. If the block ends in any other way, the upload is aborted."""
    made = Writer(bucket, key, content_type)
    try:
        yield made
    finally:
        if not made.completed:
            made.abort()


def abort_all(bucket: str, prefix: str) -> int:
    """Abort every uncompleted upload under the prefix, and return how many there were. Safe to repeat."""
    more: dict[str, Any] = {}
    ended = 0
    while True:
        found = aws.call("s3", "list_multipart_uploads", Bucket=bucket, Prefix=prefix, **more)
        for upload in found.get("Uploads", []):
            aws.call("s3", "abort_multipart_upload", Bucket=bucket, Key=upload["Key"], UploadId=upload["UploadId"])
            ended += 1
        if not found.get("IsTruncated"):
            return ended
        more = {"KeyMarker": found["NextKeyMarker"], "UploadIdMarker": found["NextUploadIdMarker"]}
