"""The operator's catalogue: plans and services by brand."""

from __future__ import annotations

from collections.abc import Mapping

from bot.adapters.sandbox.operator.offers import EASYOWN, GOTONE, GROUP, MZONE, Offer
from bot.adapters.sandbox.operator.rewards import REWARDS


def _plan(id: str, brand: str, name: str, short: str, yuan: int, voice: int, data: int, sms: int) -> Offer:
    text = f"每月{yuan}元，含国内通话{voice}分钟、上网流量{data}MB、短信{sms}条，超出部分按标准资费计。"
    return Offer(
        id, "plan", name, short, yuan * 100, text, (brand,), "month", "nextMonth",
        allowances={"voice": voice, "data": data, "sms": sms},
    )  # fmt: skip


PLANS = (
    _plan("P-GT58", GOTONE, "全球通58元套餐", "全球通58", 58, 150, 100, 30),
    _plan("P-GT88", GOTONE, "全球通88元套餐", "全球通88", 88, 350, 150, 60),
    _plan("P-GT128", GOTONE, "全球通128元套餐", "全球通128", 128, 600, 300, 100),
    _plan("P-GT188", GOTONE, "全球通商旅188元套餐", "商旅188", 188, 1000, 500, 200),
    _plan("P-MZ18", MZONE, "动感地带18元音乐套餐", "动感18", 18, 50, 70, 200),
    _plan("P-MZ28", MZONE, "动感地带28元网聊套餐", "动感28", 28, 80, 150, 300),
    _plan("P-MZ38", MZONE, "动感地带38元校园套餐", "动感38", 38, 150, 300, 400),
    _plan("P-EO8", EASYOWN, "神州行8元畅听卡", "畅听8", 8, 60, 0, 0),
    _plan("P-EO18", EASYOWN, "神州行18元家园卡", "家园18", 18, 150, 30, 20),
    _plan("P-EO28", EASYOWN, "神州行28元轻松卡", "轻松28", 28, 260, 70, 50),
    _plan("P-GP50", GROUP, "集团50元商务套餐", "商务50", 50, 200, 100, 50),
    _plan("P-GP100", GROUP, "集团100元商务套餐", "商务100", 100, 500, 300, 100),
)


def _pack(yuan: int, megabytes: int) -> Offer:
    text = f"包含{megabytes}MB国内通用流量，当月有效，不结转，用完后按标准资费计。"
    name = f"{yuan}元流量包"
    return Offer(
        f"S-DATA{yuan}", "service", name, name, yuan * 100, text,
        alias=(f"{yuan}元包", f"{megabytes}M流量包"), allowances={"data": megabytes},
    )  # fmt: skip


def _service(id: str, name: str, short: str, yuan: int, text: str, *alias: str, brands: tuple[str, ...] = ()) -> Offer:
    return Offer(id, "service", name, short, yuan * 100, text, brands or (GOTONE, MZONE, EASYOWN, GROUP), alias=alias)


SERVICES = (
    _service("S-CRBT", "彩铃", "彩铃", 5, "来电时让对方听到您选的音乐或录音，含一首热门铃音。", "炫铃", "个性化回铃音"),
    _service("S-NEWS", "手机报", "手机报", 3, "每天早晚各一期彩信新闻：要闻、财经、体育、娱乐。", "新闻早晚报"),
    _service("S-MAIL139", "139邮箱", "139邮箱", 5, "以手机号为地址的邮箱，新邮件短信提醒，含3GB空间。", "手机邮箱"),
    _service("S-CLIP", "来电显示", "来电显示", 5, "来电时显示主叫号码。", "主叫号码显示", "来显"),
    _service("S-MISSED", "来电提醒", "来电提醒", 3, "关机或不在服务区时的来电，开机后以短信告知。", "漏话提醒"),
    _service("S-SECRETARY", "移动秘书", "移动秘书", 6, "人工秘书代接来电，留言以短信转告。", "秘书台"),
    _pack(5, 30),
    _pack(10, 70),
    _pack(20, 150),
    _pack(30, 500),
    _service("S-GPRS", "GPRS", "GPRS", 0, "手机上网功能，功能费免费，流量按套餐或标准资费计。", "手机上网", "上网功能"),
    _service("S-SMS10", "短信包", "短信包", 10, "每月160条国内点对点短信。", "10元短信包"),
    _service("S-MMS5", "彩信包", "彩信包", 5, "每月20条国内点对点彩信。", "5元彩信包"),
    _service("S-VOICEMAG", "语音杂志", "语音杂志", 5, "拨打12590收听笑话、情感、音乐等有声栏目，包月不限时。"),
    _service("S-MUSIC", "无线音乐", "无线音乐", 6, "俱乐部高级会员：全曲下载、彩铃七折。", "全曲下载"),
    _service("S-STOCK", "手机证券", "手机证券", 10, "实时行情、资讯与委托交易。", "手机炒股", brands=(GOTONE, GROUP)),
    _service("S-TV", "手机电视", "手机电视", 10, "电视直播与点播，另收流量费。"),
    _service("S-12580", "生活播报", "生活播报", 3, "12580每天一期彩信：美食、优惠、出行。", "12580", "生活百事通"),
    _service("S-LOCATION", "位置服务", "位置服务", 5, "查询自己和经授权的家人的位置。", "手机导航"),
    _service("S-WALLET", "手机钱包", "手机钱包", 0, "用手机缴费和小额支付，功能费免费。", "手机支付"),
    _service("S-FETION", "飞信", "飞信", 0, "电脑与手机互发消息，功能费免费。"),
    _service("S-ROAM", "国际漫游", "国际漫游", 0, "在国外和港澳台使用，功能费免费，通话按当地资费计。", "出国漫游"),
    Offer(
        "S-FORWARD", "service", "呼叫转移", "呼叫转移", 0, "把来电转到另一个号码，功能费免费，转移通话另计费。",
        alias=("呼转",), wants="number",
    ),
    _service("S-ALERT", "余额提醒", "余额提醒", 0, "余额低于您设定的金额时短信提醒。", brands=(EASYOWN,)),
    Offer(
        "S-FAMILY", "service", "亲情号码", "亲情号码", 100, "拨打所设亲情号码，市话每分钟0.1元；每个号码每月1元。",
        (EASYOWN, MZONE), alias=("亲情号",), several=True, wants="number", most=5,
    ),
    _service("S-VNET", "集团短号", "集团短号", 3, "集团内以短号互拨免费，每月封顶1000分钟。", "V网", brands=(GROUP,)),
    _service("S-GCRBT", "集团彩铃", "集团彩铃", 5, "来电时播放企业统一录制的铃音。", brands=(GROUP,)),
)  # fmt: skip

MESSAGES = (Offer("M-SMS", "message", "自写短信", "自写短信", 10, "从聊天里发一条短信给任何手机。", period="once"),)

CATALOGUE = (*PLANS, *SERVICES, *REWARDS, *MESSAGES)
OFFERS: Mapping[str, Offer] = {offer.id: offer for offer in CATALOGUE}
