"""Names of provinces, and of the cities of this one, that an engine may miss by one character: 缓化市 is no place."""

import re
from collections.abc import Sequence

PROVINCES = tuple(
    f"{name}省"
    for name in re.findall(
        "..|.", "吉林辽宁河北山西江苏浙江安徽福建江西山东河南湖北湖南广东海南四川贵州云南陕西甘肃青海"
    )
) + ("黑龙江省",)
CITIES = tuple(
    f"{name}市"
    for name in (
        *("哈尔滨", "齐齐哈尔", "鸡西", "鹤岗", "双鸭山", "大庆"),
        *("伊春", "佳木斯", "七台河", "牡丹江", "黑河", "绥化"),
    )
)
PROVINCE = re.compile(r"^[㐀-鿿]{2,3}省")
CITY = re.compile(r"^(黑龙江省)([㐀-鿿]{2,4}市)")
COUNTY_OF_BODY = re.compile(r"(?<=[㐀-鿿]{2})[具呈昙](?=公安|人力|就业|民政|退役|残疾|第[一二三])")


def mended_address(printed: str) -> str:
    """The address, its province and city spelled as they are called where only one place can be meant."""
    head = PROVINCE.match(printed)
    if head:
        printed = _nearest(head.group(), PROVINCES) + printed[head.end() :]
    city = CITY.match(printed)
    if city:
        printed = city.group(1) + _nearest(city.group(2), CITIES) + printed[city.end() :]
    return printed


def mended_body(printed: str) -> str:
    """A body's name; what stands before 公安局 is a county (县), which engines take for its twin 具."""
    return COUNTY_OF_BODY.sub("县", printed)


def _nearest(name: str, known: Sequence[str]) -> str:
    """The one known name that differs in one character; the name itself if there is none, or more than one."""
    if name in known:
        return name
    near = [place for place in known if len(place) == len(name) and _differences(place, name) == 1]
    return near[0] if len(near) == 1 else name


def _differences(one: str, other: str) -> int:
    return sum(mine != theirs for mine, theirs in zip(one, other, strict=True))
