"""What is said to a CAMARA operator, and what the sandbox says as one, against the definition."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from aiohttp import ClientSession

from bot.adapters.camara import LONGEST, CamaraOtp, CamaraSettings, shortened
from bot.adapters.sandbox.operator import Operator
from tests.adapters.tmf.world import TOKEN, world_in

NUMBER = "13800138000"


@pytest.fixture(scope="module")
def definition() -> dict[str, Any]:
    file = Path(os.environ["HALLBOT_DATA"]) / "tmf" / "camara-one-time-password-sms.yaml"
    found: dict[str, Any] = yaml.safe_load(file.read_text("utf-8"))
    return found


def schema(definition: dict[str, Any], name: str) -> dict[str, Any]:
    found: dict[str, Any] = definition["components"]["schemas"][name]
    return found


async def test_both_directions(definition: dict[str, Any], tmp_path: Path) -> None:
    await Operator(tmp_path / "world").close()
    bodies: list[tuple[str, dict[str, Any]]] = []
    async with world_in(tmp_path / "world") as world:
        otp = CamaraOtp(CamaraSettings(world.base, TOKEN))
        await otp.start()
        asked = await otp.send("challenge-1", NUMBER, "【示例移动】{{code}}，用于办理“彩铃”" + "长" * 200)
        assert not await otp.right(asked, "123")
        await otp.close()
        async with ClientSession(headers={"Authorization": f"Bearer {TOKEN}"}) as http:
            for path, name, body in (
                ("send-code", "SendCodeBody", {"phoneNumber": f"+86{NUMBER}", "message": "{{code}} is it"}),
                ("validate-code", "ValidateCodeBody", {"authenticationId": asked, "code": "123"}),
            ):
                assert set(schema(definition, name)["required"]) == set(body)
                async with http.post(f"{world.base}/one-time-password-sms/v1/{path}", json=body) as answer:
                    bodies.append((path, await answer.json()))
                    assert str(answer.status) in definition["paths"][f"/{path}"]["post"]["responses"]
    assert len(asked) <= schema(definition, "AuthenticationId")["maxLength"]
    sent, refused = dict(bodies)["send-code"], dict(bodies)["validate-code"]
    assert set(sent) == set(schema(definition, "SendCodeResponse")["required"])
    codes = definition["components"]["responses"]["ValidateCodeBadRequestError400"]
    assert refused["code"] in str(codes)


def test_the_message_is_as_long_as_it_may_be(definition: dict[str, Any]) -> None:
    message = schema(definition, "Message")
    assert message["maxLength"] == LONGEST
    assert re.fullmatch(message["pattern"], shortened("长" * 300 + "{{code}}"), re.DOTALL)
