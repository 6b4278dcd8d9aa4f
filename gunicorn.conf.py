"""How the bot is served: one process with threads on one dyno. The command line and the environment win."""

import os
import socket
import struct

from gunicorn import util
from gunicorn.workers import gthread

gthread.DEFAULT_WORKER_DATA_TIMEOUT = 0.5  # a connection that says nothing holds a thread for so long


class Worker(gthread.ThreadWorker):
    """Hangs up at once. Left alone it would linger, for 2 s and in the one thread that accepts, with
    everybody who does not hang up himself."""

    def handle(self, conn):
        conn.close = lambda graceful=False: util.close(conn.sock)
        return super().handle(conn)

    def _keepalive_after(self, conn, keepalive):
        """Hangs up where a body was not read: reading the rest could take as long as a stranger likes."""
        return keepalive and getattr(conn.parser.mesg.body.reader, "length", 1) == 0


bind = f"0.0.0.0:{os.environ.get('PORT', '8000')}"
workers = 1  # more would be right, too (leases see to it), but a small dyno has the memory for one
worker_class = Worker
threads = 16  # as many requests can share one commit
http_parser = "fast"
keepalive = 75  # longer than the router keeps a connection, so that it is never the one who is surprised
timeout = 30
graceful_timeout = 22  # the dyno is killed 30 s after SIGTERM
preload_app = False  # threads do not survive a fork
control_socket_disable = True
accesslog = None  # addresses of webhooks are secrets

wsgi_app = "bot.app:create_app()"


def when_ready(server):
    """Let go of a connection that falls silent in the middle of a request: it holds one of the threads."""
    silence = struct.pack("ll", 5, 0)  # seconds, microseconds; accepted sockets inherit it
    for listener in server.LISTENERS:
        listener.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, silence)


def post_worker_init(worker):
    """Start what runs beside the requests: after the fork, in the process that serves."""
    worker.wsgi.extensions["house"].start()


def worker_exit(server, worker):
    """Stop it again while threads still run; later hooks are too late for that."""
    if getattr(worker, "wsgi", None) is not None:  # it never loaded when the config is wrong
        worker.wsgi.extensions["house"].stop()
