"""An export of many contacts: the memory and the time of its function."""

from collections.abc import Iterator

from infra.local.cloud import Cloud
from tests.bench import inside, many_rows
from tests.bench.process import Functions, fresh
from tests.bench.team import Team, team

_WORDS = "met at the fair in spring; asked for the new price list, prefers mail to phone. "
Figures = dict[str, float]


def export(cloud: Cloud, functions: Functions, contacts: int) -> Figures:
    """An export of a member with that many contacts, each with an address, a phone and a note."""
    from chalicelib.domain.exports.model import DUE_KIND

    own = team(cloud, functions)
    with many_rows.standing(_rows(cloud, own, contacts)), fresh(cloud) as worker:
        made = own.ask("POST", "/v1/exports").body["id"]
        idle = worker.run(inside.load_workers).peak
        measured = worker.take("work", DUE_KIND, f"{own.tenant}.{made}")
    done = own.ask("GET", f"/v1/exports/{made}").body
    assert done["state"] == "done", done
    return {
        "peak memory of the process (MB)": measured.peak,
        "of which before the first row (MB)": idle,
        "CPU (ms a contact)": measured.cpu / contacts * 1000,
        "size of the zip (MB)": done["size"] / 1e6,
    }


def _rows(cloud: Cloud, own: Team, count: int) -> Iterator[many_rows.Item]:
    """Copies of a contact that came in by the API, each under a key of its own and with other values."""
    from chalicelib.vault.sealing import SealContext, Sealed, seal, unseal

    own.contact(
        first_name="Given0",
        last_name="Family0",
        company_name="Company 0",
        emails=["p0@bench.example"],
        phones=["+493055500000"],
        notes=f"0: {_WORDS}",
    )
    pattern = many_rows.only(cloud, own.tenant, "contact#")
    sk = pattern["sk"]["S"]
    context = SealContext(own.tenant, "TenantData", f"{own.tenant}|{sk}")
    content = unseal(context, Sealed(pattern["sealed"]["B"])).decode()
    for number in range(count):
        key = f"{sk.rpartition('#')[0]}#{number:026}"
        told = content.replace("Given0", f"Given{number}").replace("Family0", f"Family{number}")
        told = told.replace("Company 0", f"Company {number % 900}").replace("p0@", f"p{number}@")
        told = told.replace("+493055500000", f"+49305550{number:04}"[:13])
        here = SealContext(own.tenant, "TenantData", f"{own.tenant}|{key}")
        yield {**pattern, "sk": {"S": key}, "sealed": {"B": seal(here, told.encode()).ciphertext}}
