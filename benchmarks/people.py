"""Whether the time of an answer tells who is known: forms of customers and of strangers, in pairs of either order."""

from random import Random
from statistics import median

from benchmarks.forms import Poster, filled_form
from benchmarks.installation import Installation
from benchmarks.measure import Measure
from benchmarks.posting import held_still
from dsr_intake.domain.request_form import FormState
from kuukausi.sample.people import Person, people


async def measure_known_and_unknown(installed: Installation, *, pairs: int) -> list[Measure]:
    """Post one form of somebody in the sample company's databases and one of nobody, on one connection."""
    poster, order, customers = Poster(installed), Random(7), people()
    known: list[float] = []
    unknown: list[float] = []
    with held_still(installed, "fulfilment", "notifier"):
        async with poster.connection() as connection:
            for number in range(pairs):
                customer, stranger = _pair(customers[number % len(customers)], number)
                pair = [(poster.request(customer), known), (poster.request(stranger), unknown)]
                order.shuffle(pair)
                for request, seconds in pair:
                    seconds.append(await connection.post(request))
    return [
        Measure("form of a customer, median", median(known) * 1000, "ms"),
        Measure("form of a stranger, median", median(unknown) * 1000, "ms"),
        Measure(f"their difference over {pairs} pairs", abs(median(known) - median(unknown)) * 1000, "ms"),
    ]


def _pair(customer: Person, number: int) -> tuple[FormState, FormState]:
    """The stranger's name and address are as long as the customer's."""
    stranger_address = f"{number:x}".rjust(len(customer.email.split("@")[0]), "q") + "@" + customer.email.split("@")[1]
    return filled_form(customer.name, customer.email), filled_form("X" * len(customer.name), stranger_address)
