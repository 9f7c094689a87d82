"""What is wrong with a value that was read: the codes that readings keep, worded here and nowhere else.

A sentence says what is wrong and, where that helps, what to look at next. It never repeats the value.
"""

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from dossiers.numbering import PROBLEMS as NUMBER_PROBLEMS

PLAIN: dict[str, str | Promise] = {
    "not_found": _("页上没有找到，请看原件"),
    "no_such_date": _("日期读不成，请看原件"),
    "date_unlikely": _("日期早得或晚得不合常理，请看原件"),
    "year_missing": _("没有印年份，按起始日期的年份认作"),
    "dates_out_of_order": _("起止日期先后颠倒"),
    "validity_span": _("有效期不是 5 年、10 年、20 年或长期"),
    "several_numbers": _("页上不止一个号码，不能断定是哪一个"),
    "differs_from_id_number": _("与身份证号不符"),
    "engines_disagree": _("两次读得不一样，请看原件"),
    "read_poorly": _("字迹没有读清，请看原件"),
    "wrong_shape": _("不合这一栏的写法，按所印照录"),
    "phone_shape": _("联系电话不合写法，按所印照录"),
    "lessons_do_not_add_up": _("理论与技能课时之和不等于培训课时"),
    "amounts_do_not_add_up": _("人数与标准之积不等于金额"),
    "counts_out_of_order": _("人数前后不合，请核对各栏"),
    "nothing_ticked": _("没有勾选"),
    "several_ticked": _("勾选了不止一项"),
    "tick_unsure": _("勾选看不清，请看原件"),
    "mark_unsure": _("有无签字盖章看不清，请看原件"),
    "mark_absent": _("没有看到签字、盖章或照片"),
}


def problem_text(code: str) -> str:
    """One stored code in the reader's language; nothing for no code, a way on for one that no table knows."""
    if not code:
        return ""
    if code in PLAIN:
        return str(PLAIN[code])
    return gettext(NUMBER_PROBLEMS[code]) if code in NUMBER_PROBLEMS else gettext("这个值有疑问，请看原件")
