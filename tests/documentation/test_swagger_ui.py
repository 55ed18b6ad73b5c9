"""The steps of the chatbot API's document, in a browser."""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Page, async_playwright, expect

from tests.serving import Server

SHOTS = Path(os.environ.get("TEST_ARTEFACTS", ""))
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


@pytest.fixture
async def page() -> AsyncIterator[Page]:
    """A page of a headless browser."""
    assert CHROMIUM is not None, "This test needs Chromium: apt-get install chromium"
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        try:
            yield await browser.new_page(viewport={"width": 1280, "height": 1400})
        finally:
            await browser.close()


@pytest.mark.parametrize("path", ["/docs", "/api"])
async def test_walk_of_the_document(server: Server, page: Page, path: str, tmp_path: Path) -> None:
    async with server.rest() as rest:
        # A workspace, a chatbot in it, and a key for that chatbot, as the document has them made.
        chatbot = (await rest.post("/flow/create", json={"name": f"walked through {path}"})).json()["data"]["flow_ns"]
        named = {"name": "walk", "flow_ns": chatbot, "permissions": ["manage_flow"]}
        key = (await rest.post("/admin/api-keys", json=named)).json()["data"]["token"]
        answer = await rest.post("/flow/create-tag", json={"name": f"seen in {path}", "flow_ns": chatbot})
        assert answer.status_code == 200, answer.text
    await page.goto(server.url + path)
    # Authorize with a key.
    await page.get_by_role("button", name="Authorize").first.click()
    await page.locator(".auth-container input").first.fill(key)
    await page.get_by_role("button", name="Apply credentials").click()
    await page.get_by_role("button", name="Close").first.click()
    # Step 1: expand the category, then the action.
    await page.locator("#operations-tag-Flow_Tag").click()
    action = page.locator(".opblock-get").filter(has=page.locator('[data-path="/flow/tags"]'))
    await action.locator(".opblock-summary").click()
    # Step 2: the padlock is closed.
    await expect(action.locator(".authorization__btn.locked, .authorization__btn svg.locked").first).to_be_visible()
    # Steps 3 and 4: try it out.
    await action.get_by_role("button", name="Try it out").click()
    await action.get_by_role("button", name="Execute").click()
    await expect(action.locator(".curl-command")).to_contain_text("/flow/tags")
    await expect(action.locator(".request-url")).to_contain_text(server.url)
    answer_row = action.locator(".live-responses-table .response")
    await expect(answer_row.locator(".response-col_status")).to_contain_text("200")
    await expect(answer_row).to_contain_text(f"seen in {path}")
    folder = SHOTS if SHOTS.name else tmp_path
    await page.screenshot(path=folder / f"swagger_ui_{path.strip('/')}.png", full_page=True)


async def test_schemas_mark_required_values(server: Server, page: Page) -> None:
    await page.goto(server.url + "/api")
    await page.locator("#operations-tag-Flow_Tag").click()
    action = page.locator(".opblock-post").filter(has=page.locator('[data-path="/flow/create-tag"]'))
    await action.locator(".opblock-summary").click()
    await action.get_by_role("tab", name="Schema").first.click()
    required = action.locator(".json-schema-2020-12-property--required").filter(has_text="name")
    await expect(required.first).to_be_visible()


async def test_link_to_a_surface_shows_it_alone(server: Server, page: Page) -> None:
    await page.goto(server.url + "/docs?urls.primaryName=knowledgebase")
    await expect(page.locator(".info .title")).to_contain_text("Knowledgebase API")
    await expect(page.locator("#operations-tag-Flow_Tag")).to_have_count(0)
