"""What the camera page says of photographs on their way; the script holds no words of its own."""

import json

from django.utils.translation import gettext_lazy as _

WORDS = {
    "count": _("已拍 %(n)s 页"),
    "sending": _("第 %(n)s 页正在上传"),
    "all_sent": _("%(n)s 页都已上传"),
    "some_sent": _("前 %(n)s 页已上传"),
    "kept_one": _("第 %(n)s 页先存手机"),
    "kept_some": _("第 %(n)s 到 %(m)s 页先存手机"),
    "kept_why": _("没有网络。照片存在这台手机里，有网后自动上传；在这之前请不要清除浏览器数据。"),
    "signed_out": _("登录已过期，照片仍在这台手机里。请另开一页重新登录，再点重试。"),
    "stuck": _("没有传完，照片仍在这台手机里。请点重试。"),
    "others": _("这台手机里还有 %(n)s 页是别的账号或别的班次拍下的，登录那个账号、打开那个班次后上传。"),
    "not_kept": _("这台手机存不下照片，没有网络时拍的会丢。请在有网络时拍。"),
    "no_camera": _("没有打开摄像头。可点“拍照或选图”，用手机自带的相机拍。"),
    "aim": _("对准一页纸，四角都进画面"),
    "whole": _("四角都在画面里，可以拍"),
    "near": _("纸角出了画面，请退后一点"),
    "retry": _("重试"),
}


def words_json() -> str:
    """The words in the reader's language, for a data attribute (the template escapes it)."""
    return json.dumps({key: str(word) for key, word in WORDS.items()}, ensure_ascii=False)
