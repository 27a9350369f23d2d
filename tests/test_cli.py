"""The command line as a user types it."""

import asyncio
import json
import os
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
SECRETS = {
    "HALLBOT_XMPP_SECRET": "s" * 20,
    "HALLBOT_KEY_IDS": "11" * 32,
    "HALLBOT_KEY_PEPPER": "22" * 32,
    "HALLBOT_KEY_SEALING": "33" * 32,
}


async def hallbot(*arguments: str, typed: str = "", **environment: str) -> tuple[int, str, str]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        *arguments,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={**os.environ, "COLUMNS": "200", **environment},
        cwd=ROOT,
    )
    out, err = await asyncio.wait_for(process.communicate(typed.encode()), 30)
    assert process.returncode is not None
    return process.returncode, out.decode(), err.decode()


async def test_chat_holds_a_conversation_and_shows_why() -> None:
    code, out, _ = await hallbot("chat", typed="查话费\n246810\n/why 积分\n/state\n/help\n/quit\n")
    assert code == 0
    assert "登录成功" in out
    assert '"decision": "act"' in out
    assert "state: idle" in out
    assert "/wait" in out


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
        assert len(err.splitlines()) == 1


async def test_check_wants_every_secret_and_says_which() -> None:
    code, out, _ = await hallbot("check", "bot.yaml")
    assert code == 2
    assert len(out.splitlines()) == len(SECRETS)
    code, out, _ = await hallbot("check", "bot.yaml", **SECRETS)
    assert code == 0
    assert "valid" in out


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
