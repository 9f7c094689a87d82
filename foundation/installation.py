"""What this installation is set to: Django's settings, read at the door as typed values.

BLOB_STORE           {"kind": "folder", "root": PATH} or
                     {"kind": "s3", "bucket", "endpoint_url", "access_key", "secret_key", "region"}
QUARANTINE_ROOT      folder for uploads not yet looked at; never served
UPLOAD_MAX_BYTES, QUARANTINE_QUOTA_BYTES, QUARANTINE_RESERVE_BYTES
FIELD_KEYS           {"k1": base64 of 32 bytes}; FIELD_KEY_ACTIVE "k1"; BLIND_INDEX_KEY base64 of 32 bytes
JOB_LEASE_SECONDS, JOB_CARRIER ("tasks")
SERVE_ACCEL_PREFIX   internal nginx location of the folder store, e.g. "/_originals/"; empty: we serve
SERVE_PRESIGNED_SECONDS  0: we serve; 1-300: redirect to S3
SANDBOX              "auto" (bubblewrap when it works) or "rlimits"
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings

GIB = 1024**3


@dataclass(frozen=True)
class Installation:
    blob_store: Mapping[str, Any]
    quarantine_root: Path
    upload_max_bytes: int = 8 * GIB
    quarantine_quota_bytes: int = 64 * GIB
    quarantine_reserve_bytes: int = GIB // 4
    field_keys: Mapping[str, str] = field(default_factory=dict, repr=False)
    field_key_active: str = ""
    blind_index_key: str = field(default="", repr=False)
    job_lease_seconds: float = 60.0
    job_retry_seconds: float = 10.0
    job_carrier: str = "tasks"
    serve_accel_prefix: str = ""
    serve_presigned_seconds: int = 0


def installation() -> Installation:
    """Read anew at each call, so that tests and reloads see what is set now."""
    chosen = {
        name: getattr(settings, name.upper())
        for name in Installation.__dataclass_fields__
        if hasattr(settings, name.upper())
    }
    chosen["quarantine_root"] = Path(chosen["quarantine_root"])
    return Installation(**chosen)
