"""It starts from any folder, with its settings named as one names files there."""

import os
import signal
import subprocess
import sys
from pathlib import Path

from tests.waiting import until

HERE = Path(__file__).resolve().parent.parent.parent


def test_work_sets_up_a_new_store_beside_settings_named_from_here(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("")
    environ = {key: value for key, value in os.environ.items() if key not in ("DATABASE_URL", "BOT_CONFIG")}
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", "work", "--config", "config.toml"],
        cwd=tmp_path,
        env=environ | {"PYTHONPATH": str(HERE)},
        stdout=subprocess.DEVNULL,
    )
    try:
        until(lambda: (tmp_path / "pirsch-bot.sqlite3").exists() and process.poll() is None, 20.0)
    finally:
        process.send_signal(signal.SIGTERM)
    assert process.wait(25) == 0
