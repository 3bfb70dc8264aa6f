"""Notices (启事、公告、声明、通告) and picture captions, made from patterns."""

from __future__ import annotations

from datetime import date
from random import Random

from bench.pages.stories import Paragraph, Story
from bench.pages.words import CITIES, COUNTIES, company, people, person, telephone
from qa.domain.articles import ArticleKind

Drawn = tuple[str, tuple[str, ...], str]
"""A title, paragraphs, and who signs; nobody where that is empty."""


def lost(rng: Random) -> Drawn:
    number = rng.randint(10**8, 10**9 - 1)
    firm = company(rng)
    body = f"{firm}不慎遗失营业执照副本，统一社会信用代码：91140{number}X2，声明作废。"
    return "遗失声明", (body,), ""


def seal(rng: Random) -> Drawn:
    firm = company(rng)
    body = (
        f"我公司原公章（编号：{rng.randint(10**12, 10**13)}）因磨损停止使用，自本声明见报之日起启用新公章。"
        "此前以原公章签订的合同继续有效，任何单位和个人再使用原公章均与我公司无关。"
    )
    return "声 明", (body, "特此声明"), firm


def outage(rng: Random) -> Drawn:
    place = rng.choice(COUNTIES)
    bureau = rng.choice(CITIES) + rng.choice(("供水集团有限公司", "供电公司", "热力有限责任公司"))
    body = (
        f"因{place}管线改造施工需要，定于{rng.randint(1, 28)}日{rng.randint(6, 10)}时"
        f"至次日{rng.randint(4, 9)}时，"
        f"对{place}解放路以东、建设街以南片区暂停供应。请用户提前做好储备，由此带来的不便敬请谅解。"
    )
    return rng.choice(("停水公告", "公 告", "通 告")), (body, f"咨询电话：{telephone(rng)}"), bureau


def land(rng: Random) -> Drawn:
    city, place = rng.choice(CITIES), rng.choice(COUNTIES)
    title = f"{city}市人民政府 关于收回{place}中心街{rng.randint(2, 99)}号国有土地使用权的通告"
    return (
        title,
        (
            "各有关单位和个人：",
            f"为实施城市规划，经{city}市人民政府批准，决定依法收回位于{place}中心街以北、"
            f"滨河路以西的国有土地使用权，面积{rng.randint(90000, 999999) / 100}平方米。",
            f"有关权利人自本通告发布之日起{rng.choice((10, 15, 30))}日内，"
            "持土地权属证件到市自然资源局办理注销登记，逾期不办的，依法直接予以注销。",
            "特此通告",
        ),
        f"{city}市人民政府",
    )


def hiring(rng: Random) -> Drawn:
    firm = company(rng)
    return (
        rng.choice(("招聘启事", "招聘公告")),
        (
            f"{firm}因业务需要公开招聘工作人员{rng.randint(3, 40)}名，现将有关事项公告如下：",
            f"1.报名条件：年龄{rng.choice((35, 40))}周岁以下，大专及以上学历，品行端正。",
            f"2.报名时间：本月{rng.randint(1, 14)}日至{rng.randint(15, 28)}日，节假日除外。",
            f"3.报名地点：{rng.choice(COUNTIES)}人力资源市场二楼大厅。",
            f"联系人：{person(rng)} 电话：{telephone(rng)}",
        ),
        firm if rng.random() < 0.5 else "",
    )


def kin(rng: Random) -> Drawn:
    finder, child = person(rng), person(rng)
    found = f"{rng.randint(2012, 2018)}年{rng.randint(1, 12)}月{rng.randint(1, 28)}日"
    body = (
        f"{finder}于{found}在{rng.choice(COUNTIES)}汽车站附近捡拾一名{rng.choice(('女', '男'))}婴，"
        f"取名{child}，现寻找其亲生父母。请知情者联系{finder} 13{rng.randint(10000, 99999)}****。"
    )
    return "寻亲启事", (body,), ""


def reception(rng: Random) -> Drawn:
    city = rng.choice(CITIES)
    return (
        f"{city}市市直部门主要领导接访活动公告",
        (
            f"为进一步畅通群众诉求渠道，切实维护群众合法权益，现将{city}市市直部门主要领导本月接访活动公告如下：",
            f"一、接访时间：每周{rng.choice('一二三四')}上午8时30分至12时。",
            f"二、接访地点：{city}市人民来访接待中心一层。",
            "三、有关要求：来访群众请携带本人身份证，遵守接访秩序，如实反映情况。",
            "特此公告",
        ),
        f"{city}市信访局",
    )


def winding_up(rng: Random) -> Drawn:
    firm = company(rng)
    body = (
        f"{firm}经股东会决议，拟向登记机关申请注销登记，清算组由{'、'.join(people(rng, most=3))}组成。"
        "请债权人自公告之日起45日内向本公司清算组申报债权，逾期视为放弃。"
    )
    return rng.choice(("注销公告", "清算公告")), (body,), firm if rng.random() < 0.6 else ""


PATTERNS = (lost, seal, outage, land, hiring, kin, reception, winding_up)


def notice(rng: Random, *, day: date) -> Story:
    """Return a made-up notice; signed ones end in the signature and, mostly, the date."""
    title, paragraphs, signed = rng.choice(PATTERNS)(rng)
    dated = f"{day.year}年{day.month}月{day.day}日" if signed and rng.random() < 0.85 else ""
    body = [each for each in (*paragraphs, signed, dated) if each]
    return Story(
        titles=(title,),
        paragraphs=tuple(Paragraph(text=text) for text in body),
        day=day,
        kind=ArticleKind.NOTICE,
        filed=day if dated else None,
    )


SCENES = (
    "{day}，{place}果农在采摘园里分拣刚摘下的苹果。近年来，当地因地制宜发展特色林果业，带动群众就近就业、稳定增收。",
    "{day}，工人在{place}一家装备制造企业的车间里赶制订单。今年以来，该企业生产任务饱满，产品销往多个国家和地区。",
    "{day}，志愿者在{place}社区为老年人义诊。当天的活动共为一百余名居民提供了健康咨询和常规检查服务。",
    "图为{day}，{place}跨河大桥合龙现场。该桥全长一千二百余米，建成后两岸通行时间将缩短四十分钟。",
    "{day}，孩子们在{place}图书馆里阅读。该馆假期延长开放时间，并推出绘本分享、手工制作等活动。",
    "{place}湿地公园内，成群的候鸟在水面嬉戏。随着生态环境持续改善，来这里越冬的候鸟逐年增多。",
)


def caption(rng: Random, *, day: date) -> Story:
    """Return a made-up caption, without its credit."""
    shown = date.fromordinal(day.toordinal() - rng.randint(1, 3))
    text = rng.choice(SCENES).format(day=f"{shown.month}月{shown.day}日", place=rng.choice(COUNTIES))
    title = rng.choice(("", "", "", "丰收时节采摘忙", "暖心服务到家门", "订单足 生产忙"))
    return Story(
        titles=(title,) if title else (),
        paragraphs=(Paragraph(text=text),),
        day=day,
        kind=ArticleKind.CAPTION,
    )
