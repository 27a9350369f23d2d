"""The command line as a user types it."""

import asyncio
import json
import os
import sys
from pathlib import Path
from typing import IO

ROOT = Path(__file__).parent.parent
SECRETS = {
    "HALLBOT_XMPP_SECRET": "s" * 20,
    "HALLBOT_KEY_IDS": "11" * 32,
    "HALLBOT_KEY_PEPPER": "22" * 32,
    "HALLBOT_KEY_SEALING": "33" * 32,
}


async def hallbot(*arguments: str, typed: str = "", **environment: str) -> tuple[int, str, str]:
    return await _hallbot(arguments, environment, asyncio.subprocess.PIPE, typed.encode())


async def _hallbot(
    arguments: tuple[str, ...], environment: dict[str, str], stdin: int | IO[bytes], typed: bytes | None
) -> tuple[int, str, str]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        *arguments,
        stdin=stdin,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={**os.environ, "COLUMNS": "200", **environment},
        cwd=ROOT,
    )
    out, err = await asyncio.wait_for(process.communicate(typed), 30)
    assert process.returncode is not None
    return process.returncode, out.decode(), err.decode()


async def test_chat_holds_a_conversation_and_shows_why() -> None:
    code, out, _ = await hallbot("chat", typed="查话费\n246810\n/why 积分\n/state\n/help\n/quit\n")
    assert code == 0
    assert "登录成功" in out
    assert '"decision": "act"' in out
    assert "state: idle" in out
    assert "/wait" in out


async def test_chat_reads_a_file_and_shows_each_line_before_its_answer(tmp_path: Path) -> None:
    """Also with a line that is no text, and without a line break at the end."""
    file = tmp_path / "lines"
    file.write_bytes("查话费\n246810\n".encode() + b"\xff\xfe\n" + "查积分".encode())
    with file.open("rb") as stdin:
        code, out, err = await _hallbot(("chat",), {}, stdin, None)
    assert (code, err) == (0, "")
    rows = out.splitlines()
    assert rows.index("> 查话费") < rows.index("> {password}") < rows.index("> 查积分")
    assert "登录成功" in out
    assert "积分" in out.partition("> 查积分")[2]


async def test_chat_plays_staff_too() -> None:
    typed = "/as 1207 #闲\n人工\n/as 1207 #接\n/as 1207 您好，请讲\n/as 9999 #接\n/quit\n"
    code, out, _ = await hallbot("chat", typed=typed)
    assert code == 0
    assert "1207< 【新会话 1】回复 #接 或 #拒，20 秒内有效。" in out
    assert "您好，工号 1207 为您服务。" in out
    assert "您好，请讲" in out
    assert "bot.yaml names nobody with 工号 9999" in out


async def test_chat_as_nobody_names_the_numbers() -> None:
    code, _, err = await hallbot("chat", "--as", "13900000000")
    assert code == 2
    assert "13800138001" in err


async def test_a_recorded_talk_can_be_played_and_holds_no_secret(tmp_path: Path) -> None:
    file = tmp_path / "recorded.talk"
    lines = "查话费\n246810\n开通彩铃\n确认\n取消\n/wait 6min\n积分\n/quit\n"
    code, _, err = await hallbot("talk", "--record", str(file), typed=lines)
    assert code == 0, err
    assert "246810" not in file.read_text("utf-8")
    code, out, err = await hallbot("talk", str(file))
    assert code == 0, err
    assert out.startswith("1 of 1 talks")


async def test_a_talk_that_goes_otherwise_names_the_line(tmp_path: Path) -> None:
    file = tmp_path / "wrong.talk"
    file.write_text("> 你好\n< 再见\n", "utf-8")
    code, out, err = await hallbot("talk", str(file))
    assert code == 1
    assert err.startswith("wrong.talk:2: expected '再见', was told:")
    assert out.startswith("0 of 1")


async def test_talk_without_a_file_says_what_is_missing(tmp_path: Path) -> None:
    for place in ([], [str(tmp_path)], [str(tmp_path / "none.talk")]):
        code, _, err = await hallbot("talk", *place)
        assert code == 2
        assert err.startswith("hallbot: ")
        assert "".join(place) in err
        assert err.endswith(": name files that end in .talk, or a folder of them\n")
        assert len(err.splitlines()) == 1


async def test_a_talk_in_which_nothing_is_said_does_not_pass(tmp_path: Path) -> None:
    for name, text in (("empty", ""), ("remarks", "# one\n\n# two\n"), ("head", "brand: easyown\n")):
        file = tmp_path / f"{name}.talk"
        file.write_text(text, "utf-8")
        code, out, err = await hallbot("talk", str(file))
        assert code == 1
        assert err.startswith(f"{name}.talk: nothing is said in it: write a line `> 你好`")
        assert out.startswith("0 of 1")


async def test_a_talk_that_cannot_be_played_is_named(tmp_path: Path) -> None:
    for name, text, wrong in (
        ("brand.talk", b"brand: nope\n", "brand: 'nope' is none of gotone, mzone, easyown, group"),
        ("time.talk", b"time: today\n", "time: 'today' is not like 2026-05-10 12:00"),
        ("line.talk", b"line: whose\n", "line: 'whose' is none of administrator"),
    ):
        (tmp_path / name).write_bytes(text)
        code, _, err = await hallbot("talk", str(tmp_path / name))
        assert code == 1
        assert err.startswith(f"{name}: {wrong}")


