"""How values are written: a date, a number, a name. Each shape finds its value in a text and judges it as printed."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from dossiers.numbering import check_credit_code, check_id_number
from ingestion.places import mended_address, mended_body
from ingestion.reading import FieldState

NUMBER_LIKE = str.maketrans({"O": "0", "o": "0", "I": "1", "l": "1", "|": "1", "x": "X"})
DIGIT_LIKE = str.maketrans({"O": "0", "o": "0", "〇": "0", "I": "1", "l": "1", "|": "1"})
ID_TOKEN = re.compile(r"(?<![0-9A-Za-z])[0-9OoIl][0-9OoIl|]{13,18}[0-9OoIlxX](?![0-9A-Za-z])")
ID_SHAPED = re.compile(r"[0-9]{17}[0-9X]")
HAN = "㐀-鿿"
PERSON_NAME = re.compile(rf"[{HAN}]{{2,4}}(?:·[{HAN}]{{1,8}})*|[{HAN}]{{1,8}}(?:·[{HAN}]{{1,8}})+")
COURTESY = re.compile(r"(?:同志|同学|先生|女士)$")
YEAR_MONTH_DAY = re.compile(
    r"(?<!\d\d)(?P<y>(?:19|20)[0-9OIl〇]{2})(?:[年./\-—]|[^\d\w])(?P<m>[01]?[0-9OIl])(?:[月./\-—]|[^\d\w])"
    r"(?P<d>[0-3]?[0-9OIl])(?!\d)日?"
)
RUN_TOGETHER = re.compile(r"(?<!\d)(?P<y>(?:19|20)\d\d)(?P<m>\d\d)(?P<d>\d\d)(?!\d)")
YEAR_MONTH = re.compile(r"(?<!\d)(?P<y>[12]\d{3})(?:[年./\-—]|[^\d\w])(?P<m>[01]?\d)(?!\d)月?")
MONTH_DAY = re.compile(r"(?<!\d)(?P<m>[01]?\d)月(?P<d>[0-3]?\d)日?")
NUMERALS = "〇零○O0一二三四五六七八九十"
SPELLED = re.compile(
    rf"(?P<y>[一二]?[〇零○O0一二三四五六七八九]{{3,4}})年(?P<m>[{NUMERALS}]{{1,3}})月(?P<d>[{NUMERALS}廿卅]{{1,3}})日"
)
LIKE_A_DATE = re.compile(r"(?=[^月日]*\d)[\dOIl〇]{1,4}[年./\-—]?[\dOIl〇]{0,4}[月./\-—][\dOIl〇]{0,3}日?")
BLANK_DATE = re.compile(r"^\W*年?\W*月?\W*日?\W*$")
NATIONS = (
    "汉|蒙古|回|藏|维吾尔|苗|彝|壮|布依|朝鲜|满|侗|瑶|白|土家|哈尼|哈萨克|傣|黎|傈僳|佤|畲|高山|拉祜|水|东乡|纳西|景颇|"
    "柯尔克孜|土|达斡尔|仫佬|羌|布朗|撒拉|毛南|仡佬|锡伯|阿昌|普米|塔吉克|怒|乌孜别克|俄罗斯|鄂温克|德昂|保安|裕固|京|"
    "塔塔尔|独龙|鄂伦春|赫哲|门巴|珞巴|基诺|穿青人"
)
NATION = re.compile(rf"(?:{NATIONS})族?(?![{HAN}])")
ORGANISATION = re.compile(
    r"(?:局|厅|学校|学院|大学|中学|中心|公司|集团|协会|委员会|联合会|合作社|办公室|研究院|研究所|派出所|管理所|服务站|工作站|"
    r"厂|店|政府|财政部|教育部|人力资源和社会保障部|退役军人事务部|分局|支队|总队)$"
)
LEVEL = re.compile(
    r"[一二三四五]级(?:[/／(（]?(?:高级技师|技师|高级工|中级工|初级工)[)）]?)?|(?<![㐀-鿿])(?:高级技师|技师|高级工|中级工|初级工|高级|中级|初级)(?![㐀-鿿])"
)
FULL_WIDTH = str.maketrans("(),;:", "（），；：")
R15_PREFIXES = ("JNPX", "GQPX", "ZGPX")
R15_LENGTH = 16
MOST_TEXT, LONGEST_LEVEL = 200, 12
LIKE_A_LEVEL = re.compile("级|技师|工$")


@dataclass(frozen=True)
class Value:
    """What a shape found: where in the text, the value, and what is to be held of it."""

    start: int
    end: int
    value: str
    state: FieldState = FieldState.READ
    problem: str = ""


Shape = Callable[[str], Value | None]


def id_number(text: str) -> Value | None:
    """The first run of that shape: checked only if length, date and check digit hold. No region counts against it."""
    found = ID_TOKEN.search(text)
    return judged_id(found) if found else None


def judged_id(found: re.Match[str]) -> Value:
    """A run of the shape of an ID number, judged as printed."""
    printed = _without_bars(found.group())
    check = check_id_number(printed)
    if check.is_valid:
        return Value(*found.span(), printed, FieldState.CHECKED)
    state = FieldState.SUSPECT if check.valid_length else FieldState.MALFORMED
    return Value(*found.span(), printed, state, check.problems[0])


def _without_bars(printed: str) -> str:
    """Digits for the letters that look like them; the rules between boxes left out where that leaves a number."""
    plain = printed.translate(NUMBER_LIKE)
    bare = printed.replace("|", "").translate(NUMBER_LIKE)
    return bare if ID_SHAPED.fullmatch(bare) and not ID_SHAPED.fullmatch(plain) else plain


def person_name(text: str) -> Value | None:
    """Two to four characters, or parts with a point between; longer runs are two names or none, kept as printed."""
    run = re.match(rf"[{HAN}·]+", text)
    if not run:
        return None
    bare = COURTESY.sub("", run.group())
    if PERSON_NAME.fullmatch(bare):
        return Value(0, len(bare), bare)
    return Value(0, run.end(), run.group(), FieldState.MALFORMED, "wrong_shape") if len(bare) > 1 else None


def sex(text: str) -> Value | None:
    found = re.match("[男女]", text)
    return Value(0, 1, found.group()) if found else None


def ethnicity(text: str) -> Value | None:
    found = NATION.match(text)
    return Value(*found.span(), found.group()) if found else None


def day(text: str) -> Value | None:
    """A date as ISO 8601. One that is printed and does not exist is kept as printed, malformed."""
    found = _date_in(text)
    if found:
        iso = _iso(found)
        if iso:
            return Value(*found.span(), iso)
        return Value(*found.span(), found.group(), FieldState.MALFORMED, "no_such_date")
    like = LIKE_A_DATE.search(text)
    return Value(*like.span(), like.group(), FieldState.MALFORMED, "no_such_date") if like else None


def month(text: str) -> Value | None:
    """A year and month, or a whole date where one is printed."""
    whole = _date_in(text)
    if whole and _iso(whole):
        return Value(*whole.span(), _iso(whole))
    found = YEAR_MONTH.search(text)
    if found and 1 <= int(found["m"]) <= 12:
        return Value(*found.span(), f"{found['y']}-{int(found['m']):02d}")
    return None


def _date_in(text: str) -> re.Match[str] | None:
    found = [match for pattern in (YEAR_MONTH_DAY, RUN_TOGETHER, SPELLED) if (match := pattern.search(text))]
    return min(found, key=lambda match: match.start()) if found else None


def _iso(found: re.Match[str]) -> str:
    try:
        return date(*(_figure(found[part]) for part in ("y", "m", "d"))).isoformat()
    except ValueError:
        return ""


def _figure(printed: str) -> int:
    """A number in digits or in Chinese numerals, the year digit by digit (二〇二六), month and day as spoken (十二)."""
    plain = printed.translate(DIGIT_LIKE)
    if plain.isascii() and plain.isdigit():
        return int(plain)
    digits = {sign: place for place, sign in enumerate("〇一二三四五六七八九")} | {
        "零": 0,
        "○": 0,
        "O": 0,
        "0": 0,
    }
    spoken = printed.replace("廿", "二十").replace("卅", "三十")
    if "十" in spoken:
        tens, _, ones = spoken.partition("十")
        return 10 * (digits.get(tens, 0) if tens else 1) + (digits.get(ones, 0) if ones else 0)
    return int("".join(str(digits[sign]) for sign in spoken if sign in digits) or 0)


def iso_date(printed: str) -> str:
    """A printed date as ISO 8601; empty if there is no such day."""
    found = _date_in(printed)
    return _iso(found) if found else ""


def period(text: str) -> tuple[Value, Value | None] | None:
    """Two dates; the second may be printed without its year (附件1): taken for the first one's, and said so."""
    first = day(text)
    if first is None or first.state != FieldState.READ:
        return None
    rest = text[first.end :]
    second = day(rest)
    if second is not None and second.state == FieldState.READ:
        return first, _moved(second, first.end)
    found = MONTH_DAY.search(rest)
    if not found:
        return first, None
    iso = iso_date(f"{first.value[:4]}年{found['m']}月{found['d']}日")
    problem = "" if iso >= first.value else "dates_out_of_order"
    state = FieldState.READ if iso and not problem else FieldState.SUSPECT
    return first, _moved(
        Value(*found.span(), iso or found.group(), state, problem or "year_missing"), first.end
    )


