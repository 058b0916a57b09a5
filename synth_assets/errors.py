"""Every error this package raises, in one tree.

SynthAssetsError
├── RecipeError            a recipe file that cannot be used: names the file and the key
├── SeedError              a seed source that cannot be read at all: names the file
├── DomainTreeError        a tree of domains that cannot be used: names its place and what is wrong
├── PromptError            a prompt template that is missing or was given too little
├── WarehouseBusy          the database stayed locked: names the holder
│   └── BrokenOff          a transaction lost its servers and could not be done again by itself; a run's step repeats it
├── WarehouseBroken        the database cannot be opened or written: names the file and the cause
├── ModelError             a language model that cannot be used now; candidates stay open
│   ├── ModelUnreachable   nobody answers at the address, or it keeps failing
│   ├── ModelRejected      the address answers and says no (key, model name, request)
│   └── BudgetSpent        the recipe's budget does not allow the next call
├── Waiting                a reply that comes by a provider's batch (control flow: the candidate stays open)
├── MachineFolderUnusable  the folder that the runs of this machine share cannot be trusted or made: names it
├── ReleaseError           a release that cannot be written, read or uploaded: names the folder and what to do
├── BenchmarkError         a benchmark file that cannot be used: names the file and what is wrong
├── BackupError            a backup that cannot be written, read or restored: names the folder and what to do
├── MigrationError         a warehouse that cannot be moved to another, or is not the same there: names table and remedy
├── HeadNotFit             a classifier head that may not be saved, or a file that is none
├── UnknownSample          an id that no candidate bears
├── UnknownOrigin          an article, a section or a run that is not here, so that nothing descends from it
├── NotWithdrawable        something to withdraw that is not there, or to bring back that was not withdrawn
├── ClusterError           a server on this machine that is missing, does not start or does not end: says how to get it
└── Refused                one candidate failed one step, with a named reason (control flow, never shown as a crash)

All but `Refused` and `Waiting` reach the command line as one line and a non-zero exit code.
"""


class SynthAssetsError(Exception):
    """Base of all errors raised on purpose; its text is written for the person at the keyboard."""


class RecipeError(SynthAssetsError):
    """A recipe that cannot be used.

    Args:
        path: the file as the user named it.
        key: dotted path of the offending key, empty when the whole file is at fault.
        problem: what is wrong and what to do.
        line: 1-based line of the key where it is known.
    """

    def __init__(self, path: str, key: str, problem: str, line: int | None = None) -> None:
        where = path if line is None else f"{path}:{line}"
        super().__init__(f"{where}: {key}: {problem}" if key else f"{where}: {problem}")
        self.path = path
        self.key = key
        self.line = line


class SeedError(SynthAssetsError):
    """A seed source that cannot be read at all; single bad records are reported, not raised."""


class DomainTreeError(SynthAssetsError):
    """A tree of domains that cannot be used, or that a model did not manage to propose; the text names the place."""


class PromptError(SynthAssetsError):
    """A prompt template that is missing, or that was rendered without a value it needs."""


class WarehouseBusy(SynthAssetsError):
    """The database stayed locked longer than a run may wait; the text names who holds it."""


class BrokenOff(WarehouseBusy):
    """A transaction lost its servers in its midst, and what it had read cannot be had again; nothing of it is written.

    Whoever begins it anew may succeed: a step of a run does.
    """


class WarehouseBroken(SynthAssetsError):
    """The database file cannot be opened or written; the text names the file and the cause."""


class ModelError(SynthAssetsError):
    """A language model that cannot be used now. The candidates concerned stay open."""


class ModelUnreachable(ModelError):
    """Nobody answers at the address, or it fails again and again."""


class ModelRejected(ModelError):
    """The endpoint answers and says no: wrong key, unknown model, a request it will never take."""


class BudgetSpent(ModelError):
    """The recipe's budget does not allow the next call."""


class Waiting(SynthAssetsError):
    """The reply comes by a provider's batch; the candidate stays open until it is collected."""


class MachineFolderUnusable(SynthAssetsError):
    """The folder that the runs of this machine share is a link, someone else's, open to others, or cannot be made."""


class ReleaseError(SynthAssetsError):
    """A release that cannot be written, read or uploaded; the text names it and says what to do."""


class BenchmarkError(SynthAssetsError):
    """A benchmark file that cannot be used; the text names the file and what is wrong."""


class HeadNotFit(SynthAssetsError):
    """A classifier head that may not be saved, or a file that is none; the text says what is missing."""


class BackupError(SynthAssetsError):
    """A backup that cannot be written, read or restored; the text names the folder and says what to do."""


class MigrationError(SynthAssetsError):
    """A warehouse that cannot be moved to another, or that is not the same there; the text names the table."""


class UnknownSample(SynthAssetsError):
    """No candidate bears this id."""


class UnknownOrigin(SynthAssetsError):
    """No article, section or run of this name is here."""


class NotWithdrawable(SynthAssetsError):
    """What is to be withdrawn is not there, or what is to be brought back is not withdrawn; the text says what is."""


class ClusterError(SynthAssetsError):
    """A server on this machine that is missing, does not start or does not end; the text says what to do."""


class Refused(SynthAssetsError):
    """One candidate failed one step.

    Args:
        reason: a snake_case name that the exercise (or the step driver) declares; it is counted by this name.
        detail: the values that explain it, kept on the row.
        retry: True when another sampled reply may do better, so that an attempt that is left is used.
    """

    def __init__(self, reason: str, detail: str = "", *, retry: bool = True) -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason
        self.detail = detail
        self.retry = retry
