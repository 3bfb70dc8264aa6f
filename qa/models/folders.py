"""Folders of models: where one lies, which one it is, and what is refused before anything is loaded."""

from __future__ import annotations

import hashlib
from pathlib import Path

from qa.errors import ModelMissing

REMEDY = "请检查环境变量 QA_ENCODER，或取消它以使用自带模型"
IDENTITY_FILES = (".safetensors", ".bin", ".json", ".txt", ".model")


def folder_of(model: str) -> Path:
    """Return the folder of a sentence-transformers model that is on this machine, by path or by name.

    :param model: A folder, or a name in the local cache; nothing is fetched.
    :raises ModelMissing: When there is no such model here, or it is not a complete folder (which would
        otherwise be filled up by guessing), or its weights would have to be unpickled.
    """
    folder = Path(model) if Path(model).is_dir() else cached(model)
    if not (folder / "modules.json").is_file():
        raise ModelMissing(f"{model} 不是完整的 sentence-transformers 目录：缺 modules.json；{REMEDY}")
    if not any(folder.rglob("*.safetensors")):
        raise ModelMissing(f"{model} 的权重不是 safetensors 格式，出于安全不予载入；{REMEDY}")
    return folder


def cached(model: str) -> Path:
    """Return where the local cache has a model.

    :raises ModelMissing: When it has not.
    """
    # Here and not above: a folder needs no cache, and the import takes a while.
    from huggingface_hub import snapshot_download

    try:
        return Path(snapshot_download(model, local_files_only=True))
    except (OSError, ValueError) as error:
        raise ModelMissing(f"找不到句向量模型 {model}：本机没有；{REMEDY}") from error


def first_line(error: Exception) -> str:
    """Return the first line of an error's message."""
    return (str(error).splitlines() or [type(error).__name__])[0]


def first_of(*prompts: str | None) -> str:
    """Return the first prompt that is set, or no prompt."""
    return next((prompt for prompt in prompts if prompt is not None), "")


def digest_of(folder: Path, *, prompts: tuple[str, str]) -> str:
    """Return the SHA-256 over a model's weights, tokenizer and settings, and the prompts in use."""
    digest = hashlib.sha256()
    for path in sorted(each for each in folder.rglob("*") if each.suffix in IDENTITY_FILES):
        digest.update(path.relative_to(folder).as_posix().encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    for prompt in prompts:
        digest.update(prompt.encode())
    return digest.hexdigest()
