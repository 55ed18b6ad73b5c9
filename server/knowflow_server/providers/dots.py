"""dots.ocr as a layout service: the model behind vLLM's OpenAI-compatible server.

Followed: the client of rednote-hilab/dots.ocr 1.0 to 1.5 (`dots_ocr/model/inference.py`, `dots_ocr/utils/prompts.py`):
one chat completion for each page, with a picture of the page and the prompt `prompt_layout_all_en`; the answer is a
JSON list of `{bbox, category, text}` in pixels of the picture.
"""

import asyncio
import base64
from pathlib import Path

from knowflow_server.domain.ports import ProviderError
from knowflow_server.providers.layout_http import LayoutEndpoint

MAX_ANSWER_BYTES = 16 * 2**20

# What vLLM's template for images would insert, but for a line feed that the model was not trained with.
_IMAGE_MARK = "<|img|><|imgpad|><|endofimg|>"
# The words which the model was trained on; any others give worse answers.
PROMPT = """Please output the layout information from the PDF image, including each layout element's bbox, its \
category, and the corresponding text content within the bbox.

1. Bbox format: [x1, y1, x2, y2]

2. Layout Categories: The possible categories are ['Caption', 'Footnote', 'Formula', 'List-item', 'Page-footer', \
'Page-header', 'Picture', 'Section-header', 'Table', 'Text', 'Title'].

3. Text Extraction & Formatting Rules:
    - Picture: For the 'Picture' category, the text field should be omitted.
    - Formula: Format its text as LaTeX.
    - Table: Format its text as HTML.
    - All Others (Text, Title, etc.): Format their text as Markdown.

4. Constraints:
    - The output text must be the original text from the image, with no translation.
    - All layout elements must be sorted according to human reading order.

5. Final Output: The entire output must be a single JSON object.
"""
_MAX_TOKENS = 16_384
_TEMPERATURE = 0.1
_TOP_P = 0.9


class DotsLayout:
    """Implements `ports.PageLayout`.

    Args:
        url: Where vLLM listens, with or without "/v1".
        timeout_s: Longest time in seconds for one page.
        max_concurrency: Pages under way at a time.
    """

    def __init__(self, url: str, *, timeout_s: float, max_concurrency: int) -> None:
        self._endpoint = LayoutEndpoint(
            "dots",
            url.rstrip("/").removesuffix("/v1"),
            timeout_s=timeout_s,
            max_concurrency=max_concurrency,
            max_bytes=MAX_ANSWER_BYTES,
        )
        self._model = ""

    async def recognize(self, image: Path) -> str:
        """Return what the model writes about a picture of a page, PNG; see `ports.PageLayout`.

        Raises:
            ProviderError: The service failed.
        """
        encoded = base64.b64encode(await asyncio.to_thread(image.read_bytes)).decode("ascii")
        content = [
            {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{encoded}"}},
            {"type": "text", "text": _IMAGE_MARK + PROMPT},
        ]
        body = {
            "model": await self._served_model(),
            "messages": [{"role": "user", "content": content}],
            "max_completion_tokens": _MAX_TOKENS,
            "temperature": _TEMPERATURE,
            "top_p": _TOP_P,
        }
        answer = await self._endpoint.json("POST", "v1/chat/completions", body)
        try:
            text = answer["choices"][0]["message"]["content"]
        except (KeyError, IndexError, TypeError) as error:
            raise self._odd() from error
        if not isinstance(text, str):
            raise self._odd()
        return text

    async def close(self) -> None:
        """Close the connections."""
        await self._endpoint.close()

    async def _served_model(self) -> str:
        """Return the name under which the server has the model; it is asked once."""
        if not self._model:
            answer = await self._endpoint.json("GET", "v1/models")
            try:
                self._model = str(answer["data"][0]["id"])
            except (KeyError, IndexError, TypeError) as error:
                raise self._odd() from error
        return self._model

    def _odd(self) -> ProviderError:
        return self._endpoint.error("answered with something that is not of OpenAI's format")
