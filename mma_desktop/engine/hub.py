"""Adapters on the Hugging Face hub: a repository with an adapter's file and its model card, sent by `upload`."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mma_desktop.core.errors import UserError, first_line
from mma_desktop.core.paths import is_hub_name
from mma_desktop.engine.backbones.backbone_table import BackboneSpec
from mma_desktop.engine.backbones.weights import (
    LONGEST_NAMED,
    PROBE_SECONDS,
    ForeignAnswerError,
    hub_problem,
    plain_transfers,
)

log = logging.getLogger(__name__)

ADDRESS = "hf://"
ADAPTER_FILE = "adapter.safetensors"
CARD_FILE = "README.md"
# The hub's ids of the backbones' licences; "other" for the rest.
LICENCES = {"Apache-2.0": "apache-2.0", "MIT": "mit", "Apple ML Research": "apple-amlr"}
SIGN_IN = "Sign in with `hf auth login`, or set HF_TOKEN"


def parsed_address(address: str) -> tuple[str, str | None]:
    """The repository and the revision in "hf://owner/name" or "hf://owner/name@revision", else UserError."""
    repo_id, _, revision = address.removeprefix(ADDRESS).partition("@")
    return checked_repo_id(repo_id), checked_revision(revision or None)


def checked_revision(revision: str | None) -> str | None:
    """Return a revision if it is valid: the hub's library makes a path of it. "refs/pr/1" is a branch of the hub's own.

    Raises:
        UserError: It is not the name of a branch, a tag or a commit.
    """
    if revision is not None and not all(map(is_hub_name, revision.split("/"))):
        raise UserError(
            f"{revision[:LONGEST_NAMED]!r} is no revision on the hub. It is a branch, a tag or a commit, such as main, "
            "v1.0 or refs/pr/1."
        )
    return revision


def checked_repo_id(repo_id: str) -> str:
    """Return a repository's name of the form "owner/name", else raise UserError."""
    from huggingface_hub.errors import HFValidationError
    from huggingface_hub.utils import validate_repo_id

    try:
        validate_repo_id(repo_id)
    except HFValidationError:
        repo_id = ""
    if repo_id.count("/") != 1:
        raise UserError(
            "A repository on the hub is named owner/name, such as mma/birds; hf://owner/name is its address."
        )
    return repo_id


def metadata_of(spec: BackboneSpec, licence: str, accuracy: float | None) -> dict[str, Any]:
    """A model card's metadata, by the hub's names.

    `licence` is the hub's id of a licence, "" for the backbone's own; `accuracy` is in percent, None if not measured.
    """
    measured = {"type": "accuracy", "value": None if accuracy is None else round(accuracy / 100, 4)}
    result = {
        "task": {"type": "image-classification"},
        "dataset": {"name": "the author's own pictures", "type": "private"},
        "metrics": [measured],
    }
    return {
        "license": licence or LICENCES.get(spec.licence, "other"),
        "library_name": "mma-desktop",
        "pipeline_tag": "image-classification",
        "tags": ["mma-desktop", "few-shot", "clip", "adapter"],
        **({"base_model": [spec.repository]} if spec.repository else {}),
        **({} if accuracy is None else {"metrics": ["accuracy"], "model-index": [{"name": "", "results": [result]}]}),
    }


def upload(
    repo_id: str, adapter: Path, card: str, metadata: Mapping[str, Any], *, private: bool, revision: str | None
) -> str:
    """Make a repository "owner/name" if there is none, and put an adapter and its card there in one commit.

    A `private` repository, if it is new, is seen by its owner only. `revision` is a branch, made if there is none; None
    for "main".

    Returns:
        The repository's address in a browser.

    Raises:
        UserError: The hub cannot be reached, or refuses.
    """
    from huggingface_hub import CommitOperationAdd, HfApi, ModelCard, ModelCardData

    checked_repo_id(repo_id)
    checked_revision(revision)
    if reason := hub_problem():
        raise UserError(f"Nothing was uploaded to {repo_id}: {reason}." + _offline_advice())
    named = {**metadata, "model-index": [{**entry, "name": repo_id} for entry in metadata.get("model-index", [])]}
    header = ModelCardData(**named).to_yaml()
    content = str(ModelCard(f"---\n{header}\n---\n\n{card}", ignore_metadata_errors=True))
    files = [CommitOperationAdd(ADAPTER_FILE, str(adapter)), CommitOperationAdd(CARD_FILE, content.encode())]
    api = HfApi(library_name="mma-desktop")
    try:
        with plain_transfers():
            url = str(api.create_repo(repo_id, private=private, exist_ok=True))
            if revision is not None:
                api.create_branch(repo_id, branch=revision, exist_ok=True)
            api.create_commit(repo_id, files, commit_message="Upload a classifier of mma-desktop", revision=revision)
    except Exception as error:
        raise _refused(f"Nothing was uploaded to {repo_id}", error) from error
    return url


def download(repo_id: str, revision: str | None) -> Path:
    """An adapter's file from the hub, or from the hub's cache if that has it and the hub cannot be asked.

    `revision` is a branch, a tag or a commit; None for "main".

    Raises:
        UserError: There is no such repository or revision, it holds no adapter, or the hub cannot be reached.
    """
    from huggingface_hub import hf_hub_download

    try:
        with plain_transfers():
            return Path(
                hf_hub_download(
                    repo_id, ADAPTER_FILE, revision=revision, library_name="mma-desktop", etag_timeout=PROBE_SECONDS
                )
            )
    except Exception as error:
        at = f"{ADDRESS}{repo_id}" + (f"@{revision}" if revision else "")
        raise _refused(f"{at} cannot be loaded", error) from error


def _refused(what: str, error: Exception) -> UserError:
    """The sentence for an error of the hub's client; the exceptions of its HTTP client differ between versions."""
    from huggingface_hub import errors

    log.info("%s", what, exc_info=error)
    status = error.response.status_code if isinstance(error, errors.HfHubHTTPError) else None
    if isinstance(error, ForeignAnswerError):
        why = f"{error}. Nothing was downloaded. Check HF_ENDPOINT."
    elif isinstance(error, errors.GatedRepoError):
        why = f"its owner decides who may use it. Ask for access on its page, then: {SIGN_IN}."
    elif isinstance(error, errors.RevisionNotFoundError):
        why = "there is no such revision. Choose a branch, a tag or a commit that its page lists."
    elif isinstance(error, errors.RepositoryNotFoundError):
        why = f"the hub has no such repository, or it is private. {SIGN_IN} if it is yours."
    elif isinstance(error, errors.LocalEntryNotFoundError | errors.OfflineModeIsEnabled):
        reason = hub_problem() or "the hub is not answering"
        why = f"it is not on this machine, and {reason}." + (_offline_advice() or " Try again later.")
    elif isinstance(error, errors.EntryNotFoundError):
        why = f"there is no {ADAPTER_FILE} in it. Choose a repository that was made by `push_to_hub`."
    elif status in {401, 403} or isinstance(error, errors.LocalTokenNotFoundError):
        why = f"the hub wants to know who you are, or you may not write there. {SIGN_IN}, with a token that may write."
    else:
        why = f"{first_line(error)}. Try again later."
    return UserError(f"{what}: {why}")


def _offline_advice() -> str:
    from huggingface_hub import constants

    return " Unset HF_HUB_OFFLINE and try again." if constants.HF_HUB_OFFLINE else ""
