"""Every error a caller may see, in one tree.

* QaError                  anything not named below
  - QuestionInvalid        empty, or longer than the limit
  - ConditionInvalid       a condition that is no filter of ours
  - SettingInvalid         an environment variable holds what it must not
  - NotFound               no source or article has that id or name
  - ReportPending          a batch of which nothing has been asked yet
  - AnswerWithdrawn        a kept answer whose source was removed or changed
  - SourceFailed           one input cannot be taken in; the others can
    - SourceMissing        there is no such file or folder
    - SourceUnreadable     the system will not let us read it
    - SourceNotText        binary, or in no encoding we know
    - SourceEmpty          nothing but white space
    - SourceTooLarge       beyond the limit, which is a setting
    - SourceUnsupported    no loader for that suffix
    - SourceOutside        a link that leads out of the folder
    - SourceNameTaken      two inputs of one run want the same name
    - SourceDisguised      the content is of another format than the suffix says
    - SourceEncrypted      opens with a password only
    - SourceBroken         not what its format prescribes, or too much for its parser
    - SourceTooManyPages   beyond the limit, which is a setting
    - SourceInflated       small as a file, beyond the limit once unpacked
    - SourceTimedOut       parsing took longer than it may
    - ExtraMissing         needs a part of the program that is not installed
  - QuestionsInvalid       a file of questions that cannot be read as one
  - IndexMissing           nothing has been built at that path
  - IndexStale             built by another format version or another encoder
  - IndexDamaged           a file of the index is not what was written
    - OffsetMismatch       text and its recorded origin disagree
    - KeptFileDamaged      what a service keeps beside the index is not what was written
  - ModelMissing           the encoder is not there, or is not one
  - SurroundingsFailed     the disk, the memory or the rights are at fault, not the index
    - DiskFull             no room left, or the quota is used up
    - ReadOnly             the file system takes no writes
    - NoPermission         the system will not let us
    - OutOfMemory          the machine, or what it allows us, has no memory left
    - ClockJumped          the clock was set a moment ago
    - IndexLocked          another process is writing
    - KeysInvalid          the file of API keys is missing, unreadable or not private
    - StoreFailed          the store that ``QA_STORE`` names did not do what it was asked for
      - StoreAway          nothing answers at its address, or not in time
      - StoreRefused       it does not take our token, or the rights of it do not suffice
      - StoreUnfit         it is too old, or what speaks with it is not installed
    - ClusterFailed        the cluster that ``--ray`` names did not do what was put to it
      - ClusterAway        nobody answers at its address, or no worker is left in it
      - ClusterUnfit       another version of the program or of the model is there
  - KeyInvalid             an API key that cannot be made: its name is none, or taken
  - Busy                   the service cannot take the question now; later it can
    - QueueFull            as many are waiting as may
    - WaitedTooLong        its turn did not come in time
    - Stopping             the service is being stopped

The messages are for a person, in Chinese; each names the thing and, where
there is one, the next command. ``code`` is stable and for programs.
"""

from __future__ import annotations

from typing import Any, ClassVar


class QaError(Exception):
    """Root of the tree; ``code`` is stable, the message is for a person."""

    code: ClassVar[str] = "internal"

    def __reduce__(self) -> tuple[Any, ...]:
        """Be sent to another process as it is, whatever its kind is made from."""
        return made_again, (type(self), self.args), self.__dict__


def made_again(kind: type[QaError], args: tuple[Any, ...]) -> QaError:
    """Return an error as it was in the process that sent it."""
    return kind.__new__(kind, *args)


class QuestionInvalid(QaError):
    """The question is empty or too long."""

    code = "question_invalid"


class ConditionInvalid(QaError):
    """A condition on metadata is none that passages can be filtered by."""

    code = "condition_invalid"


class SettingInvalid(QaError):
    """A setting in the environment holds what it must not."""

    code = "setting_invalid"


class NotFound(QaError):
    """No source or article has that id or name."""

    code = "not_found"


class ReportPending(QaError):
    """There is a batch of that id, but nothing in it that a report could be of, so far."""

    code = "report_pending"


class AnswerWithdrawn(QaError):
    """A kept answer is not shown any more: a source that it quotes was removed or changed.

    ``question`` is what was asked, where that is still known.
    """

    code = "answer_withdrawn"

    def __init__(self, message: str, *, question: str | None) -> None:
        """Say why, and keep the question so that it can be put again."""
        super().__init__(message)
        self.question = question


class SourceFailed(QaError):
    """One input cannot be taken in; the others can."""

    code = "source_failed"


class SourceMissing(SourceFailed):
    """There is no such file or folder."""

    code = "source_missing"


class SourceUnreadable(SourceFailed):
    """The system will not let us read it."""

    code = "source_unreadable"


class SourceNotText(SourceFailed):
    """Binary, or in no encoding that we know."""

    code = "source_not_text"


class SourceEmpty(SourceFailed):
    """Nothing but white space."""

    code = "source_empty"


