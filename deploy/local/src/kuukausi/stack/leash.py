"""Start a program that dies with its parent: `python -I -S leash.py PARENT SIGNAL USER -- PROGRAM ARGUMENT…`.

The kernel sends SIGNAL to the program when the thread that started it ends, however it ends (PR_SET_PDEATHSIG). So a
killed supervisor leaves no orphans, be the program Java, PostgreSQL or Python. USER is `-` or `uid:gid[:reach]`:
PostgreSQL refuses to run as root, so root starts it as another user. With `reach` that user keeps root's right to
read below directories that are closed to others, for a state directory in root's home.

Runs without site-packages, for a start of a few milliseconds: standard library only.
"""

import ctypes
import os
import sys

_PR_SET_PDEATHSIG = 1
_PR_SET_KEEPCAPS = 8
_PR_CAP_AMBIENT = 47
_PR_CAP_AMBIENT_RAISE = 2
_CAPABILITY_VERSION_3 = 0x20080522
_CAP_DAC_READ_SEARCH = 2
_CAP_DAC_OVERRIDE = 1
_LOST_PARENT = 125


def _call(function: str, *arguments: object) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if getattr(libc, function)(*arguments) != 0:
        error = ctypes.get_errno()
        raise OSError(error, f"{function}: {os.strerror(error)}")


def _keep_only(capability: int) -> None:
    """Hold one capability across the coming exec, and no other."""
    bits = 1 << capability
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0)
    data = (ctypes.c_uint32 * 6)(bits, bits, bits, 0, 0, 0)
    _call("capset", header, data)
    _call("prctl", _PR_CAP_AMBIENT, _PR_CAP_AMBIENT_RAISE, capability, 0, 0)


def _keep_reach() -> None:
    try:
        _keep_only(_CAP_DAC_READ_SEARCH)
    except PermissionError:
        _keep_only(_CAP_DAC_OVERRIDE)


def _become(user: str) -> None:
    uid, gid, *reach = user.split(":")
    if reach:
        _call("prctl", _PR_SET_KEEPCAPS, 1, 0, 0, 0)
    os.setgroups([])
    os.setresgid(int(gid), int(gid), int(gid))
    os.setresuid(int(uid), int(uid), int(uid))
    if reach:
        _keep_reach()


def main() -> None:
    parent, signal_number, user, _, *command = sys.argv[1:]
    if user != "-":
        _become(user)
    _call("prctl", _PR_SET_PDEATHSIG, int(signal_number), 0, 0, 0)
    if os.getppid() != int(parent):
        sys.exit(_LOST_PARENT)
    os.execv(command[0], command)  # noqa: S606 - the whole purpose: become the program that the supervisor named


if __name__ == "__main__":
    main()
