#!/usr/bin/env python3
"""Sets up and runs this project. Needs only Python (3.11 or newer) and git.

    python3 dev.py demo      see it work: the bot, a simulated shop, Slack and mailbox, on one page
    python3 dev.py test      run the tests (SQLite and a real PostgreSQL that comes as a package)
    python3 dev.py check     everything that must hold: lint, types, contracts, tests, the demo's self-check
    python3 dev.py lint|types|contracts|bench [NAME]|lock [--upgrade]
    python3 dev.py bot …     any command of the bot: python3 dev.py bot --help

The first call makes .venv and installs the locked, hashed packages there; later calls only look at a stamp.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

HERE = Path(__file__).resolve().parent
VENV = HERE / ".venv"
LOCK = HERE / "requirements-dev.txt"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / "python"

VERBS = {
    "demo": [["-m", "bot", "demo"]],
    "test": [["-m", "pytest", "--numprocesses", "4", "--dist", "worksteal"]],  # much of a test is waiting
    "lint": [["-m", "ruff", "check", "."], ["-m", "ruff", "format", "--check", "."]],
    "types": [["-m", "mypy"]],
    "contracts": [["-c", "from importlinter.cli import lint_imports_command as run; run()"]],
    "bot": [["-m", "bot"]],
    "bench": [],
    "lock": [],
}
CHECK = ("lint", "types", "contracts", "test")


def set_up() -> None:
    """Make .venv as the lock says, unless its stamp shows that it is so already."""
    wanted = hashlib.sha256(LOCK.read_bytes() + sys.version.encode() + str(HERE).encode()).hexdigest()
    stamp = VENV / "stamp"
    if stamp.is_file() and stamp.read_text() == wanted and PYTHON.exists():
        return
    say("Setting up .venv (once; a minute or so) …")
    if not PYTHON.exists():
        venv.create(VENV, with_pip=shutil.which("uv") is None, clear=VENV.exists())
    if uv := shutil.which("uv"):
        install = [uv, "pip", "install", "--python", str(PYTHON), "--compile-bytecode", "--quiet"]
    else:
        install = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    run([*install, "--require-hashes", "-r", str(LOCK)])
    run([*install, "--no-deps", "--no-build-isolation", "--editable", str(HERE)])  # the pirsch-bot command
    stamp.write_text(wanted)


def run(command: list[str]) -> None:
    """Run a command here; end with its exit code when it fails."""
    # Compiled modules make every later start faster; a machine-wide switch must not turn that off.
    environ = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    try:
        code = subprocess.run(command, cwd=HERE, env=environ, check=False).returncode
    except KeyboardInterrupt:
        code = 130
    if code:
        sys.exit(code)


def python(*arguments: str) -> None:
    """Run the project's own Python."""
    run([str(PYTHON), *arguments])


def bench(names: list[str]) -> None:
    """Run the named benchmarks, or say which there are."""
    known = sorted(path.stem for path in (HERE / "benchmarks").glob("[a-z]*.py"))
    if not names or names[0] not in known:
        sys.exit(f"python3 dev.py bench NAME, one of: {', '.join(known)}")
    python("-m", f"benchmarks.{names[0]}", *names[1:])


def lock(rest: list[str]) -> None:
    """Bring both lock files into line with pyproject.toml; --upgrade takes newer versions. Needs uv."""
    uv = shutil.which("uv") or sys.exit("uv is needed to write the lock files: pip install uv")
    compile_ = [uv, "pip", "compile", "--universal", "--python-version", "3.11", "--generate-hashes"]
    plain = [*compile_, "--no-header", "--no-annotate", "--quiet", *rest, "pyproject.toml"]
    run([*plain, "-o", "requirements.txt"])
    run([*plain, "--group", "dev", "-o", "requirements-dev.txt"])


def main(verb: str, rest: list[str]) -> None:
    """Carry out one verb."""
    if verb == "lock":
        return lock(rest)
    set_up()
    if verb == "bench":
        return bench(rest)
    if verb == "check":
        for step in CHECK:
            say(f"— {step}")
            main(step, [])
        say("— demo --check")
        return main("demo", ["--check"])
    for arguments in VERBS[verb]:
        python(*arguments, *rest)
    return None


def say(text: str) -> None:
    """Tell what happens, at once."""
    print(text, file=sys.stderr, flush=True)  # standard output belongs to the command


if __name__ == "__main__":
    if sys.version_info < (3, 11):  # noqa: UP036 - an old Python must hear it in words
        sys.exit(f"Python 3.11 or newer is needed; this is {sys.version.split()[0]}.")
    if len(sys.argv) < 2 or sys.argv[1] not in {*VERBS, "check"}:
        sys.exit(__doc__)
    main(sys.argv[1], sys.argv[2:])
