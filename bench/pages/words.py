"""Made-up names: people, places and papers that bylines, notices and mastheads are filled with."""

from __future__ import annotations

from random import Random

SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛"
    "叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔"
    "贺赖龚文"
)
GIVEN = (
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂英华玉兰萍红鹏建国志斌宇浩凯健俊帆雪慧巧美云莲真环荣爱"
    "妹香月莺媛瑞凡佳嘉琼勤珍贞莉佩楠晨曦思源文博雨欣子涵梓轩一鸣海波晓东"
)
CITIES = (
    "云州",
    "临江",
    "青阳",
    "河阳",
    "平川",
    "安原",
    "南浦",
    "永定",
    "北陵",
    "清源",
    "武宁",
    "长岭",
    "晋源",
    "东昌",
    "西陵",
)
COUNTIES = (
    "古塔县",
    "石桥县",
    "金沙县",
    "龙泉区",
    "新城区",
    "高坪区",
    "柳河县",
    "白水县",
    "双塔区",
    "红旗镇",
    "大营镇",
    "杏林镇",
)
PAPERS = ("日报", "晚报", "晨报")
COMPANIES = (
    "宏泰",
    "瑞丰",
    "鑫源",
    "华信",
    "恒通",
    "金盛",
    "天成",
    "博远",
    "嘉禾",
    "东升",
    "永兴",
    "盛达",
    "中联",
    "佳美",
)
TRADES = (
    "建筑工程",
    "商贸",
    "物业服务",
    "餐饮管理",
    "科技",
    "运输",
    "房地产开发",
    "农业发展",
    "文化传媒",
    "机电设备",
)


def person(rng: Random) -> str:
    """Return a name of two or three characters."""
    given = rng.sample(GIVEN, rng.choice((1, 2, 2)))
    return rng.choice(SURNAMES) + "".join(given)


def people(rng: Random, *, most: int) -> tuple[str, ...]:
    """Return some different names, mostly one."""
    number = min(most, rng.choice((1, 1, 1, 2, 2, 3)))
    return tuple(dict.fromkeys(person(rng) for _ in range(number)))


def company(rng: Random) -> str:
    """Return the name of a firm."""
    return f"{rng.choice(CITIES)}{rng.choice(COMPANIES)}{rng.choice(TRADES)}有限公司"


def telephone(rng: Random) -> str:
    """Return a telephone number as notices print it."""
    return f"0{rng.randint(310, 999)}-{rng.randint(2000000, 8999999)}"
