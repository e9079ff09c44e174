"""The compose stack comes up healthy, and each container may do only its part."""

import json

import pytest
from tests.compose.compose_stack import SERVICES, STEPS, ComposeStack, docker

OWN_USER = "10001:10001"


def test_everything_is_healthy_and_every_step_is_done(stack: ComposeStack) -> None:
    found = stack.containers()
    for step in STEPS:
        assert (found[step]["State"]["Status"], found[step]["State"]["ExitCode"]) == ("exited", 0), step
    for name in ("postgres", "kafka", "mail", "sample-db", "prometheus", *SERVICES):
        assert found[name]["State"]["Health"]["Status"] == "healthy", name


@pytest.mark.parametrize("name", [*SERVICES, *STEPS, "mail"])
def test_our_containers_run_as_an_ordinary_user_without_rights_on_a_closed_file_system(
    stack: ComposeStack, name: str
) -> None:
    one = stack.containers()[name]
    host = one["HostConfig"]
    assert one["Config"]["User"] == OWN_USER
    assert host["ReadonlyRootfs"] is True
    assert host["CapDrop"] == ["ALL"]
    assert not host["CapAdd"]
    assert "no-new-privileges:true" in host["SecurityOpt"]
    assert host["Memory"] > 0
    assert host["PidsLimit"] > 0


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_cannot_change_its_own_program_or_key_ring(stack: ComposeStack, name: str) -> None:
    program = (
        "import os\n"
        "def may(path):\n"
        "    try: open(path, 'w').close(); return True\n"
        "    except OSError: return False\n"
        "paths = ['/app/x', '/etc/x', '/keyring/x', '/run/secrets/x']\n"
        "print(os.getuid(), [path for path in paths if may(path)])"
    )
    assert stack.python(name, program) == "10001 []"


def test_servers_drop_what_they_do_not_need(stack: ComposeStack) -> None:
    found = stack.containers()
    for name in ("postgres", "sample-db"):
        assert found[name]["HostConfig"]["ReadonlyRootfs"] is True
        assert stack.run("exec", "--no-TTY", name, "stat", "--format", "%u", "/proc/1").stdout.strip() == "999"
    for name in ("postgres", "kafka", "sample-db", "prometheus"):
        assert found[name]["HostConfig"]["CapDrop"] == ["ALL"]
        assert found[name]["HostConfig"]["Memory"] > 0


def test_only_pages_for_people_are_published_and_on_this_machine_alone(stack: ComposeStack) -> None:
    published = {
        (name, binding["HostIp"])
        for name, one in stack.containers().items()
        for bindings in one["NetworkSettings"]["Ports"].values()
        for binding in bindings or ()
    }
    assert published == {(name, "127.0.0.1") for name in ("intake", "fulfilment", "mail", "prometheus")}


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_holds_its_own_private_keys_and_nobody_elses(stack: ComposeStack, name: str) -> None:
    listed = stack.python(name, "import os; print(sorted(os.listdir('/keyring')))")
    assert listed == str(sorted([f"{name}.keyring.json", "public-keys.json"]))
    held = stack.python(name, "import os; print(sorted(os.listdir('/run/secrets')))")
    own = {"intake": ["mailboxes.json"], "notifier": ["smtp.json"]}.get(name, [])
    assert held == str(sorted(["database_url", "kafka_password", *own]))


def test_a_service_cannot_reach_another_one(stack: ComposeStack) -> None:
    """Not by name, and not by the address that it has on its own network."""
    address = stack.containers()["fulfilment"]["NetworkSettings"]["Networks"][f"{stack.name}_fulfilment"]["IPAddress"]
    program = (
        "import socket\n"
        "def reaches(host):\n"
        "    try: socket.create_connection((host, 8081), 3).close(); return True\n"
        "    except OSError: return False\n"
        f"print([host for host in ('fulfilment', '{address}') if reaches(host)])"
    )
    assert stack.python("intake", program) == "[]"


def test_no_password_stands_in_an_environment_a_command_line_or_an_image(stack: ComposeStack) -> None:
    known = [
        stack.secret(name) for name in ("postgres_admin_password", "kafka_admin_password", "kafka_intake_password")
    ]
    known += [stack.secret(f"{service}_database_url").split(":")[2].split("@")[0] for service in SERVICES]
    said = json.dumps(stack.containers())
    images = {one["Config"]["Image"] for one in stack.containers().values()}
    said += "".join(docker("history", "--no-trunc", image) for image in images)
    assert not [text for text in known if text in said]


def test_an_image_holds_one_service_and_none_of_the_others(stack: ComposeStack) -> None:
    program = (
        "from importlib.util import find_spec\n"
        "names = ('dsr_intake', 'dsr_fulfilment', 'dsr_notifier', 'kuukausi', 'pytest')\n"
        "print([name for name in names if find_spec(name)])"
    )
    for name in SERVICES:
        assert stack.python(name, program) == f"['dsr_{name}']"
