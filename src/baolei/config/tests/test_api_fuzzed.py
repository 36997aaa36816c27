"""Every address of the interface, asked by schemathesis what its own document allows and what it does not.

About half a minute; `-m "not slow"` leaves it out. The examples are the same in every run.
"""

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import (
    content_type_conformance,
    not_a_server_error,
    response_schema_conformance,
    status_code_conformance,
)

from baolei.accounts.tests.test_tokens import make_token
from baolei.config.tests.walking import make_border
from baolei.kernel.api.openapi import made

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
EXAMPLES = 10


def application(handler: WSGIHandler):
    """The product behind WSGI, without the signals around a request: they would close the test's connection."""

    def run(environ, start_response):
        response = handler.get_response(WSGIRequest(environ))
        start_response(f"{response.status_code} {response.reason_phrase}", list(response.items()))
        return [response.content]

    return run


@pytest.mark.slow
@pytest.mark.parametrize("mode", list(GenerationMode))
def test_answers_keep_to_the_document(db, mode):
    world = make_border()
    header = {"Authorization": f"Bearer {make_token(world.officers['east'])}", "Host": "localhost"}
    schema = schemathesis.openapi.from_dict(made())
    schema.app = application(WSGIHandler())
    asked, statuses = 0, {}

    def answers(operation):
        quiet = [HealthCheck.filter_too_much, HealthCheck.too_slow, HealthCheck.data_too_large]

        @settings(
            max_examples=EXAMPLES, derandomize=True, deadline=None, database=None, suppress_health_check=quiet
        )
        @given(case=operation.as_strategy(generation_mode=mode))
        def check(case):
            answer = case.call(base_url="http://localhost", headers=header)
            case.validate_response(answer, checks=CHECKS)
            statuses[answer.status_code] = statuses.get(answer.status_code, 0) + 1

        check()

    for found in schema.get_all_operations():
        answers(found.ok())
        asked += 1
    assert asked == len(made()["paths"])
    good = statuses.get(200, 0)
    assert good > (150 if mode is GenerationMode.POSITIVE else 0), statuses
