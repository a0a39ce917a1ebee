"""Where the secret keys come from: the environment, or for development a file that is made once."""

import json
import secrets
from base64 import b64encode
from pathlib import Path

NAMES = ("secret_key", "personal_key", "seal_key")


def development_keys(path: Path) -> dict[str, str]:
    """Read the development keys, making the file on first use; never used when the environment gives the keys."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        keys = {name: b64encode(secrets.token_bytes(32)).decode() for name in NAMES}
        draft = path.with_suffix(f".{secrets.token_hex(4)}")
        draft.write_text(json.dumps(keys))
        draft.chmod(0o600)
        try:
            path.hardlink_to(draft)  # two processes that start at once end up with one file
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return json.loads(path.read_text())
