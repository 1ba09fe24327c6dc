"""Exports as tests read them: out of the bucket, past the API."""

import io
import zipfile

from chalicelib.core.ids import TenantId
from infra.local.cloud import Cloud


def exported(cloud: Cloud, tenant: TenantId) -> dict[str, bytes]:
    """Every file of every export of a tenant that stands in the bucket, by key and name."""
    client, bucket = cloud.client("s3"), cloud.outputs["ExportsBucketName"]
    found: dict[str, bytes] = {}
    for item in client.list_objects_v2(Bucket=bucket, Prefix=f"{tenant}/").get("Contents", []):
        body = client.get_object(Bucket=bucket, Key=item["Key"])["Body"].read()
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            found |= {f"{item['Key']} {name}": archive.read(name) for name in archive.namelist()}
    return found
