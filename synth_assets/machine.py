"""What all runs of one user on one machine share: the folder that they meet in, and the cores that they may use.

Runs of different projects meet here (the embedded server, the controllers of endpoints), so the folder belongs to the
user and the machine and not to a project. What lies in it is found again by processes that trust it: it is refused
where anybody else could have written to it.
"""

import math
import os
import stat
import tempfile
from pathlib import Path

from synth_assets.errors import MachineFolderUnusable

VARIABLE = "SYNTH_ASSETS_MACHINE"
_CGROUPS = Path("/sys/fs/cgroup")


def machine_folder() -> Path:
    """The folder that this user's runs on this machine share; made, for the user alone, where it is missing.

    $SYNTH_ASSETS_MACHINE where it is set; else `synth-assets` in $XDG_RUNTIME_DIR where that is a folder of the user's
    own that can be written; else `synth-assets-<uid>` in the folder of temporary files. Processes that see different
    variables meet in different folders: set SYNTH_ASSETS_MACHINE where that is so.

    Raises:
        MachineFolderUnusable: it is a link, no folder, someone else's or open to others, or cannot be made.
    """
    given = os.environ.get(VARIABLE)
    if given:
        folder = Path(given).absolute()
        try:
            folder.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise _unusable(folder, f"cannot be made ({error.strerror})") from error
    else:
        runtime = os.environ.get("XDG_RUNTIME_DIR")
        if runtime and _is_own_folder(Path(runtime)):
            folder = Path(runtime).absolute() / "synth-assets"
        else:
            folder = Path(tempfile.gettempdir()).absolute() / f"synth-assets-{os.getuid()}"
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:
        pass  # what is there is looked at below, as is what was made just now
    except OSError as error:
        raise _unusable(folder, f"cannot be made ({error.strerror})") from error
    found = folder.lstat()
    if stat.S_ISLNK(found.st_mode):
        raise _unusable(folder, "is a link, which someone else may turn elsewhere")
    if not stat.S_ISDIR(found.st_mode):
        raise _unusable(folder, "is no folder")
    if found.st_uid != os.getuid():
        raise _unusable(folder, "belongs to someone else")
    if found.st_mode & 0o077:
        raise _unusable(folder, "is open to others", f"run `chmod 700 {folder}` or ")
    return folder


def usable_cores() -> int:
    """Cores that this process may keep busy, at least one: those it may run on, or fewer where a quota allows fewer.

    Two hyperthreads of one core count as two: a virtual machine often does not say which belong together.
    """
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    quota = _quota()
    return cores if quota is None else max(1, min(cores, math.floor(quota)))


def _is_own_folder(folder: Path) -> bool:
    return folder.is_dir() and folder.stat().st_uid == os.getuid() and os.access(folder, os.W_OK | os.X_OK)


def _unusable(folder: Path, problem: str, remedy: str = "") -> MachineFolderUnusable:
    return MachineFolderUnusable(
        f"the folder {folder}, where runs on this machine find each other, {problem}; "
        f"{remedy}set {VARIABLE} to a folder of your own"
    )


def _quota() -> float | None:
    """Cores' worth of time that the control group of this process gets; None where it is not limited.

    A container sees its own group as the root, so the least of the groups from there down is what counts.
    """
    try:
        lines = Path("/proc/self/cgroup").read_text("utf-8").splitlines()
    except OSError:
        return None  # no Linux: there are no control groups
    found = []
    for line in lines:
        number, names, path = line.split(":", 2)
        if number == "0":
            root = _CGROUPS
        elif "cpu" in names.split(","):
            root = _CGROUPS / "cpu"
        else:
            continue
        group = root / path.lstrip("/")
        for folder in (group, *group.parents):
            if folder.is_relative_to(root):
                found.append(_quota_of(folder))
    return min((quota for quota in found if quota is not None), default=None)


def _quota_of(group: Path) -> float | None:
    try:
        if (group / "cpu.max").exists():
            quota, period = (group / "cpu.max").read_text("utf-8").split()
        else:
            quota = (group / "cpu.cfs_quota_us").read_text("utf-8").strip()
            period = (group / "cpu.cfs_period_us").read_text("utf-8").strip()
    except OSError:
        return None  # a group without limits has no such file
    return None if quota == "max" or int(quota) <= 0 else int(quota) / int(period)
