"""What a question is after, as far as its words tell."""

import re

ASKS_OVERVIEW = re.compile(
    r"\b(?:summar\w+|overview|tl;?dr|key (?:points?|takeaways?)|main (?:points?|ideas?|topics?)|gist)\b"
    r"|\bwhat (?:is|are|does) (?:th(?:is|e|ese)|my|our) (?:documents?|files?|texts?|papers?|pdfs?|datasets?)\b.*"
    r"\b(?:about|say|contain|cover)\b"
    r"|总结|概括|概述|摘要|主要内容|要約|概要|まとめ",
    re.IGNORECASE,
)
"""What asks for an overview, in English, Chinese and Japanese."""

_OF_THE_WHOLE = re.compile(
    r"\b(?:a|all|an|and|are|about|can|could|do|does|for|give|i|in|is|it|its|list|me|my|of|one|our|please|provide|say|"
    r"show|tell|that|the|these|this|to|us|want|what|with|would|write|you|your|brief|contain|cover|few|entire|short|quick|"
    r"whole|articles?|books?|contents?|data|datasets?|documents?|files?|knowledge base|pages?|papers?|pdfs?|"
    r"paragraphs?|reports?|sentences?|texts?|words?|\d+)\b"
    r"|请|帮|我|给|出|这|那|个|份|篇|本|一下|的|是|什么|全部|所有|文档|文件|文章|内容|论文|资料|书"
    r"|この|その|全体|文書|資料|書類|ファイル|論文|内容|の|を|に|は|が|で|して|ください|下さい|何|です|か",
    re.IGNORECASE,
)
"""What a request for an overview says beside asking for one, when it names nothing in particular."""


def is_about_the_whole(question: str) -> bool:
    """Return whether a question asks for an overview of everything, and not of something in particular.

    "Summarize the document for me" does; "Summarize what it says about tides" does not.
    """
    rest, found = ASKS_OVERVIEW.subn(" ", question)
    return bool(found) and not re.search(r"\w", _OF_THE_WHOLE.sub(" ", rest))
