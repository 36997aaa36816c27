"""One's own tokens for the interface: list, make, withdraw."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from baolei.accounts import actions, queries
from baolei.accounts.forms import TokenForm
from baolei.accounts.pages import open_to_all


@open_to_all("one's own tokens")
@never_cache
@require_http_methods(["GET", "POST"])
def tokens(request: HttpRequest) -> HttpResponse:
    """The secret of a new token is shown on the answer to this form and never again."""
    form, secret = TokenForm(request.POST or None), ""
    if request.method == "POST" and form.is_valid():
        try:
            _made, secret = actions.make_token(request.user, actor=request.actor, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            form = TokenForm()
    shown = {"form": form, "secret": secret, "tokens": list(queries.tokens_of(request.user))}
    return render(request, "accounts/tokens.html", shown)


@open_to_all("a token of one's own; others do not exist")
@require_POST
def withdraw_token(request: HttpRequest, uid) -> HttpResponse:
    token = get_object_or_404(queries.tokens_of(request.user), uid=uid)
    try:
        actions.withdraw_token(token, actor=request.actor)
    except ValidationError as error:
        messages.error(request, "".join(error.messages))
    else:
        messages.success(request, _("接口令牌已停用，立即失效。"))
    return redirect("accounts:tokens")
