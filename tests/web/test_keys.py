"""API keys: kept as hashes, in a private file that a running service follows."""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
from pathlib import Path

import pytest

from qa.errors import KeyInvalid, KeysInvalid, NotFound, SurroundingsFailed
from qa.web.key_file import KeyFile, KeyRing
from qa.web.keys import Access, from_json, matching, new_key


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "private" / "keys.json"


def test_a_key_is_random_and_only_its_hash_is_kept(file: Path) -> None:
    made = [KeyFile(file).add(name, access=Access.READ) for name in ("甲", "乙")]

    assert len({each.secret for each in made}) == 2
    assert all(each.secret.startswith("qa_") and len(each.secret) >= 3 + 43 for each in made)
    written = file.read_text(encoding="utf-8")
    assert all(each.secret not in written and each.secret[3:] not in written for each in made)
    stored = json.loads(written)["keys"]
    assert [each["digest"] for each in stored] == [
        hashlib.sha256(each.secret.encode()).hexdigest() for each in made
    ]
    assert KeyFile(file).held() == tuple(each.key for each in made)


def test_the_file_is_for_its_owner_alone_and_nothing_lies_beside_it(file: Path) -> None:
    KeyFile(file).add("甲", access=Access.READ)
    KeyFile(file).revoke("甲")

    assert file.stat().st_mode & 0o777 == 0o600
    assert list(file.parent.iterdir()) == [file]


def test_names_are_not_given_twice_and_are_names(file: Path) -> None:
    made = KeyFile(file).add("甲", access=Access.READ)
    for name in ("甲", " 甲 ", made.key.id, "", "  ", "a\nb", "a\u202eb", "x" * 101):
        with pytest.raises(KeyInvalid):
            KeyFile(file).add(name, access=Access.READ)
    assert len(KeyFile(file).held()) == 1


def test_what_is_revoked_is_gone_by_name_or_id(file: Path) -> None:
    first, second = (KeyFile(file).add(name, access=Access.WRITE) for name in ("甲", "乙"))

    assert KeyFile(file).revoke("甲") == first.key
    assert KeyFile(file).revoke(second.key.id) == second.key
    assert KeyFile(file).held() == ()
    with pytest.raises(NotFound):
        KeyFile(file).revoke("甲")


def test_a_running_service_follows_the_file(file: Path) -> None:
    first = KeyFile(file).add("甲", access=Access.READ)
    ring = KeyRing(file)
    assert ring.matching(first.secret) == first.key

    second = KeyFile(file).add("乙", access=Access.WRITE)
    assert ring.matching(second.secret) == second.key
    KeyFile(file).revoke("甲")
    assert ring.matching(first.secret) is None
    assert ring.matching(second.secret) == second.key


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{",
        "[]",
        '{"format": 2, "keys": []}',
        '{"format": 1, "keys": [{"id": "x"}]}',
        '{"format": 1, "keys": [{"id": "x", "name": "a", "access": "read", "digest": 5, "made": ""}]}',
        '{"format": 1, "keys": [{"id": "x", "name": "a", "access": "read", "digest": "\xe9", "made": ""}]}',
        "\ud800".encode("utf-8", "surrogatepass").decode("latin-1"),
    ],
)
def test_a_file_that_is_no_file_of_keys_lets_nobody_in(file: Path, content: str) -> None:
    made = KeyFile(file).add("甲", access=Access.READ)
    ring = KeyRing(file)
    file.write_text(content, encoding="latin-1")

    with pytest.raises(KeysInvalid):
        ring.matching(made.secret)
    with pytest.raises(KeysInvalid):
        KeyFile(file).add("乙", access=Access.READ)
    assert file.read_text(encoding="latin-1") == content


def test_a_file_that_is_gone_lets_nobody_in_and_says_what_to_do(file: Path) -> None:
    with pytest.raises(KeysInvalid, match="qa keys add"):
        KeyRing(file)
    made = KeyFile(file).add("甲", access=Access.READ)
    ring = KeyRing(file)
    file.unlink()
    with pytest.raises(KeysInvalid):
        ring.matching(made.secret)


def test_a_file_that_others_may_write_is_refused(file: Path) -> None:
    KeyFile(file).add("甲", access=Access.READ)
    file.chmod(0o620)

    with pytest.raises(KeysInvalid, match="chmod 600"):
        KeyRing(file)


def test_a_folder_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")

    with pytest.raises(SurroundingsFailed):
        KeyFile(tmp_path / "file" / "keys.json").add("甲", access=Access.READ)


def test_a_path_that_the_system_does_not_take_is_told(tmp_path: Path) -> None:
    with pytest.raises(KeysInvalid, match="无法读取"):
        KeyFile(tmp_path / ("长" * 200)).held()
    (tmp_path / "file").touch()
    with pytest.raises(KeysInvalid, match="无法读取"):
        KeyFile(tmp_path / "file" / "keys.json").held()


def test_commands_at_once_lose_no_key(file: Path) -> None:
    threads = [
        threading.Thread(target=KeyFile(file).add, args=(f"第{at}把",), kwargs={"access": Access.READ})
        for at in range(8)
    ]
    for each in threads:
        each.start()
    for each in threads:
        each.join()

    assert sorted(each.name for each in KeyFile(file).held()) == [f"第{at}把" for at in range(8)]


def test_every_key_is_compared_in_constant_time(monkeypatch: pytest.MonkeyPatch) -> None:
    made = [new_key(f"第{at}把", access=Access.READ, others=()) for at in range(3)]
    compared: list[str] = []

    def noted(held: str, given: str) -> bool:
        compared.append(held)
        return held == given

    monkeypatch.setattr(hmac, "compare_digest", noted)
    everything = [each.key for each in made]
    assert matching(made[0].secret, everything) == made[0].key
    assert matching("qa_none", everything) is None
    assert compared == [each.digest for each in everything] * 2


def test_half_a_character_is_no_key(file: Path) -> None:
    KeyFile(file).add("甲", access=Access.READ)

    assert KeyRing(file).matching("qa_\udcff") is None


def test_what_is_kept_comes_back(file: Path) -> None:
    KeyFile(file).add("阅览室", access=Access.WRITE)

    (key,) = from_json(file.read_text(encoding="utf-8"))
    assert (key.name, key.access) == ("阅览室", Access.WRITE)
    assert Access.WRITE.covers(Access.READ)
    assert not Access.READ.covers(Access.WRITE)
