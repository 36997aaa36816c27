"""The law of boxes: an open one has its key, a closed one has none."""

from baolei.kernel.ballots import keys
from baolei.kernel.laws import EXAMPLES, Finding, law
from baolei.kernel.models import BallotBox


@law("ballots.keys")
def keys_of_boxes() -> Finding:
    """The first is to be declared void and voted on again; the second is for the sweep."""
    held = {file.name for file in keys.folder().glob("*")}
    broken = []
    states = BallotBox.objects.values_list("code", "state").order_by("pk")
    for code, state in states:
        is_open = state == BallotBox.State.OPEN
        if is_open and code not in held:
            broken.append([code, "open, and its key is lost"])
        if not is_open and code in held:
            broken.append([code, "closed, and its key is still there"])
    return Finding(len(states), len(broken), broken[:EXAMPLES])
