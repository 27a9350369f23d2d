"""Where halls, machines and partner shops are."""

from __future__ import annotations

from bot.ports.around import Area, Branch, Shop

AREAS = (
    Area("北京", ("朝阳区", "海淀区", "西城区", "丰台区")),
    Area("上海", ("浦东新区", "徐汇区", "静安区")),
    Area("武汉", ("武昌区", "洪山区", "江汉区")),
    Area("广州", ("天河区", "越秀区", "海珠区")),
    Area("杭州", ("西湖区", "上城区", "滨江区")),
    Area("成都", ("锦江区", "武侯区", "青羊区")),
)
_ROADS = ("人民路", "建设大道", "中山路", "学府路", "和平街", "文化路", "解放大道")


def _branches(city: str, district: str, seed: int) -> tuple[Branch, ...]:
    short = district.removesuffix("区").removesuffix("新")
    road, other = _ROADS[seed % len(_ROADS)], _ROADS[(seed + 3) % len(_ROADS)]
    return (
        Branch(f"{short}营业厅", city, district, f"{road}{seed * 7 % 200 + 1}号", "9:00-19:00"),
        Branch(f"{other}服务厅", city, district, f"{other}{seed * 13 % 300 + 1}号", "9:00-17:30"),
        Branch(f"{short}自助终端", city, district, f"{road}地铁口", "24小时", kiosk=True),
    )


BRANCHES = tuple(
    branch
    for n, area in enumerate(AREAS)
    for m, district in enumerate(area.districts)
    for branch in _branches(area.city, district, n * 5 + m)
)
_SHOPS = (
    ("餐饮", "川味小馆", "套餐九折"),
    ("餐饮", "学生食堂外卖", "满30减5"),
    ("影院", "星光影城", "电影票七折"),
    ("KTV", "欢唱地带KTV", "白天场六折"),
    ("书店", "知行书店", "图书八五折"),
    ("服饰", "街角潮品", "全场九折"),
    ("健身", "动力健身房", "月卡八折"),
)
SHOPS = tuple(
    Shop(name, area.city, kind, discount, f"{area.districts[n % len(area.districts)]}{_ROADS[(n + m) % len(_ROADS)]}")
    for m, area in enumerate(AREAS)
    for n, (kind, name, discount) in enumerate(_SHOPS)
)
