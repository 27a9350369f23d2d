"""The grammar of talk files, and what is said when a talk goes otherwise."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.talk import Line, Player, TalkError, parse, read


class Echo:
    """A stage that answers what it is told to answer."""

    number = "13800138001"
    password = "246810"

    def __init__(self, *answers: list[str], texts: tuple[str, ...] = ()) -> None:
        self.answers = list(answers)
        self.texts = list(texts)
        self.said: list[str] = []
        self.waited = 0.0

    async def say(self, text: str) -> list[str]:
        self.said.append(text)
        return self.answers.pop(0) if self.answers else []

    async def sms(self) -> list[str]:
        texts, self.texts = self.texts, []
        return texts

    async def pushes(self) -> list[str]:
        return []

    async def wait(self, seconds: float) -> None:
        self.waited += seconds

    async def state(self) -> str:
        return "idle"

    async def ledger(self) -> str:
        return "done"


async def played(text: str, stage: Echo) -> Player:
    player = Player(parse("a.talk", text), stage)
    await player.play()
    return player


def test_every_kind_of_line() -> None:
    talk = parse(
        "a.talk",
        "# a remark\nbrand: easyown\nlang: en\n\n> 查话费 # 5\n< *元*\nsms: *{code}*\nwait 1.5 min\n"
        "state: idle  # behind a blank\nledger: none\nowner: bot\n",
    )
    assert talk.head == {"brand": "easyown", "lang": "en"}
    assert [(line.kind, line.text) for line in talk.lines] == [
        ("say", "查话费 # 5"),
        ("hear", "*元*"),
        ("sms", "*{code}*"),
        ("wait", "wait 1.5 min"),
        ("state", "idle"),
        ("ledger", "none"),
        ("owner", "bot"),
    ]
    assert talk.lines[0] == Line(5, "say", "查话费 # 5")


@pytest.mark.parametrize("line", ["hello", "wait", "wait soon", "sm: x", "<no blank", "brnad: x"])
def test_a_line_that_is_none_says_where(line: str) -> None:
    with pytest.raises(TalkError, match=r"a\.talk:2: not a line of a talk"):
        parse("a.talk", f"> 你好\n{line}\n")


def test_the_head_stands_at_the_head() -> None:
    with pytest.raises(TalkError, match=r"a\.talk:2"):
        parse("a.talk", "> 你好\nbrand: mzone\n")


def test_a_talk_is_read_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "x.talk").write_text("> 你好\n", "utf-8")
    assert read(tmp_path / "x.talk").name == "x.talk"


async def test_lines_are_met_in_order_and_may_be_skipped() -> None:
    await played("> a\n< 一\n< *四", Echo(["一\n二", "三四"]))
    with pytest.raises(TalkError, match=r"a\.talk:3: expected '一'.*"):
        await played("> a\n< *四\n< 一", Echo(["一\n二", "三四"]))


async def test_names_are_filled_in_and_kept() -> None:
    stage = Echo(["流水号 H260510-ABC123"], ["1 彩铃 5元"], ["彩铃"], [], texts=("旧", "【x】123456，用于"))
    player = await played(
        "> {number} {password}\n> {serial}\n< 1 {first} *\n> {first}\n< {first}\n"
        "sms: *{code}，*\n> {code}\nwait 2s\nwait 1h\n",
        stage,
    )
    assert stage.said == ["13800138001 246810", "H260510-ABC123", "彩铃", "123456"]
    assert stage.waited == 3602
    assert player.names["code"] == "123456"


async def test_a_name_that_stands_twice_in_a_line_is_the_same_both_times() -> None:
    await played("> a\n< {first}和{first}", Echo(["彩铃和彩铃"]))
    with pytest.raises(TalkError, match="expected"):
        await played("> a\n< {first}和{first}", Echo(["彩铃和手机报"]))


async def test_the_transcript_holds_no_secret() -> None:
    stage = Echo(["请输入"], ["登录成功"], texts=("123456，用于",))
    player = await played("> {password}\n> x\nsms: {code}，*\n> {code}\n", stage)
    whole = "\n".join(player.transcript)
    assert "246810" not in whole
    assert "123456" not in whole
    assert "> {password}" in whole
    assert "sms: {code}，*" in whole


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("> a\n< *无*", r"a\.talk:2: expected '\*无\*', was told:\n一"),
        ("> a\nstate: confirming", r"a\.talk:2: state is 'idle', not 'confirming'"),
        ("> a\nledger: none", r"a\.talk:2: ledger is 'done', not 'none'"),
        ("> a\nowner: 1207", r"a\.talk:2: owner is 'bot', not '1207'"),
        ("> a\nsms: *{code}*", r"a\.talk:2: no such SMS, 0 arrived"),
        ("> a\n< 一\n< 一", r"\(nothing more\)"),
    ],
)
async def test_what_went_otherwise(text: str, why: str) -> None:
    with pytest.raises(TalkError, match=why):
        await played(text, Echo(["一"]))


@pytest.mark.parametrize("answer", ["\n".join("123456789"), "长" * 301])
async def test_an_answer_that_fits_no_phone_is_an_error(answer: str) -> None:
    with pytest.raises(TalkError, match="does not fit a phone"):
        await played("> a", Echo([answer]))


async def test_a_pattern_is_no_regular_expression() -> None:
    await played("> a\n< (5元/月)+?", Echo(["(5元/月)+?"]))
    with pytest.raises(TalkError):
        await played("> a\n< 5元.月", Echo(["5元/月"]))


def test_lines_of_staff() -> None:
    talk = parse(
        "t",
        "as staff 1207: #接 1\nas staff 1207 in 2: 您好 # 不是注释\n1207< *新会话*\nstaff 1207 gone\nowner: 1207\n",
    )
    assert [(line.kind, line.text) for line in talk.lines] == [
        ("staff", "as staff 1207: #接 1"),
        ("staff", "as staff 1207 in 2: 您好 # 不是注释"),
        ("told", "1207< *新会话*"),
        ("gone", "staff 1207 gone"),
        ("owner", "1207"),
    ]


async def test_a_stage_without_staff_says_so() -> None:
    with pytest.raises(TalkError, match="t:1: there is no staff on this stage"):
        await Player(parse("t", "as staff 1207: #接\n"), Echo()).play()
