"""What can go wrong on the ground, drawn as a tree.

    FoundationError
     +- StorageError       BlobMissing, DigestMismatch, NoSpace
     +- UploadError        TooLarge, QuotaExceeded, OffsetMismatch, ChecksumMismatch, UploadBusy, UploadClosed
     +- Refused            a file whose content we do not take; its code says why
     +- SandboxError       TimedOut, OutOfMemory, DiskFull, ChildFailed
     +- JobError           LeaseLost, UnknownKind, JobFailed, BadArguments
     +- SecretError        KeyMissing, Tampered, MaskWritten

Every error has a `code` and `params`; `text` is the sentence for people. Its words come from
foundation.wording, which gives this room its voice when Django starts: the tree itself needs no Django,
so that child processes and pure workshops may raise from it.
`str(error)` is the code alone, because it goes to logs and params may hold a file name.
"""

from collections.abc import Callable

Param = str | int | float
_voice: list[Callable[..., str]] = []


def speak_with(say: Callable[..., str]) -> None:
    """Give the errors their sentences: `say(code, **params)`."""
    _voice[:] = [say]


class FoundationError(Exception):
    """`code` picks the sentence in foundation.wording; `params` fill its placeholders."""

    code: str = "unexpected"

    def __init__(self, code: str | None = None, **params: Param) -> None:
        self.code = code or type(self).code
        self.params = params
        super().__init__(self.code)

    @property
    def text(self) -> str:
        return _voice[0](self.code, **self.params) if _voice else self.code


class StorageError(FoundationError):
    code = "storage_unreachable"


class BlobMissing(StorageError):
    code = "blob_missing"


class DigestMismatch(StorageError):
    code = "digest_mismatch"


class NoSpace(StorageError):
    code = "no_space"


class UploadError(FoundationError):
    code = "upload_broken"


class TooLarge(UploadError):
    code = "too_large"


class QuotaExceeded(UploadError):
    code = "quota_exceeded"


class OffsetMismatch(UploadError):
    """The sender continues at another byte than we stand at; `params["expected"]` is ours."""

    code = "offset_mismatch"


class ChecksumMismatch(UploadError):
    code = "checksum_mismatch"


class UploadBusy(UploadError):
    code = "upload_busy"


class UploadClosed(UploadError):
    code = "upload_closed"


class Refused(FoundationError):
    code = "unknown_content"


class SandboxError(FoundationError):
    code = "parser_failed"


class TimedOut(SandboxError):
    code = "parser_timed_out"


class OutOfMemory(SandboxError):
    code = "parser_out_of_memory"


class DiskFull(SandboxError):
    """The child found no room for what it had to write."""

    code = "parser_disk_full"


class ChildFailed(SandboxError):
    code = "parser_failed"


class JobError(FoundationError):
    code = "job_failed"


class LeaseLost(JobError):
    """Another worker holds this job now; whoever gets this must stop and write nothing."""

    code = "lease_lost"


class UnknownKind(JobError):
    code = "job_kind_unknown"


class BadArguments(JobError):
    code = "job_arguments_not_ids"


class JobFailed(JobError):
    """Raised by a handler that knows its failure: `retry=False` ends the job at once."""

    def __init__(self, code: str, *, retry: bool = False, **params: Param) -> None:
        super().__init__(code, **params)
        self.retry = retry


class SecretError(FoundationError):
    code = "secret_unreadable"


class KeyMissing(SecretError):
    code = "key_missing"


class Tampered(SecretError):
    code = "secret_tampered"


class MaskWritten(SecretError):
    """A masked value (2312**********182X) was about to be stored as if it were the number."""

    code = "mask_written"
