"""`python -m bench.inside MODULE.FUNCTION JSON`: calls it with the product set up, prints its answer as JSON."""

import importlib
import json
import sys

import django


def main() -> None:
    module, _, function = sys.argv[1].partition(".")
    django.setup()
    answer = getattr(importlib.import_module(f"bench.inside.{module}"), function)(**json.loads(sys.argv[2]))
    print(json.dumps(answer, ensure_ascii=False))


if __name__ == "__main__":
    main()
