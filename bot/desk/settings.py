"""The desk's part of bot.yaml: who works there, when, and the figures of the queue."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, time
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, field_validator, model_validator

from bot.desk.rules import Hours, Rules
from bot.errors import WrongSetting
from bot.intents.pinyin import initials
from bot.parts import Part, Reference
from bot.staff import NUMBER, Member, Role, jid_of

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_SPAN = re.compile(r"(\d{1,2}):(\d\d)-(\d{1,2}):(\d\d)")


def span(text: str) -> tuple[time, time]:
    """`8:00-22:00`; 24:00 is the end of the day."""
    found = _SPAN.fullmatch(text.replace(" ", ""))
    if not found:
        raise ValueError("hours are given as 8:00-22:00")
    begin, end = _clock(found[1], found[2]), _clock(found[3], found[4])
    if begin >= end:
        raise ValueError("hours end after they begin")
    return begin, end


def _clock(hours: str, minutes: str) -> time:
    return time.max if (hours, minutes) == ("24", "00") else time(int(hours), int(minutes))


def _is_span(text: str) -> str:
    span(text)
    return text


Span = Annotated[str, AfterValidator(_is_span)]


class StaffPart(Part):
    name: str
    jid: Annotated[str, AfterValidator(jid_of)] = ""
    role: Literal["agent", "leader"] = "agent"
    skills: tuple[str, ...] = ()
    capacity: int = Field(5, ge=1, le=40)


class DeskPart(Part):
    domain: str = ""
    port: int = Field(0, ge=0, le=65535)
    secret: Reference | None = None
    staff: Mapping[str, StaffPart] = {}
    skills: Mapping[str, tuple[str, ...]] = {}
    hours: Mapping[Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"], Span] = {}
    holidays: tuple[date, ...] = ()
    extra: Mapping[date, Span] = {}
    route: Literal["least", "robin", "idle"] = "least"
    offer: int = Field(20, ge=5, le=120)
    misses: int = Field(3, ge=1, le=20)
    grace: int = Field(45, ge=5, le=600)
    overflow: int = Field(60, ge=0, le=3600)
    patience: int = Field(120, ge=30, le=1800)
    max_wait: int = Field(600, ge=60, le=7200)
    wrapup: int = Field(120, ge=0, le=1800)
    codes: Mapping[str, str] = {}
    canned: tuple[str, ...] = ()

    @field_validator("staff")
    @classmethod
    def _numbers(cls, staff: Mapping[str, StaffPart]) -> Mapping[str, StaffPart]:
        for number in staff:
            if not NUMBER.fullmatch(number):
                raise WrongSetting(f"a 工号 has 2 to 8 digits, in quotes: {number!r}", number)
        return staff

    @model_validator(mode="after")
    def _fits(self) -> DeskPart:
        for number, member in self.staff.items():
            if unknown := set(member.skills) - set(self.skills):
                said = f"{number} has a skill that skills do not name: {', '.join(sorted(unknown))}"
                raise WrongSetting(said, "staff", number, "skills")
        taken: dict[str, str] = {}
        for number, member in self.staff.items():
            if member.jid and (other := taken.setdefault(member.jid, number)) != number:
                said = f"{number} has the jid of {other}: whoever writes from it would act as one of them"
                raise WrongSetting(said, "staff", number, "jid")
        if self.domain and self.secret is None:
            raise WrongSetting("secret is missing, the desk is a component of its own", "domain")
        if self.max_wait <= self.patience:
            said = "max_wait is more than patience: nobody is sent away without a word before"
            raise WrongSetting(said, "max_wait")
        return self

    def rules(self) -> Rules:
        return Rules(
            members={
                number: Member(
                    number,
                    one.name,
                    frozenset({Role.AGENT, Role(one.role)}),
                    skills=one.skills,
                    jid=one.jid,
                    capacity=one.capacity,
                )
                for number, one in self.staff.items()
            },
            skills=self.skills,
            hours=Hours(
                days={DAYS.index(day): span(text) for day, text in self.hours.items()},
                holidays=frozenset(self.holidays),
                extra={day: span(text) for day, text in self.extra.items()},
            ),
            route=self.route,
            offer=self.offer * 1000,
            misses=self.misses,
            grace=self.grace * 1000,
            overflow=self.overflow * 1000,
            patience=self.patience * 1000,
            max_wait=self.max_wait * 1000,
            wrapup=self.wrapup * 1000,
            codes=self.codes,
            canned={short(text): text for text in self.canned},
        )


def short(text: str) -> str:
    """What a canned reply is called by: the initials of its first four characters. 您好，请问 → nhqw."""
    letters = "".join(char for char in text if char.isalnum())
    return initials(letters)[:4].lower()
