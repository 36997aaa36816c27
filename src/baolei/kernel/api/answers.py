"""What the interface answers with: JSON, and errors as JSON."""

from collections.abc import Callable
from decimal import Decimal
from http import HTTPStatus
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest, HttpResponse, JsonResponse

ROOT = "/api/"
"""Below this address there is neither a session nor a page."""


class Encoder(DjangoJSONEncoder):
    """Numbers as numbers."""

    def default(self, o: Any) -> Any:
        if isinstance(o, Decimal):
            return int(o) if o == o.to_integral_value() else float(o)
        return super().default(o)


class Refused(Exception):
    """A request that cannot be answered: status, a short code for programs, a sentence for people."""

    def __init__(self, status: int, code: str, message: str):
        super().__init__(message)
        self.status, self.code, self.message = status, code, message


def answer(data: dict[str, Any], *, status: int = 200) -> JsonResponse:
    """The data as JSON, kept by nobody on the way."""
    return JsonResponse(
        data,
        encoder=Encoder,
        status=status,
        json_dumps_params={"ensure_ascii": False},
        headers={"Cache-Control": "no-store"},
    )


def refusal(status: int, code: str, message: str) -> JsonResponse:
    """An error as JSON."""
    return answer({"error": {"code": code, "message": message}}, status=status)


def unauthorized(*, given: bool) -> JsonResponse:
    """The answer to a request without a valid token; it never repeats what was `given`."""
    refused = refusal(401, "unauthorized", "请在 Authorization 头中给出有效的接口令牌。")
    refused["WWW-Authenticate"] = 'Bearer realm="baolei"' + (', error="invalid_token"' if given else "")
    return refused


_SENTENCES = {
    400: "请求不正确。",
    404: "没有这项内容，或不在您的权限范围。",
    405: "接口只能读取，请用 GET。",
    500: "服务出错，请稍后再试。",
}


class JsonErrors:
    """Below `/api/` every error is JSON, whoever found it: the resolver, the framework, or a failure."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not request.path_info.startswith(ROOT) or response.status_code < 400:
            return response
        if response.headers.get("Content-Type", "").startswith("application/json"):
            return response
        status = response.status_code
        made = refusal(status, _code(status), _SENTENCES.get(status, _SENTENCES[400]))
        if "Allow" in response.headers:
            made["Allow"] = response["Allow"]
        return made


def _code(status: int) -> str:
    return HTTPStatus(status).phrase.lower().replace(" ", "_")
