"""The package as others install it: everything that it needs at run time is inside."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent.parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=HERE, check=True, capture_output=True)
    (built,) = folder.glob("*.whl")
    return built


def test_it_holds_templates_migrations_and_the_demos_pages(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    shipped = {
        f"bot/_templates/{path.relative_to(HERE / 'templates')}" for path in _files(HERE / "templates")
    }
    assert shipped <= names
    assert "bot/migrations/versions/0001_the_spine.py" in names
    assert "bot/demo/config.toml" in names
    pages = {str(path.relative_to(HERE)) for path in _files(HERE / "bot" / "sandbox" / "pages")}
    assert pages <= names


def test_it_finds_its_templates_where_no_checkout_is(wheel: Path, tmp_path: Path) -> None:
    zipfile.ZipFile(wheel).extractall(tmp_path / "site")
    code = "from bot.render import shipped; print(shipped())"
    command = [sys.executable, "-c", code]
    done = subprocess.run(
        command,
        cwd=tmp_path,
        env={"PYTHONPATH": str(tmp_path / "site")},
        check=True,
        capture_output=True,
        text=True,
    )
    assert Path(done.stdout.strip()) == tmp_path / "site" / "bot" / "_templates"


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts]