def _moved(value: Value, by: int) -> Value:
    return Value(value.start + by, value.end + by, value.value, value.state, value.problem)


def certificate_no(text: str) -> Value | None:
    """Verbatim. A number with the regulation's prefix must have its form (R15); an ID number alone is none."""
    found = re.match(rf"(?:[A-Za-z0-9|()\[\]〔〕/.\-—]|[第字号证{HAN}](?=.*\d)|(?<=\d)号)+", text)
    printed = found.group().rstrip(".-—/([") if found else ""
    digits = sum(character.isdigit() for character in printed)
    if digits < 4 or len(printed) > 40 or ID_SHAPED.fullmatch(printed.translate(NUMBER_LIKE)):
        return None
    if printed[:4].upper() in R15_PREFIXES:
        return _judged_r15(printed)
    if re.fullmatch(r"[A-Z]{4}\d{10,14}", printed) and _is_near_r15(printed[:4]):
        return Value(0, len(printed), printed, FieldState.SUSPECT, "certificate_prefix")
    return Value(0, len(printed), printed)


def _is_near_r15(prefix: str) -> bool:
    """One letter off: a slip of the pen or of the engine, not another kind of number."""
    return any(sum(a != b for a, b in zip(prefix, known, strict=True)) == 1 for known in R15_PREFIXES)


