"""A view of the interface: asked by GET, with parameters that it declares, answered by JSON."""

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET

from baolei.kernel.access import Permission
from baolei.kernel.api.answers import Refused, answer, refusal
from baolei.kernel.api.declare import Parameter
from baolei.kernel.figures.asking import BadDay


def answering(permission: Permission | None, *parameters: Parameter, because: str = ""):
    """Declare a view that returns a dictionary; for actors without the permission it does not exist.

    `because` says why a view asks for none.
    """

    def declare(view: Callable[..., dict[str, Any]]) -> Callable[..., JsonResponse]:
        @csrf_exempt
        @require_GET
        @wraps(view)
        def run(request: HttpRequest, **kwargs: Any) -> JsonResponse:
            try:
                if permission is not None and not request.actor.can(permission):
                    raise Http404
                if not because:
                    known_only(request, parameters)
                return answer(view(request, **kwargs))
            except Refused as refused:
                return refusal(refused.status, refused.code, refused.message)
            except BadDay as error:
                return refusal(400, "bad_day", str(error))

        run.permission, run.open_because, run.parameters = permission, because, parameters
        return run

    return declare


def known_only(request: HttpRequest, parameters: Iterable[Parameter]) -> None:
    """Raises Refused for a parameter that is not declared or given twice: a filter misspelt would widen the answer."""
    known = {parameter.name for parameter in parameters}
    for name, values in request.GET.lists():
        if name not in known:
            raise Refused(400, "unknown_parameter", f"没有参数“{name[:40]}”，请核对接口说明。")
        if len(values) > 1:
            raise Refused(400, "repeated_parameter", f"参数“{name}”只能给出一次。")
