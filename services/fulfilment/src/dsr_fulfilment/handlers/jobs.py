"""Which handler does which kind of job."""

from collections.abc import Awaitable, Callable

from dsr_fulfilment.adapters.work import Job, JobKind
from dsr_fulfilment.handlers.blobs import delete_blobs
from dsr_fulfilment.handlers.breach_people import find_concerned
from dsr_fulfilment.handlers.conclude import conclude
from dsr_fulfilment.handlers.execute_plan import execute_plan
from dsr_fulfilment.handlers.gather import gather
from dsr_fulfilment.handlers.match import match
from dsr_fulfilment.handlers.opt_out import opt_out
from dsr_fulfilment.handlers.plan_erasure import plan_erasure
from dsr_fulfilment.handlers.sign_ins import match_sign_in
from dsr_fulfilment.handlers.tools import Tools

JobHandler = Callable[[Tools, Job], Awaitable[None]]


def job_handlers() -> dict[JobKind, JobHandler]:
    """What does each kind of job."""
    return {
        "match": match,
        "match_sign_in": match_sign_in,
        "opt_out": opt_out,
        "gather": gather,
        "plan": plan_erasure,
        "execute": execute_plan,
        "conclude": conclude,
        "find_concerned": find_concerned,
        "delete_blobs": delete_blobs,
    }
