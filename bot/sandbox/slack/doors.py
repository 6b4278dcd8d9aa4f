"""Slack's doors: the Web API, incoming webhooks, and one through which tests and demos order trouble."""

import json
import math
from collections.abc import Callable
from datetime import timedelta
from socket import SHUT_RDWR
from typing import Any

from flask import Blueprint, Flask, Response, jsonify, request

from bot.sandbox.slack import content, methods
from bot.sandbox.slack.content import Arguments, Refused
from bot.sandbox.slack.faults import NAMED, Fault
from bot.sandbox.slack.state import Call, State
from bot.sandbox.slack.workspace import Message

LONGEST_BODY = 1 << 20
POSTING = frozenset({"chat.postMessage"})
JSON_TYPE = "application/json; charset=utf-8"


def application(state: State) -> Flask:
    """Make the WSGI application of one workspace."""
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = LONGEST_BODY
    app.register_blueprint(_api(state))
    app.register_blueprint(_webhooks(state))
    app.register_blueprint(_uploads(state))
    app.register_blueprint(_sandbox(state), url_prefix="/_sandbox")
    return app


# ---------------------------------------------------------------- Web API


def _api(state: State) -> Blueprint:
    door = Blueprint("api", __name__)

    @door.route("/api/<method>", methods=["GET", "POST"])
    def call(method: str) -> Response:
        try:
            arguments = _arguments()
        except Refused as refused:
            return _refusal(refused)
        return _with_faults(state, method, arguments, lambda: _api_answer(state, method, arguments))

    return door


def _arguments() -> Arguments:
    """Read the arguments of a call: JSON, a form, or the query."""
    if not request.is_json:
        return request.values.to_dict()
    try:
        body = json.loads(request.get_data() or b"{}")
    except (ValueError, RecursionError):
        raise Refused("invalid_json") from None
    if not isinstance(body, dict):
        raise Refused("json_not_object")
    return {**request.args.to_dict(), **body}


def _api_answer(state: State, name: str, arguments: Arguments) -> Response:
    try:
        method = methods.METHODS.get(name)
        if method is None:
            raise Refused("unknown_method", req_method=name)
        scopes = _proven(state, arguments) if name != "api.test" else frozenset()
        if method.scopes and not scopes & set(method.scopes):
            raise Refused("missing_scope", needed=method.scopes[0], provided=",".join(sorted(scopes)))
        if name in POSTING and (pause := _pause(state, str(arguments.get("channel", "")))):
            return _fault_answer(_too_fast(pause))
        answer = jsonify({"ok": True, **method.run(state.workspace, arguments)})
        answer.headers["X-OAuth-Scopes"] = ",".join(sorted(scopes))
        return answer
    except Refused as refused:
        return _refusal(refused)


def _proven(state: State, arguments: Arguments) -> frozenset[str]:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        token = str(arguments.get("token") or "")
    if not token:
        raise Refused("not_authed")
    if token not in state.tokens:
        raise Refused("invalid_auth")
    return state.tokens[token]


def _refusal(refused: Refused) -> Response:
    return jsonify({"ok": False, "error": refused.code, **refused.more})


def _pause(state: State, name: str) -> timedelta | None:
    channel = state.workspace.channel(name)
    if state.metronome is None or channel is None:
        return None
    return state.metronome.wait(channel.id)


# ---------------------------------------------------------------- incoming webhooks

# Status by code: docs.slack.dev/messaging/sending-messages-using-incoming-webhooks, "Handling errors".
_WEBHOOK_STATUS = {
    "no_service": 404,
    "channel_not_found": 404,
    "channel_is_archived": 410,
    "action_prohibited": 403,
}


def _webhooks(state: State) -> Blueprint:
    door = Blueprint("webhooks", __name__)

    @door.post("/services/<path:path>")
    def hook(path: str) -> Response:
        name = state.hooks.get(path, "")
        return _with_faults(state, "webhook", {"channel": name}, lambda: _webhook_answer(state, path))

    return door


def _webhook_answer(state: State, path: str) -> Response:
    try:
        channel = state.workspace.channel(state.hooks.get(path, ""))
        if channel is None:
            raise Refused("no_service")
        if channel.archived:
            raise Refused("channel_is_archived")
        if pause := _pause(state, channel.id):
            return _fault_answer(_too_fast(pause))
        payload = _payload()
        words = content.words(payload, charts=state.workspace.charts)
        metadata = content.metadata(payload)
        message = Message(
            channel=channel.id,
            text=words.text,
            blocks=words.blocks,
            attachments=words.attachments,
            metadata=metadata,
            by_webhook=True,
        )
        state.workspace.post(message)
        return _plain("ok", 200)
    except Refused as refused:
        return _plain(refused.code, _WEBHOOK_STATUS.get(refused.code, 400))


