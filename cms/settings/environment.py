"""How this installation is told apart from others: environment variables, data folder, keys."""

import base64
import json
import os
import secrets
from pathlib import Path
from urllib.parse import unquote, urlsplit


def flag(name: str, default: bool) -> bool:
    """A yes-or-no variable; anything but 1/true/yes/on is no."""
    return os.environ.get(name, str(default)).lower() in {"1", "true", "yes", "on"}


def words(name: str, default: str = "") -> list[str]:
    """A comma-separated variable."""
    return [word.strip() for word in os.environ.get(name, default).split(",") if word.strip()]


def load_keys(folder: Path) -> dict:
    """The installation's secrets: made once, readable by their owner only, never in the repository.

    `keys.json` holds the signing key, the field encryption keys by id, and the blind-index key. Whoever
    loses it loses every ID number: back it up apart from the database.
    """
    path = folder / "keys.json"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        keys = {
            "secret_key": secrets.token_urlsafe(50),
            "field_keys": {"k1": base64.b64encode(secrets.token_bytes(32)).decode()},
            "field_key_active": "k1",
            "blind_index_key": base64.b64encode(secrets.token_bytes(32)).decode(),
        }
        part = folder / f"keys.{os.getpid()}.part"
        part.touch(mode=0o600)
        part.write_text(json.dumps(keys, indent=1))
        try:
            os.link(part, path)  # the first of two starters wins; the other reads the winner's keys
        except FileExistsError:
            pass
        finally:
            part.unlink()
    return json.loads(path.read_text())


def database(url: str, folder: Path) -> dict:
    """SQLite in the data folder, or the PostgreSQL that DATABASE_URL names."""
    if not url:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": str(folder / "db.sqlite3"),
            "OPTIONS": {
                "timeout": 20,
                "transaction_mode": "IMMEDIATE",
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
            },
        }
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ValueError("DATABASE_URL must start with postgresql://")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
    }


def blob_store(folder: Path) -> dict:
    """Originals in a local folder, or in the S3 bucket that S3_BUCKET names."""
    bucket = os.environ.get("S3_BUCKET")
    if not bucket:
        return {"kind": "folder", "root": str(folder / "blobs")}
    return {
        "kind": "s3",
        "bucket": bucket,
        "endpoint_url": os.environ.get("S3_ENDPOINT_URL") or None,
        "region": os.environ.get("S3_REGION") or None,
        "access_key": os.environ.get("S3_ACCESS_KEY") or None,
        "secret_key": os.environ.get("S3_SECRET_KEY") or None,
        "browser_endpoint_url": os.environ.get("S3_BROWSER_ENDPOINT_URL") or None,
    }


def browser_origins(store: dict) -> list[str]:
    """Where a browser may send parts of large files besides to us: the bucket's own address, or nowhere."""
    address = urlsplit(store.get("browser_endpoint_url") or "")
    return [f"{address.scheme}://{address.netloc}"] if address.netloc else []
