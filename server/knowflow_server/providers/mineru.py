"""MinerU as a layout service: its own HTTP server, `mineru-api`.

Followed: `POST /file_parse` of MinerU 2.5 to 3.x (`mineru/cli/fast_api.py`, `api_request.py`), whose answer holds
`results.<name>.content_list`, a JSON text with boxes in thousandths of the page.
"""

from pathlib import Path

from knowflow_server.providers.layout_http import LayoutEndpoint

MAX_ANSWER_BYTES = 256 * 2**20


class MineruLayout:
    """Implements `ports.DocumentLayout`.

    Args:
        url: Where `mineru-api` listens.
        timeout_s: Longest time in seconds for one document.
        max_concurrency: Documents under way at a time.
    """

    def __init__(self, url: str, *, timeout_s: float, max_concurrency: int) -> None:
        self._endpoint = LayoutEndpoint(
            "mineru", url, timeout_s=timeout_s, max_concurrency=max_concurrency, max_bytes=MAX_ANSWER_BYTES
        )

    async def recognize(self, path: Path, answer: Path, *, extension: str, last_page: int) -> None:
        """Write the service's answer for a file to `answer`; see `ports.DocumentLayout`.

        Raises:
            ProviderError: The service failed.
        """
        fields = {
            "return_md": "false",
            "return_content_list": "true",
            "return_middle_json": "false",
            "return_model_output": "false",
            "return_images": "false",
            "response_format_zip": "false",
            # `start_page_id` is left at 0: the numbers in the answer then need no guess at what they count from.
            "end_page_id": str(last_page - 1),
        }
        # The name is no business of the service's.
        await self._endpoint.post_file("file_parse", path, name=f"document{extension}", fields=fields, answer=answer)

    async def close(self) -> None:
        """Close the connections."""
        await self._endpoint.close()
