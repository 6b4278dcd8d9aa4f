"""What the pictures can write."""

from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from bot.pictures.font import FILES, FOLDER, advances, fonts


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_font_is_read_as_fonttools_reads_it(path: Path) -> None:
    with TTFont(path) as font:
        units = font["head"].unitsPerEm
        expected = {chr(code): font["hmtx"][glyph][0] / units for code, glyph in font.getBestCmap().items()}
    assert advances(path.read_bytes()) == expected


def test_the_licence_comes_with_the_font() -> None:
    assert "SIL OPEN FONT LICENSE" in (FOLDER / "OFL.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "language", ["Größe", "Ação", "Świętość", "İğne", "Đường", "Ωμέγα", "Москва", "→ ≥ 9 € …"]
)
def test_europe_is_written_as_it_is(language: str) -> None:
    assert fonts()[0].fit(language, 12, 400) == language


@pytest.mark.parametrize(
    ("stranger", "shown"),
    [
        pytest.param("🎉 Sale 🎉", "… Sale …", id="emoji"),
        pytest.param("日本 語 Bing", "… Bing", id="one run of unknown script is one ellipsis"),
        pytest.param("مرحبا", "…", id="nothing but unknown script"),
        pytest.param("two\n lines", "two lines", id="one line"),
        pytest.param("a\u202eb", "ab", id="nothing turns the line around"),
        pytest.param("e\u0301", "é", id="an accent and its letter are one"),
        pytest.param("", "", id="nothing"),
    ],
)
def test_what_the_font_does_not_have_becomes_an_ellipsis(stranger: str, shown: str) -> None:
    assert fonts()[0].fit(stranger, 12, 400) == shown


def test_text_is_cut_to_the_room_there_is() -> None:
    regular, _ = fonts()
    exact = regular.width("visitors", 12)
    assert regular.fit("visitors", 12, exact) == "visitors"
    assert regular.fit("visitors", 12, exact - 0.01) == "visito…"
    assert regular.width("visito…", 12) <= exact
    assert regular.fit("visitors", 12, 1) == "…"
    assert len(regular.fit("i" * 10**6, 12, 10**9)) == 500
