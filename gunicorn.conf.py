"""How the bot is served: one process with threads on one dyno. The command line and the environment win."""

import os

bind = f"0.0.0.0:{os.environ.get('PORT', '8000')}"
workers = 1  # more would be right, too (leases see to it), but a small dyno has the memory for one
worker_class = "gthread"
threads = 16  # as many requests can share one commit
http_parser = "fast"
keepalive = 75  # longer than the router keeps a connection, so that it is never the one who is surprised
timeout = 30
graceful_timeout = 22  # the dyno is killed 30 s after SIGTERM
preload_app = False  # threads do not survive a fork
control_socket_disable = True
accesslog = None  # addresses of webhooks are secrets

wsgi_app = "bot.app:create_app()"


def post_worker_init(worker):
    """Start what runs beside the requests: after the fork, in the process that serves."""
    worker.wsgi.extensions["house"].start()


def worker_exit(server, worker):
    """Stop it again while threads still run; later hooks are too late for that."""
    if getattr(worker, "wsgi", None) is not None:  # it never loaded when the config is wrong
        worker.wsgi.extensions["house"].stop()