def _payload() -> Arguments:
    text = request.form.get("payload") or request.get_data(as_text=True)
    try:
        body = json.loads(text)
    except (ValueError, RecursionError):
        raise Refused("invalid_payload") from None
    if not isinstance(body, dict):
        raise Refused("invalid_payload")
    return body


def _plain(text: str, status: int) -> Response:
    return Response(text, status, content_type="text/html; charset=utf-8")


# ---------------------------------------------------------------- uploads


def _uploads(state: State) -> Blueprint:
    """The door that files come through: its address is the permission."""
    door = Blueprint("uploads", __name__)

    @door.post("/upload/v1/<id>")
    def take_in(id: str) -> Response:
        def answer() -> Response:
            data = request.get_data()
            if not state.workspace.files.take_in(id, data):
                return _plain("Not found", 404)
            return _plain(f"OK - {len(data)}", 200)

        return _with_faults(state, "upload", {}, answer)

    @door.get("/files/<id>")
    def show(id: str) -> Response:
        file = state.workspace.files.get(id)
        if file is None or file.data is None:
            return _plain("Not found", 404)
        return Response(file.data, 200, content_type="image/png")

    return door


# ---------------------------------------------------------------- trouble


def _with_faults(state: State, method: str, arguments: Arguments, answer: Callable[[], Response]) -> Response:
    """Answer a call, or let go wrong what was ordered to go wrong. Either is remembered."""
    fault = state.faults.take(method, str(arguments.get("channel", "")))
    reply = _answered(state, fault, answer)
    _remember(state, method, arguments, reply, fault)
    if fault is not None and fault.cut is not None:
        # The client sees its connection end without an answer.
        request.environ["werkzeug.socket"].shutdown(SHUT_RDWR)
    return reply


def _answered(state: State, fault: Fault | None, answer: Callable[[], Response]) -> Response:
    if fault is None:
        return answer()
    state.stopping.wait(fault.delay.total_seconds())
    if fault.cut == "before":
        return _plain("", 200)
    return _fault_answer(fault) if fault.answers else answer()


def _fault_answer(fault: Fault) -> Response:
    if fault.error is not None:
        return jsonify({"ok": False, "error": fault.error})
    reply = Response(fault.body, fault.status, content_type=fault.content_type)
    if fault.retry_after is not None:
        reply.headers["Retry-After"] = str(math.ceil(fault.retry_after.total_seconds()))
    return reply


def _too_fast(pause: timedelta) -> Fault:
    limited = NAMED["ratelimited"]
    return Fault(status=429, body=limited.body, content_type=limited.content_type, retry_after=pause)


def _remember(state: State, method: str, arguments: Arguments, reply: Response, fault: Fault | None) -> None:
    body: Any = reply.get_json(silent=True) if reply.is_json else None
    error = body.get("error") if isinstance(body, dict) else None
    if method == "webhook" and reply.status_code != 200:
        error = reply.get_data(as_text=True)[:100]
    kept = {name: value for name, value in arguments.items() if name != "token"}
    state.calls.add(
        Call(
            method=method,
            arguments=kept,
            at=state.clock(),
            status=reply.status_code,
            error=error,
            fault=fault,
        )
    )


# ---------------------------------------------------------------- the sandbox's own door


def _sandbox(state: State) -> Blueprint:
    door = Blueprint("sandbox", __name__)

    @door.get("/messages")
    def messages() -> Response:
        found = state.workspace.messages(request.args.get("channel"))
        return jsonify([{"channel": m.channel, **methods.as_json(m)} for m in found])

    @door.get("/calls")
    def calls() -> Response:
        found = state.calls.latest(request.args.get("method"))
        return jsonify([{"method": c.method, "status": c.status, "error": c.error} for c in found])

    @door.post("/faults")
    def add_fault() -> tuple[Response, int]:
        order: Any = request.get_json(silent=True)
        try:
            fault = _ordered(order)
            names = {name: str(order[name]) for name in ("calls", "channel") if name in order}
            state.faults.add(fault, times=int(order.get("times", 1)), **names)
        except (TypeError, ValueError, KeyError, AttributeError):
            return jsonify(error=f"name a fault ({', '.join(NAMED)}) or an error"), 400
        return jsonify(ok=True), 201

    @door.delete("/faults")
    def clear_faults() -> Response:
        state.faults.clear()
        return jsonify(ok=True)

    return door


def _ordered(order: Any) -> Fault:
    if "error" in order:
        return Fault(error=str(order["error"]))
    fault = NAMED[order["fault"]]
    return Fault(
        status=fault.status,
        body=fault.body,
        content_type=fault.content_type,
        cut=fault.cut,
        retry_after=_seconds(order["retry_after"]) if "retry_after" in order else fault.retry_after,
        delay=_seconds(order["delay"]) if "delay" in order else fault.delay,
    )


def _seconds(value: Any) -> timedelta:
    return timedelta(seconds=float(value))
