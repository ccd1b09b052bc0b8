"""The patient's web chat: one web component and the demo clinic page.

The server sends `STATIC_DIR/index.html` at `/` and every other file under `/widget/`, all of it
under `CONTENT_SECURITY_POLICY`. Nothing is built or fetched from elsewhere: the files are served
as they stand.
"""

from pathlib import Path

STATIC_DIR = Path(__file__).parent / "static"

CONTENT_SECURITY_POLICY = (
    "default-src 'self'; base-uri 'none'; object-src 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)
"""No inline script or style, no other host: the demo page and the chat need neither."""