class SourceTooLarge(SourceFailed):
    """Beyond the limit, which is a setting."""

    code = "source_too_large"


class SourceUnsupported(SourceFailed):
    """No loader for that suffix."""

    code = "source_unsupported"


class SourceOutside(SourceFailed):
    """A link that leads out of the folder that was given."""

    code = "source_outside"


class SourceNameTaken(SourceFailed):
    """Two inputs of one run want the same name."""

    code = "source_name_taken"


class SourceDisguised(SourceFailed):
    """The content is of another format than the suffix says."""

    code = "source_disguised"


class SourceEncrypted(SourceFailed):
    """Opens with a password only."""

    code = "source_encrypted"


class SourceBroken(SourceFailed):
    """Not what its format prescribes, or its parser crashed or ran out of memory over it."""

    code = "source_broken"


class SourceTooManyPages(SourceFailed):
    """More pages than the limit, which is a setting."""

    code = "source_too_many_pages"


class SourceInflated(SourceFailed):
    """Small as a file, beyond the limit once unpacked or decoded."""

    code = "source_inflated"


class SourceTimedOut(SourceFailed):
    """Parsing took longer than it may."""

    code = "source_timed_out"


class ExtraMissing(SourceFailed):
    """Needs a part of the program that is not installed."""

    code = "extra_missing"


class QuestionsInvalid(QaError):
    """A file of questions that cannot be read as one."""

    code = "questions_invalid"


class IndexMissing(QaError):
    """Nothing has been built at that path."""

    code = "index_missing"


class IndexStale(QaError):
    """The index was built by another format version or another encoder."""

    code = "index_stale"

    def __init__(self, *, built_with: str, asked_for: str, remedy: str) -> None:
        """Say both sides of the mismatch and what mends it, so that the message needs no context."""
        super().__init__(f"索引由 {built_with} 建成，当前使用 {asked_for}；{remedy}")


class IndexDamaged(QaError):
    """A file of the index is not what was written."""

    code = "index_damaged"


class OffsetMismatch(IndexDamaged):
    """Text and its recorded origin disagree."""

    code = "offset_mismatch"


class KeptFileDamaged(IndexDamaged):
    """What a service keeps for people beside the index is not what was written; the index may be."""

    code = "kept_file_damaged"


class ModelMissing(QaError):
    """The encoder is not there, or what is there is not one."""

    code = "model_missing"


class SurroundingsFailed(QaError):
    """The disk is full or read-only, or we may not write there."""

    code = "surroundings_failed"


class DiskFull(SurroundingsFailed):
    """There is no room left, or the quota is used up."""

    code = "disk_full"


class ReadOnly(SurroundingsFailed):
    """The file system takes no writes."""

    code = "read_only"


class NoPermission(SurroundingsFailed):
    """The system will not let us read or write there."""

    code = "no_permission"


class OutOfMemory(SurroundingsFailed):
    """The machine, or what it allows us, has no memory left."""

    code = "out_of_memory"


class ClockJumped(SurroundingsFailed):
    """The clock of the machine was set a moment ago; what goes by age waits until it is sure."""

    code = "clock_jumped"


class IndexLocked(SurroundingsFailed):
    """Another process is writing to the index."""

    code = "index_locked"


class KeysInvalid(SurroundingsFailed):
    """The file of API keys is missing or unreadable, or others may write it."""

    code = "keys_invalid"


class StoreFailed(SurroundingsFailed):
    """The store that ``QA_STORE`` names did not do what it was asked for."""

    code = "store_failed"


class StoreAway(StoreFailed):
    """Nothing answers at the address of the store, or not in time."""

    code = "store_away"


class StoreRefused(StoreFailed):
    """The store does not take our token, or its rights do not suffice."""

    code = "store_refused"


class StoreUnfit(StoreFailed):
    """The store is too old, or what speaks with it is not installed here."""

    code = "store_unfit"


class ClusterFailed(SurroundingsFailed):
    """The cluster that ``--ray`` names did not do what was put to it."""

    code = "cluster_failed"


class ClusterAway(ClusterFailed):
    """Nobody answers at the address of the cluster, or no worker is left in it."""

    code = "cluster_away"


class ClusterUnfit(ClusterFailed):
    """Another version of the program, of the model or of Ray is on a node of the cluster."""

    code = "cluster_unfit"


class KeyInvalid(QaError):
    """An API key cannot be made: its name is none, or taken."""

    code = "key_invalid"


class Busy(QaError):
    """The service cannot take the question now.

    ``retry_after`` is in whole seconds, at least 1.
    """

    code = "busy"

    def __init__(self, message: str, *, retry_after: int) -> None:
        """Say what is the matter, and after how many seconds to ask again."""
        super().__init__(message)
        self.retry_after = retry_after


class QueueFull(Busy):
    """As many questions are waiting as may."""

    code = "queue_full"


class WaitedTooLong(Busy):
    """The question's turn did not come in time."""

    code = "waited_too_long"


class Stopping(Busy):
    """The service is being stopped and takes no more questions."""

    code = "stopping"
