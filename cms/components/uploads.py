"""What the drop zone says about a file on its way; the script holds no words of its own."""

import json

from django.utils.translation import gettext_lazy as _

WORDS = {
    "waiting": _("等候上传"),
    "sending": _("正在上传"),
    "paused": _("连接断了，已传部分留存，恢复后自动续传。"),
    "held": _("已暂停，已传部分留存；关掉页面也不丢，选同一个文件就接着传。"),
    "going_on": _("接着上次的 %(share)s %% 传"),
    "done": _("已收妥"),
    "behind": _("已收齐，后台正在核对登记，可以离开本页"),
    "checked": _("已收妥，与本机文件逐字节一致"),
    "again": _("已收妥；与先前上传的 %(name)s 内容相同，只存一份"),
    "differs": _("收到的内容与本机文件不一致，请撤回后重新上传。"),
    "broken": _("没有传完：连接断了。已传部分留存，请点重试续传。"),
    "refused": _("服务器没有接受这个文件。请刷新本页后重试；其余文件不受影响。"),
    "empty": _("这是空文件，没有内容可传。请重新扫描或拍摄。"),
    "withdrawn": _("已撤回"),
    "stuck": _("没有撤回：服务器没有应答。请稍后再点撤回。"),
    "withdraw": _("撤回"),
    "pause": _("暂停"),
    "go_on": _("接着传"),
    "retry": _("重试"),
}


def words_json() -> str:
    """The words in the reader's language, for a data attribute (the template escapes it)."""
    return json.dumps({key: str(word) for key, word in WORDS.items()}, ensure_ascii=False)