def _judged_r15(printed: str) -> Value:
    number = printed[:4].upper() + printed[4:].translate(NUMBER_LIKE)
    if len(number) != R15_LENGTH:
        return Value(0, len(printed), number, FieldState.MALFORMED, "certificate_length")
    if not number[4:].isdigit():
        return Value(0, len(printed), number, FieldState.MALFORMED, "certificate_digits")
    return Value(0, len(printed), number)


def phone(text: str) -> Value | None:
    found = re.search(r"[0-9OoIl][0-9OoIl\-—()]{5,18}[0-9OoIl]", text)
    if not found:
        return None
    printed = found.group().translate(NUMBER_LIKE)
    if re.fullmatch(r"1[3-9]\d{9}|(?:\(?0\d{2,3}\)?-?)?[2-9]\d{6,7}", printed):
        return Value(*found.span(), printed)
    return Value(*found.span(), printed, FieldState.MALFORMED, "phone_shape")


def count(text: str) -> Value | None:
    found = re.match(r"\D{0,2}?(\d{1,5})(?![\d.])", text)
    return Value(*found.span(1), found.group(1)) if found else None


def score(text: str) -> Value | None:
    """Marks of an examination, halves allowed."""
    found = re.match(r"(\d{1,3}(?:\.\d)?)分?(?!\d)", text)
    return Value(*found.span(1), found.group(1)) if found else None


