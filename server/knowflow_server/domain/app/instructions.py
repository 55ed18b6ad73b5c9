"""Instructions: what the maker of an app tells its assistant, and the prompt that is made of it."""

from __future__ import annotations

from knowflow.store.v1.chat_pb2 import Assistant, Variable
from knowflow_server.domain.chat.prompt import DEFAULT_PROMPT, KNOWLEDGE, placeholder

# What follows instructions that leave no place for the knowledge.
PLACE = f"\n\nThe knowledge base:\n{placeholder(KNOWLEDGE)}\n\nEnd of the knowledge base."


def compose(assistant: Assistant, instructions: str) -> None:
    """Write instructions into the prompt of an assistant; empty ones are the default prompt.

    Args:
        assistant: Its datasets are known already: without any, the prompt needs no place for the knowledge.
        instructions: What it is told.
    """
    prompt = assistant.prompt
    text = instructions if instructions.strip() else DEFAULT_PROMPT
    if placeholder(KNOWLEDGE) not in text and assistant.dataset_ids:
        text += PLACE
    others = [variable for variable in prompt.variables if variable.key != KNOWLEDGE]
    kept = [Variable(key=variable.key, optional=variable.optional) for variable in others]
    if placeholder(KNOWLEDGE) in text:
        kept.insert(0, Variable(key=KNOWLEDGE, optional=False))
    del prompt.variables[:]
    prompt.variables.extend(kept)
    prompt.prompt = text


def instructions_of(assistant: Assistant) -> str:
    """Return what an assistant is told, as its maker wrote it; empty for the default prompt."""
    text = assistant.prompt.prompt
    return "" if text == DEFAULT_PROMPT else text.removesuffix(PLACE)
