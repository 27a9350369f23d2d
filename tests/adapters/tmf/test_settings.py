"""What a deployment may set, and what it is told when that cannot be."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.adapters.tmf import TmfSettings

BASE = "https://api.example.com/gw/"


def test_paths_are_overridden_one_by_one() -> None:
    settings = TmfSettings(BASE, paths={"payment": "/payment/v4/payment/"})
    assert settings.path("payment") == "/payment/v4/payment"
    assert settings.path("order") == "/tmf-api/productOrderingManagement/v4/productOrder"


@pytest.mark.parametrize(
    ("make", "why"),
    [
        (lambda: TmfSettings("ftp://x"), "address must look like"),
        (lambda: TmfSettings(BASE, paths={"oder": "/x"}), "paths: unknown oder; known are product, bill"),
        (lambda: TmfSettings(BASE, paths={"order": "x"}), "paths: order must start with /"),
        (lambda: TmfSettings(BASE, paths={"order": "/x?y"}), "paths: order must start with / and hold no query"),
        (lambda: TmfSettings(BASE, traits={"colour": "x"}), "traits: unknown colour"),
        (lambda: TmfSettings(BASE, kinds={"lines": "x"}), "kinds: unknown lines"),
    ],
)
def test_refused(make: Callable[[], TmfSettings], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        make()


def test_the_token_is_not_shown() -> None:
    assert "s3cret" not in repr(TmfSettings(BASE, "s3cret"))
