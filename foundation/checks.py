"""What is weak in this installation: said at start, before somebody relies on it."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register
from django.utils.translation import gettext as _
from django_tasks import task_backends

from foundation import jobs, sandbox
from foundation.blobs import STORES
from foundation.carriers import CARRIERS
from foundation.installation import installation
from foundation.secrets import key_from
from foundation.tasks_carrier import ALIAS


@register("security")
def check_keys(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Keys are there, are 32 bytes, are not one another, and are not a pattern."""
    return list(_key_faults())


@register("security")
def check_walls(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Parsers of strangers' files run behind bubblewrap."""
    if sandbox.is_walled():
        return []
    return [
        Warning(
            _("没有可用的 bubblewrap：打开上传文件的子进程只有资源上限，没有隔离文件和网络。"),
            hint=_("安装 bubblewrap（apt-get install bubblewrap），并允许它建立用户命名空间。"),
            id="foundation.W001",
        )
    ]


@register("security")
def check_private_folders(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Neither originals nor quarantine lie in a folder that is served."""
    private = [Path(installation().quarantine_root)]
    if "root" in installation().blob_store:
        private.append(Path(installation().blob_store["root"]))
    served = [Path(place) for place in (settings.MEDIA_ROOT, settings.STATIC_ROOT) if place]
    return [
        Error(
            _("%(folder)s 在公开目录 %(served)s 里面，任何人都能取走。")
            % {"folder": folder, "served": place},
            hint=_("把 BLOB_STORE 和 QUARANTINE_ROOT 移出 MEDIA_ROOT 与 STATIC_ROOT。"),
            id="foundation.E002",
        )
        for folder in private
        for place in served
        if folder.resolve().is_relative_to(place.resolve())
    ]


@register()
def check_choices(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """The store, the carrier and the queues that are named exist."""
    found: list[CheckMessage] = []
    if installation().blob_store.get("kind") not in STORES:
        found.append(
            Error(
                _("BLOB_STORE 的 kind 只能是 %(kinds)s。") % {"kinds": "、".join(STORES)},
                id="foundation.E003",
            )
        )
    if installation().job_carrier not in CARRIERS:
        found.append(
            Error(_("JOB_CARRIER 只能是 %(kinds)s。") % {"kinds": "、".join(CARRIERS)}, id="foundation.E004")
        )
    known = task_backends[ALIAS].queues
    found += [
        Error(
            _("工作 %(kind)s 的队列 %(queue)s 不在 TASKS 的 QUEUES 里。")
            % {"kind": kind.name, "queue": kind.queue},
            id="foundation.E005",
        )
        for kind in jobs.kinds()
        if known and kind.queue not in known
    ]
    return found


@register("database")
def check_sqlite(app_configs: Any, databases: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """SQLite takes several writers only with IMMEDIATE transactions and patience."""
    return sqlite_faults(settings.DATABASES["default"])


def sqlite_faults(database: Mapping[str, Any]) -> list[CheckMessage]:
    """What is weak in one entry of DATABASES."""
    options = database.get("OPTIONS", {})
    if not database["ENGINE"].endswith("sqlite3"):
        return []
    if options.get("transaction_mode") == "IMMEDIATE" and options.get("timeout", 0) >= 10:
        return []
    return [
        Warning(
            _("SQLite 没有设成 IMMEDIATE 事务和 10 秒以上的等待，几个人同时写会报“locked”。"),
            hint=_("在 DATABASES 的 OPTIONS 里写 transaction_mode: IMMEDIATE 和 timeout: 20。"),
            id="foundation.W006",
        )
    ]


def _key_faults() -> Iterator[CheckMessage]:
    chosen = installation()
    if chosen.field_key_active not in chosen.field_keys:
        yield Error(_("FIELD_KEY_ACTIVE 指的密钥不在 FIELD_KEYS 里，号码无法加密。"), id="foundation.E007")
    named = {f"FIELD_KEYS[{key_id}]": key for key_id, key in chosen.field_keys.items()}
    named["BLIND_INDEX_KEY"] = chosen.blind_index_key
    for name, encoded in named.items():
        if weakness := _weakness(encoded):
            yield Error(
                _("%(name)s：%(weakness)s") % {"name": name, "weakness": weakness},
                hint=_("用 32 个随机字节的 base64，例如 openssl rand -base64 32。"),
                id="foundation.E008",
            )
    if len(set(named.values())) < len(named):
        yield Error(_("加密密钥和盲索引密钥有相同的，须各用各的。"), id="foundation.E009")


def _weakness(encoded: str) -> str:
    try:
        key = key_from(encoded)
    except ValueError:
        return _("不是 32 字节的密钥")
    if len(set(key)) < 8 and not settings.DEBUG:
        return _("是有规律的弱密钥，只能用于开发")
    return ""
