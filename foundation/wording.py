"""The sentences for codes: what happened, what is safe, what to do next.

Other apps add their own with `register({...})`; a code without a sentence says so plainly,
and `missing()` lets a test find it. Values are lazy, so the reader's language decides.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from foundation.errors import speak_with

_SENTENCES: dict[str, Promise | str] = {}


class _Blank(dict[str, Any]):
    """Placeholders nobody filled print as a dash instead of breaking the page."""

    def __missing__(self, key: str) -> str:
        return "—"


def register(sentences: Mapping[str, Promise | str]) -> None:
    _SENTENCES.update(sentences)


def say(code: str, **params: Any) -> str:
    """The sentence for a code in the reader's language."""
    sentence = _SENTENCES.get(code)
    if sentence is None:
        return str(_("出现未登记的问题（%(code)s）。已存的内容没有丢失，请告知管理员。")) % {"code": code}
    return str(sentence) % _Blank(params)


def knows(code: str) -> bool:
    return code in _SENTENCES


def missing(codes: Iterable[str]) -> list[str]:
    return sorted(code for code in codes if code not in _SENTENCES)


register(
    {
        # files
        "blob_missing": _("没有找到这份文件的原件。登记仍在，请让管理员运行完整性检查并从备份恢复。"),
        "digest_mismatch": _("这份文件的内容与登记的校验值不符，未采用。请重新上传；原有登记不变。"),
        "no_space": _("存储空间不足，这次没有收下。已收到的 %(received)s 字节保留着，腾出空间后可接着传。"),
        "no_space_to_look": _(
            "磁盘放不下这个文件（%(needed)s 字节），还不能查看登记。上传的内容在存储里没有丢失；腾出空间后会自动重试。"
        ),
        "no_room_beforehand": _(
            "磁盘放不下这段录像：连同播放件需 %(needed)s GB，现剩 %(free)s GB，没有开始上传。"
            "请让管理员腾出空间，再选同一个文件重传。"
        ),
        "storage_unreachable": _("存储暂时不可用，内容没有丢失。请稍后重试，仍不行请告知管理员。"),
        # uploads
        "upload_broken": _("上传中断。已收到的部分保留着，重新连接后接着传即可。"),
        "too_large": _("文件 %(size)s 字节，超过单个文件上限 %(limit)s 字节，没有收下。请压缩或拆分后再传。"),
        "quota_exceeded": _(
            "待处理的上传已满 %(limit)s 字节，没有收下。请等已传的文件处理完，或撤回不用的上传。"
        ),
        "offset_mismatch": _("续传位置不对：已收到 %(expected)s 字节。请从这里接着传，已收到的部分不变。"),
        "checksum_mismatch": _("这一段传输出错，已丢弃这一段，之前收到的部分保留着。请重传这一段。"),
        "upload_busy": _("这个文件正由另一个窗口上传。请等它完成，或关闭那个窗口后再试。"),
        "upload_closed": _("这个上传已经结束，不能再写入。要换文件，请撤回后重新上传。"),
        "declared_size_exceeded": _(
            "收到的内容多于上传时声明的 %(declared)s 字节，多出的没有收。请核对文件后重新上传。"
        ),
        # content
        "empty": _("%(file_name)s 是空文件，没有收下。请打开原文件核对，重新导出或重新扫描后再传。"),
        "zip_content": _("%(file_name)s 其实是压缩包，没有收下。请解压后，把里面的图片或 PDF 逐个上传。"),
        "html_content": _(
            "%(file_name)s 其实是网页，没有收下。请上传扫描件、照片，或把网页打印成 PDF 再传。"
        ),
        "playlist_content": _(
            "%(file_name)s 其实是播放列表，里面没有画面，没有收下。"
            "请上传录像文件本身（MP4、MKV、MOV、AVI、TS、MPG）。"
        ),
        "svg_content": _("%(file_name)s 是 SVG 矢量图，没有收下。请导出为 PNG 或 PDF 再传。"),
        "office_content": _(
            "%(file_name)s 是 Office 文档，没有收下。请另存为 PDF，或打印签字盖章后扫描上传。"
        ),
        "encrypted_pdf": _("%(file_name)s 是加密的 PDF，打不开。请用密码打开后另存为不加密的 PDF，再上传。"),
        "truncated_image": _(
            "%(file_name)s 不完整，只有前面一部分画面。原件已留存；请重新扫描或重新复制后再传。"
        ),
        "too_many_pixels": _(
            "%(file_name)s 展开后画面过大，为安全没有打开。请以 300 dpi 重新扫描，或缩小后再传。"
        ),
        "too_many_pages": _("%(file_name)s 页数过多，没有收下。请拆成几份再传。"),
        "broken_pdf": _("%(file_name)s 的 PDF 结构损坏，打不开。原件已留存；请重新导出或重新扫描后再传。"),
        "broken_image": _("%(file_name)s 的图片内容损坏，打不开。原件已留存；请重新扫描或重新拍照后再传。"),
        "broken_video": _("%(file_name)s 的录像内容读不出来。原件已留存；请从录像设备重新复制后再传。"),
        "pdf_repaired": _(
            "%(file_name)s 的 PDF 结构有缺损，已修复后打开，共 %(pages)s 页。请核对页数；"
            "少页请重新导出后再传。"
        ),
        "unknown_content": _(
            "认不出 %(file_name)s 的内容，没有收下。"
            "可收 JPEG、PNG、TIFF、HEIC、PDF 和 MP4、MOV、MKV、AVI、TS、MPG。"
        ),
        "kind_not_wanted": _(
            "%(file_name)s 的类型（%(media_type)s）不能放在这里。请换成页面上列出的类型再传。"
        ),
        "extension_differs": _(
            "%(file_name)s 的扩展名与内容不符，已按内容（%(media_type)s）收下，无须重传。"
        ),
        # child processes
        "parser_failed": _(
            "%(file_name)s 打不开：读取程序中途退出。原件已留存；请重新导出或重新扫描后再传。"
        ),
        "parser_timed_out": _("%(file_name)s 打开用时过长，已停止。原件已留存；请拆小或重新导出后再传。"),
        "parser_out_of_memory": _(
            "%(file_name)s 展开后超出内存上限，已停止。原件已留存；请拆小或重新导出后再传。"
        ),
        "parser_disk_full": _(
            "处理 %(file_name)s 时磁盘满了，做到一半停下。原件和已做完的部分都在；腾出空间后请重试，从停下的地方接着做。"
        ),
        # jobs
        "job_failed": _("这一步没有做完。已存的内容没有丢失，可以重试；仍不行请告知管理员。"),
        "unexpected": _("处理时出现意外，已记入日志。已存的内容没有丢失，可以重试；仍不行请告知管理员。"),
        "lease_lost": _("这件工作已由另一个进程接手，本进程停下，没有写入。"),
        "job_kind_unknown": _("没有会做这件工作的程序。请让管理员核对各服务的版本是否一致，再重试。"),
        "job_arguments_not_ids": _("工作的参数只能是编号，没有排队。请告知管理员。"),
        "job_worker_lost": _("处理进程几次中途退出，已停下。已存的内容没有丢失；请告知管理员查明后重试。"),
        "job_not_over": _("这件工作还没有结束，不用重试。请等它完成，或先取消。"),
        # secrets
        "secret_unreadable": _("加密的内容读不出来。请让管理员核对密钥设置；内容没有丢失。"),
        "key_missing": _(
            "缺少编号为 %(key_id)s 的密钥，加密的内容读不出来。请让管理员恢复该密钥；内容没有丢失。"
        ),
        "secret_tampered": _("加密的内容被改动过，未采用。请让管理员从备份核对。"),
        "mask_written": _("填的是遮盖后的号码，没有保存。请填写完整号码，或保持原样不改。"),
    }
)
speak_with(say)
