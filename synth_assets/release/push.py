"""Uploading a release to the Hugging Face hub: checked first, in one commit that bears the version's name."""

import os
import re
from dataclasses import dataclass
from pathlib import Path

from synth_assets.errors import ReleaseError
from synth_assets.release.formats import FORMATS
from synth_assets.release.manifest import verify_release

TOKEN = "HF_TOKEN"
_REPO = re.compile(r"[A-Za-z0-9][\w.-]{0,95}/[A-Za-z0-9][\w.-]{0,95}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """What an upload did: the dataset's name, the commit, and where it can be seen."""

    repo_id: str
    commit: str
    url: str


def check_upload(repo_id: str) -> str:
    """What can be said before anything is written: the name is one, and there is a token, which is returned.

    Raises:
        ReleaseError: it is no name of a dataset, or there is no token.
    """
    if not _REPO.fullmatch(repo_id):
        raise ReleaseError(f"{repo_id!r} is no name of a dataset on the hub; it is OWNER/NAME")
    token = os.environ.get(TOKEN, "").strip()
    if not token:
        raise ReleaseError(f"there is no token for the hub: set {TOKEN} to one that may write to {repo_id}")
    return token


def upload_release(folder: Path, repo_id: str, *, private: bool = False) -> Upload:
    """Upload a release folder as one commit of a dataset repository, which is made when there is none.

    The folder is held against its manifest first. What an earlier release left in the folders of releases is deleted in
    the same commit, so that loaders see one version and never two at once; it stays in the repository's history, and
    other files of the repository stay as they are.
    The token comes from HF_TOKEN and is never written anywhere. HF_ENDPOINT names another hub.

    Args:
        repo_id: "owner/name".
        private: whether a repository that is made now is private; one that is there stays as it is.

    Raises:
        ReleaseError: no token, a damaged release, a name that is none, no network, or the hub says no; the text says
            which, and what to do.
    """
    token = check_upload(repo_id)
    manifest = verify_release(folder)

    import httpx
    from huggingface_hub import HfApi
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError, OfflineModeIsEnabled, RepositoryNotFoundError

    api = HfApi(endpoint=os.environ.get("HF_ENDPOINT") or None, token=token)
    try:
        api.create_repo(repo_id, repo_type="dataset", private=private, exist_ok=True)
        commit = api.upload_folder(
            repo_id=repo_id,
            repo_type="dataset",
            folder_path=folder,
            commit_message=f"Release {manifest.version}: {manifest.samples:,} samples",
            delete_patterns=[f"{name}/*" for name in ("data", "extended", *FORMATS)],
        )
    except RepositoryNotFoundError as error:
        raise ReleaseError(f"{api.endpoint}: there is no dataset {repo_id}, or this token may not see it") from error
    except HFValidationError as error:
        raise ReleaseError(f"{repo_id!r} is no name of a dataset on the hub: {error}") from error
    except HfHubHTTPError as error:
        status = error.response.status_code if error.response is not None else 0
        if status in (401, 403):
            raise ReleaseError(f"{api.endpoint}: the token in {TOKEN} may not write to {repo_id}") from error
        raise ReleaseError(f"{api.endpoint}: refused the upload of {repo_id}: {_first_line(error)}") from error
    except OfflineModeIsEnabled as error:
        raise ReleaseError("the hub is switched off by HF_HUB_OFFLINE; unset it to upload") from error
    except (httpx.TransportError, OSError) as error:
        raise ReleaseError(
            f"{api.endpoint}: the hub cannot be reached: {_first_line(error)}; nothing was published, try again"
        ) from error
    except (ValueError, RuntimeError) as error:  # what the hub's storage answers is raised as these
        raise ReleaseError(f"{api.endpoint}: the upload of {repo_id} failed: {_first_line(error)}") from error
    return Upload(repo_id=repo_id, commit=commit.oid, url=f"{api.endpoint}/datasets/{repo_id}")


def _first_line(error: BaseException) -> str:
    text = str(error).strip()
    return text.splitlines()[0] if text else type(error).__name__