async def test_a_talk_that_cannot_be_read_is_named_and_the_others_are_played(tmp_path: Path) -> None:
    (tmp_path / "bytes.talk").write_bytes(b"> \xff\n")
    (tmp_path / "folder.talk").mkdir()
    (tmp_path / "good.talk").write_text("> 你好\n< *\n", "utf-8")
    code, out, err = await hallbot("talk", str(tmp_path))
    assert code == 1
    assert err.splitlines() == [
        f"{tmp_path / 'bytes.talk'} cannot be read: it is not UTF-8",
        f"{tmp_path / 'folder.talk'} cannot be read: Is a directory",
    ]
    assert out.startswith("1 of 3")


async def test_a_file_that_cannot_be_read_says_why(tmp_path: Path) -> None:
    (tmp_path / "bytes").write_bytes(b"\xff")
    for command in ("mine", "evaluate"):
        for name, why in (("none", "No such file or directory"), ("bytes", "it is not UTF-8")):
            code, _, err = await hallbot(command, str(tmp_path / name))
            assert code == 2
            assert err.endswith(f"{name} cannot be read: {why}\n")


async def test_a_deployment_that_cannot_be_read_is_named_as_it_was_given(tmp_path: Path) -> None:
    (tmp_path / "bytes").write_bytes(b"\xff")
    name = f"name the bot.yaml of your deployment (one to start from: {ROOT / 'bot.yaml'})"
    talks = str(ROOT / "tests/talks")
    for command in (["check"], ["run"], ["desk"], ["chat", "--config"], ["talk", talks, "--config"]):
        for file, says in (
            (tmp_path / "none", f"No such file or directory; {name}"),
            (tmp_path, f"Is a directory; {name}"),
            (tmp_path / "bytes", "it is not UTF-8; save it as UTF-8"),
        ):
            code, _, err = await hallbot(*command, str(file))
            assert code == 2
            assert err == f"hallbot: {file} cannot be read: {says}\n"


async def test_a_port_that_is_none_is_refused() -> None:
    for name in ("--web-port", "--xmpp-port", "--desk-port"):
        code, _, err = await hallbot("demo", name, "65536")
        assert code == 2
        assert "65535" in err


async def test_check_wants_every_secret_and_says_which() -> None:
    code, _, err = await hallbot("check", "bot.yaml")
    assert code == 2
    assert len(err.splitlines()) == len(SECRETS)
    assert all("bot.yaml:" in line for line in err.splitlines())
    code, out, _ = await hallbot("check", "bot.yaml", **SECRETS)
    assert code == 0
    assert "valid" in out


async def test_a_secret_that_others_can_read_stops_check_and_start(tmp_path: Path) -> None:
    file, secret = tmp_path / "bot.yaml", tmp_path / "xmpp.secret"
    text = (
        (ROOT / "bot.yaml").read_text("utf-8").replace("secret: env:HALLBOT_XMPP_SECRET ", "secret: file:xmpp.secret ")
    )
    file.write_text(text, "utf-8")
    secret.write_text("geheim" * 3)
    secret.chmod(0o644)
    said = "the secret file:xmpp.secret can be read by others than its owner (mode 0644): chmod 600"
    code, _, err = await hallbot("check", str(file), **SECRETS)
    assert code == 2
    assert err.startswith("hallbot: bot.yaml:")
    assert err.endswith(f": {said}\n")
    code, _, err = await hallbot("run", str(file), **SECRETS)
    assert (code, err) == (2, f"hallbot: {said}\n")
    file.write_text(text.replace("exposed: refuse", "exposed: warn"), "utf-8")
    code, out, _ = await hallbot("check", str(file), **SECRETS)
    assert code == 0
    assert " ".join(out.split()).startswith(f"warning: {said} bot.yaml: valid")
    secret.chmod(0o600)
    code, out, _ = await hallbot("check", str(file), **SECRETS)
    assert (code, "warning" in out) == (0, False)


async def test_check_knows_the_dialects(tmp_path: Path) -> None:
    file = tmp_path / "bot.yaml"
    file.write_text((ROOT / "bot.yaml").read_text("utf-8").replace("dialect: tmf ", "dialect: tmg "), "utf-8")
    code, _, err = await hallbot("check", str(file), **SECRETS)
    assert code == 2
    assert "operator.dialect: there is no 'tmg', did you mean 'tmf'?" in err
    assert "Traceback" not in err


async def test_check_places_every_error(tmp_path: Path) -> None:
    file = tmp_path / "bot.yaml"
    text = (ROOT / "bot.yaml").read_text("utf-8")
    file.write_text(text.replace("  host:", "  hots:", 1).replace("code_tries: 3", "code_tries: 9"), "utf-8")
    code, _, err = await hallbot("check", str(file), **SECRETS)
    assert code == 2
    assert "did you mean 'host'?" in err
    assert "limits.code_tries" in err
    assert all("bot.yaml:" in line for line in err.splitlines())


async def test_run_refuses_what_cannot_work_in_one_sentence(tmp_path: Path) -> None:
    file = tmp_path / "bot.yaml"
    text = (ROOT / "bot.yaml").read_text("utf-8")
    file.write_text(text.replace("redis://127.0.0.1:6379/0", f"unix://{tmp_path}/none.sock"), "utf-8")
    code, _, err = await hallbot("run", str(file), **SECRETS)
    assert code == 2
    assert err.splitlines()[-1] == "hallbot: redis is away"
    assert "Traceback" not in err


async def test_explain_as_json() -> None:
    code, out, _ = await hallbot("explain", "查話費", "--json")
    assert code == 0
    assert "bill.query" in json.loads(out)["intents"]
