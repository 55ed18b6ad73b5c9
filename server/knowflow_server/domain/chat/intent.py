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