def money(text: str) -> Value | None:
    found = re.match(r"[¥￥]?\s*\d[\d,.]*(?:万?元(?:/人)?)?", text)
    return Value(*found.span(), found.group()) if found else None


def account(text: str) -> Value | None:
    found = re.match(r"\d[\d\-]{7,28}\d", text)
    return Value(*found.span(), found.group()) if found else None


def credit_code(text: str) -> Value | None:
    found = re.search(r"[0-9A-Z]{15,20}", text)
    if not found:
        return None
    problems = check_credit_code(found.group())
    if not problems:
        return Value(*found.span(), found.group(), FieldState.CHECKED)
    state = FieldState.SUSPECT if len(found.group()) == 18 else FieldState.MALFORMED
    return Value(*found.span(), found.group(), state, problems[0])


def organisation(text: str) -> Value | None:
    """A body's name, up to a number or a date; what stands in brackets behind it (盖章) does not belong to it."""
    found = plain_text(re.split(r"\d{3}|(?<=[㐀-鿿])[:★]", text)[0])
    if found is None or not re.search(f"[{HAN}]{{2}}", found.value):
        return None
    return Value(found.start, found.end, mended_body(found.value))


def address(text: str) -> Value | None:
    """An address, wherever it breaks over lines; spelling of province and city as they are called."""
    found = plain_text(text)
    return Value(found.start, found.end, mended_address(found.value)) if found else None


def is_whole_organisation(value: str) -> bool:
    """Whether a name ends as names of bodies do: it does not go on in the next line."""
    return bool(ORGANISATION.search(value))


def level(text: str) -> Value | None:
    """A skill level as it is printed; what a seal left around it is not part of it, a bracket it covers is."""
    found = LEVEL.search(text)
    if found:
        value = as_chinese_print(found.group())
        return Value(*found.span(), value + "）" if "（" in value and "）" not in value else value)
    return plain_text(text) if len(text) <= LONGEST_LEVEL and LIKE_A_LEVEL.search(text) else None


def plain_text(text: str) -> Value | None:
    """What stands there, without the words that only say where to sign; brackets as Chinese print has them."""
    shown = re.sub(r"[\W_]*[(\[]?(?:盖章|签章|公章|签字|签名|章)[)\]]?\W*$", "", text).rstrip(":;,、_-— ")
    start = len(shown) - len(shown.lstrip(":;,、。_-—./ "))
    value = shown[start:]
    if not any(character.isalnum() for character in value) or BLANK_DATE.fullmatch(value):
        return None
    return Value(start, len(shown), as_chinese_print(value)) if len(value) <= MOST_TEXT else None


def as_chinese_print(value: str) -> str:
    """Brackets and commas between Chinese characters in full width, as they are printed; engines mix them."""
    if not re.search(f"[{HAN}]", value):
        return value
    return value.translate(FULL_WIDTH)


SHAPES: dict[str, Shape] = {
    "person": person_name,
    "sex": sex,
    "ethnicity": ethnicity,
    "date": day,
    "month": month,
    "id_number": id_number,
    "certificate_no": certificate_no,
    "phone": phone,
    "count": count,
    "score": score,
    "money": money,
    "account": account,
    "credit_code": credit_code,
    "organisation": organisation,
    "level": level,
    "address": address,
    "text": plain_text,
}
