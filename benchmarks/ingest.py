"""How fast webhooks are taken, durably, and how soon they are in Slack; what a kill loses (nothing).

    python3 dev.py bench ingest            everything, about three minutes
    python3 dev.py bench ingest --quick    shorter rounds, to see that it runs

Beside the bot, in the same run and in turn with it, a bare Flask view that answers 204 and does nothing is
served by the same gunicorn with the same settings: the ratio is what counts. One machine carries the server,
the sender and the Slack sink; figures in requests a second are those of that machine.
"""

import argparse
import json
import os
import random
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.sink import Sink
from benchmarks.wire import Round, free_port, hammer, pace, wait_for

HERE = Path(__file__).resolve().parent.parent
TOKEN = "benchmark-token-0123456789abcdef"
PATH = f"/hooks/shop/{TOKEN}"
CHANNELS = 300  # Slack takes one message a second and channel: this many carry 100/s without waiting
PURCHASE = (
    b'{"event_name":"purchase","event_duration":12,'
    b'"event_meta":{"amount":"129.90","currency":"EUR","order_id":"KT-4711","product":"Stunt kite"}}'
)
NOOP = """
from flask import Flask, request

app = Flask("noop")


@app.post("/hooks/<site>/<token>")
def hook(site, token):
    request.get_data(cache=False)
    return "", 204


@app.get("/healthz")
def healthz():
    return "ok"
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A running gunicorn."""

    port: int
    process: subprocess.Popen[bytes]
    started_in: float

    def worker(self) -> int:
        """The process id of the one worker."""
        path = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return int(path.read_text().split()[-1])

    def memory(self) -> float:
        """MiB of master and worker together: shared pages are counted once (PSS)."""
        return sum(_pss(pid) for pid in (self.process.pid, self.worker())) / 1024

    def cpu(self) -> float:
        """Seconds of processor time that the worker has used."""
        fields = Path(f"/proc/{self.worker()}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _pss(pid: int) -> int:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))


@contextmanager
def bot(folder: Path, slack: str, *, reset: bool = True) -> Iterator[Server]:
    """The bot as it is deployed, on SQLite in a folder."""
    if reset:
        for path in folder.glob("*.sqlite3*"):
            path.unlink()
    config = folder / "config.toml"
    config.write_text(_config(slack), encoding="utf-8")
    environ = {"BOT_CONFIG": str(config), "SLACK_BOT_TOKEN": "xoxb-benchmark-token", "HOOK_TOKEN": TOKEN}
    with _gunicorn(environ, []) as server:
        yield server


@contextmanager
def noop() -> Iterator[Server]:
    """A Flask view that reads the body and does nothing, on the same server with the same settings."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "noop.py").write_text(NOOP)
        conf = (HERE / "gunicorn.conf.py").read_text().split("wsgi_app =")[0]
        Path(folder, "noop.conf.py").write_text(conf)
        with _gunicorn({}, ["-c", f"{folder}/noop.conf.py", "--pythonpath", folder, "noop:app"]) as server:
            yield server


@contextmanager
def _gunicorn(environ: dict[str, str], arguments: list[str]) -> Iterator[Server]:
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", *(arguments or ["-c", str(HERE / "gunicorn.conf.py")])]
    plain = {
        key: value for key, value in os.environ.items() if key not in ("DATABASE_URL", "DYNO", "BOT_ROLES")
    }
    began = time.perf_counter()
    log = tempfile.TemporaryFile()  # noqa: SIM115 - closed below, after the process
    process = subprocess.Popen(
        command,
        cwd=HERE,
        env=plain | environ | {"PORT": str(port)},
        stdout=log,
        stderr=log,
        start_new_session=True,
    )
    try:
        wait_for(port, "/healthz")
        started_in = time.perf_counter() - began
        time.sleep(1.0)  # what begins beside the requests is no part of any round
        yield Server(port=port, process=process, started_in=started_in)
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait(30)
        log.close()


def _config(slack: str) -> str:
    channels = "".join(f'[channel.c{n}]\ntype = "slack"\nto = "#c{n}"\n' for n in range(CHANNELS))
    rules = "".join(
        f'[[rule]]\nname = "Probe {n}"\nevent = "probe {n}"\nnotify = ["c{n}"]\n' for n in range(CHANNELS)
    )
    return f"""
[slack]
token = {{ env = "SLACK_BOT_TOKEN" }}
url = "{slack}/api"
[site.shop]
domain = "shop.example"
hook_token = {{ env = "HOOK_TOKEN" }}
{channels}{rules}
[[rule]]
name = "Big order"
event = "purchase"
if = "number(meta.amount) >= 500"
notify = ["c0"]
[[rule]]
name = "Orders"
event = "purchase"
collect = "10m"
value = "number(meta.amount)"
notify = ["c0"]
"""


# ---------------------------------------------------------------- what is measured


def ingest(folder: Path, slack: str, seconds: float, rounds: int) -> None:
    """Accepted webhooks a second, in turn with the no-op."""
    print(
        f"\nAccepted webhooks (SQLite, each on disk before 204; {rounds} rounds of {seconds:.0f} s in turn)"
    )
    print(" connections    bot/s  no-op/s  ratio   p50 ms   p99 ms  CPU µs")
    for connections in (1, 16, 64):
        ours: list[Round] = []
        bare: list[Round] = []
        cpu: list[float] = []
        for _ in range(rounds):
            with noop() as server:
                bare.append(hammer(server.port, PATH, PURCHASE, connections, seconds))
            with bot(folder, slack) as server:
                before = server.cpu()
                ours.append(hammer(server.port, PATH, PURCHASE, connections, seconds))
                cpu.append((server.cpu() - before) / max(ours[-1].accepted, 1) * 1e6)
        best, plain = _middle([one.rate for one in ours]), _middle([one.rate for one in bare])
        p50, p99 = _middle([one.p50 for one in ours]), _middle([one.p99 for one in ours])
        print(
            f"{connections:>12} {best:>8.0f} {plain:>8.0f} {best / plain:>6.2f} {p50:>8.2f} {p99:>8.2f}"
            f" {_middle(cpu):>7.0f}",
            flush=True,
        )


def latency(folder: Path, sink: Sink, seconds: float) -> None:
    """From the first byte of the webhook to the last byte of Slack's request."""
    print("\nWebhook to Slack (one event, one message, each in a channel that may speak)")
    for rate in (10, 100):
        with bot(folder, sink.url) as server:
            time.sleep(1.5)
            warm = pace(server.port, PATH, _probes(CHANNELS), 150)  # every channel has spoken once
            sink.wait(warm, patience=20)
            time.sleep(1.5)
            bodies = _probes(int(rate * min(seconds, 20)))
            sent = pace(server.port, PATH, bodies, rate)
            arrived = sink.wait(sent, patience=20)
            waits = sorted((arrived[name] - sent[name]) * 1000 for name in sent if name in arrived)
            print(
                f"{rate:>8}/s: {len(waits)} of {len(sent)} arrived, p50 {_share(waits, 0.5):.2f} ms,"
                f" p99 {_share(waits, 0.99):.2f} ms",
                flush=True,
            )


def memory(folder: Path, slack: str, seconds: float) -> None:
    """Cold start, and memory of master and worker together."""
    with bot(folder, slack) as server:
        first = server.started_in
    starts = []
    for _ in range(3):
        with bot(folder, slack, reset=False) as server:
            starts.append(server.started_in)
            time.sleep(1.0)
            idle = server.memory()
    with bot(folder, slack, reset=False) as server:
        hammer(server.port, PATH, PURCHASE, 64, seconds)
        loaded = server.memory()
    print(f"\nCold start {_middle(starts):.2f} s ({first:.2f} s with a new store to set up)")
    print(f"Memory {idle:.0f} MiB idle, {loaded:.0f} MiB under load (master and worker, PSS)")


def kill(folder: Path, sink: Sink, *, slack_down: bool) -> None:
    """SIGKILL under load; start again; count what was thanked for and never told."""
    names: list[str] = []
    sink.down = slack_down
    with bot(folder, sink.url) as server:
        bodies = _probes(400)
        sent = pace(server.port, PATH, bodies, 200, kill_after=300, kill=lambda: _kill(server))
        names = list(sent)
    sink.down = False
    with bot(folder, sink.url, reset=False):
        arrived = sink.wait(dict.fromkeys(names, 0.0), patience=90)
    lost = [name for name in names if name not in arrived]
    twice = sum(sink.counts[name] > 1 for name in names)
    with_slack = "with Slack down" if slack_down else "under load"
    print(f"SIGKILL {with_slack}: {len(names)} thanked for, {len(lost)} lost, {twice} told twice", flush=True)


def _kill(server: Server) -> None:
    os.killpg(server.process.pid, signal.SIGKILL)


def _probes(number: int) -> dict[str, bytes]:
    """Bodies by a name that comes back in the message; spread over the channels."""
    run = random.randrange(10**9)
    return {
        f"p{run}x{n}x": json.dumps(
            {"event_name": f"probe {n % CHANNELS}", "event_duration": 0, "event_meta": {"id": f"p{run}x{n}x"}}
        ).encode()
        for n in range(number)
    }


def _middle(values: list[float]) -> float:
    return statistics.median(values)


def _share(ordered: list[float], share: float) -> float:
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else float("nan")


def main() -> None:
    """Measure everything and print it."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true", help="short rounds")
    parser.add_argument("--only", choices=("ingest", "latency", "memory", "kill"), help="one part")
    chosen = parser.parse_args()
    seconds, rounds = (3.0, 1) if chosen.quick else (5.0, 3)
    parts = [chosen.only] if chosen.only else ["ingest", "latency", "memory", "kill"]
    with tempfile.TemporaryDirectory(prefix="pirsch-bot-bench-") as name, Sink() as sink:
        folder = Path(name)
        if "ingest" in parts:
            ingest(folder, sink.url, seconds, rounds)
        if "latency" in parts:
            latency(folder, sink, 5 if chosen.quick else 20)
        if "memory" in parts:
            memory(folder, sink.url, seconds)
        if "kill" in parts:
            print()
            kill(folder, sink, slack_down=False)
            kill(folder, sink, slack_down=True)


if __name__ == "__main__":
    main()
