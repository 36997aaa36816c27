"""The stylesheet that is shipped, made from the layered source.

Browsers before Chromium 99 drop every `@layer` block whole, so the shipped file has the layers in their
order but without the wrappers. Run `python -m baolei.kernel.ui.stylesheet` after changing the source.
"""

import re
from pathlib import Path

SOURCE = Path(__file__).with_name("baolei.layers.css")
SHIPPED = Path(__file__).resolve().parents[1] / "static" / "baolei" / "baolei.css"


def flatten(source: str) -> str:
    """The same rules in the order of the layers, without `@layer`, comments and spare white space."""
    css = re.sub(r"/\*.*?\*/", "", source, flags=re.DOTALL)
    css = re.sub(r"@layer [^{;]+;", "", css)
    parts = []
    rest = css
    while (start := re.search(r"@layer [\w-]+\s*\{", rest)) is not None:
        parts.append(rest[: start.start()])
        end = _closing_brace(rest, start.end())
        parts.append(rest[start.end() : end])
        rest = rest[end + 1 :]
    return _squeeze("".join([*parts, rest]))


def _closing_brace(css: str, position: int) -> int:
    depth = 1
    while depth:
        depth += {"{": 1, "}": -1}.get(css[position], 0)
        position += 1
    return position - 1


def _squeeze(css: str) -> str:
    css = re.sub(r"\s+", " ", css)
    css = re.sub(r" ?([{};]) ?", r"\1", css)
    css = re.sub(r"(?<=[\w)]): (?=[^{}]*[;}])", ":", css)
    css = css.replace(", ", ",").replace(";}", "}")
    return css.strip() + "\n"


if __name__ == "__main__":
    SHIPPED.write_text(flatten(SOURCE.read_text(encoding="utf-8")), encoding="utf-8")
