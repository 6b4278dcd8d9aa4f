"""Real processes: what click's runner cannot show, because it is no shell and no terminal."""

import signal
import subprocess
from datetime import timedelta

import pytest

from tests.cli.conftest import CONFIG, Place
from tests.cli.filling import body, keep
from tests.cli.terminal import BOT, ROOT, environ_of, on_a_terminal


def _run(place: Place, *words: str, input: bytes = b"", **environ: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [*BOT, *words],
        cwd=place.folder,
        env=environ_of(place) | environ,
        input=input,
        capture_output=True,
        timeout=60,
        check=False,
    )


def test_the_first_ten_minutes(bare: Place) -> None:
    """init, check, upgrade, look: as a person types them."""
    bare.environ = {}
    answers = b"\nshop.example.com\n\n\nnone\nn\n\n"
    written = _run(bare, "init", input=answers)
    assert written.returncode == 0, written.stderr.decode()
    export = next(line for line in written.stdout.decode().splitlines() if "export SHOP_HOOK_TOKEN=" in line)
    bare.environ["SHOP_HOOK_TOKEN"] = export.partition("=")[2]
    for words in (("check",), ("db", "upgrade"), ("events",), ("replay", "--dry-run"), ("rules",)):
        ran = _run(bare, *words)
        assert (ran.returncode, ran.stderr) == (0, b""), words


def test_mistakes_go_to_standard_error(bare: Place) -> None:
    ran = _run(bare, "check")
    assert (ran.returncode, ran.stdout) == (1, b"")
    assert ran.stderr.startswith(b"config.toml: there is no such file")


def test_a_config_from_a_pipe(bare: Place) -> None:
    ran = _run(bare, "check", "-c", "/dev/stdin", input=CONFIG.encode())
    assert ran.stdout.startswith(b"/dev/stdin is right: 2 sites")


def test_a_postgresql_out_of_reach_is_one_sentence(bare: Place) -> None:
    bare.write(CONFIG)
    ran = _run(bare, "work", DATABASE_URL="postgres://bot:MARKER@127.0.0.1:1/bot")
    assert ran.returncode == 1
    assert ran.stdout == b""
    (line,) = ran.stderr.decode().splitlines()
    assert line.startswith("The store at postgresql+psycopg://bot:***@127.0.0.1:1/bot cannot be used: ")


def test_a_reader_that_goes_away_is_no_error_of_ours(place: Place) -> None:
    keep(place, [(timedelta(seconds=1), body("x" * 500))] * 2_000)
    command = " ".join([*BOT, "events", "--most", "10000", "|", "head", "-1"])
    ran = subprocess.run(
        command,
        shell=True,
        cwd=place.folder,
        env=environ_of(place),
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert ran.stdout.startswith(b"id")
    assert b"Traceback" not in ran.stderr


def test_a_terminal_shows_progress_and_leaves_nothing_of_it_between_the_lines(place: Place) -> None:
    keep(place, [(timedelta(hours=hour), body("signup")) for hour in range(160, 0, -1)], site="blog")
    keep(place, [(timedelta(hours=1), body("404"))] * 3)
    shown = on_a_terminal(place, "replay", "--dry-run")
    assert "Replaying" in shown
    assert "100%" in shown
    line = next(line for line in shown.splitlines() if "3 × Broken links" in line)
    assert "\x1b[K" in line.partition("→")[0].rpartition("Replaying")[2]


def test_a_package_that_is_not_installed_is_asked_for_by_name(bare: Place) -> None:
    """A deployed bot has no sandbox: its help must work all the same."""
    (bare.folder / "aiosmtpd.py").write_text("raise ModuleNotFoundError(name='aiosmtpd')")
    path = f"{bare.folder}:{ROOT}"
    shown = _run(bare, "--help", PYTHONPATH=path)
    assert shown.returncode == 0
    assert b"demo" in shown.stdout
    ran = _run(bare, "demo", "--check", PYTHONPATH=path)
    assert ran.returncode == 1
    assert b"needs the package aiosmtpd, which is not installed here: pip install" in ran.stderr


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_worker_ends_in_order_when_it_is_told_to(place: Place, number: signal.Signals) -> None:
    with subprocess.Popen(
        [*BOT, "work"],
        cwd=place.folder,
        env=environ_of(place),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    ) as process:
        try:
            assert process.stdout is not None
            next(line for line in process.stdout if b'"event": "started"' in line)
            process.send_signal(number)
            rest = process.stdout.read()
            assert process.wait(20) == 0
        finally:
            process.kill()
    assert b'"event": "stopped"' in rest
    assert b"Traceback" not in rest
