"""A small corpus, and the graph which a reader would draw of it, written by hand."""

from __future__ import annotations

CURIE = """# Marie Curie

Marie Curie was born in Warsaw on 7 November 1867. In Paris, Marie Curie married Pierre Curie.
Marie Curie discovered Polonium and Radium. Curie taught at the University of Paris.

| Year | Prize |
| --- | --- |
| 1903 | Nobel Prize in Physics |

Yeast makes the dough rise; salt slows it down. Bread needs time. I like bread.
"""
CURIE_NODES = {
    "Marie Curie": "person",
    "Warsaw": "geo",
    "1867-11-07": "date",
    "Paris": "geo",
    "Pierre Curie": "person",
    "Polonium": "concept",
    "Radium": "concept",
    "University of Paris": "organization",
}
CURIE_EDGES = {
    ("Marie Curie", "was born in", "Warsaw"),
    ("Marie Curie", "was born on", "1867-11-07"),
    ("Paris", "related_to", "Marie Curie"),
    ("Marie Curie", "married", "Pierre Curie"),
    ("Marie Curie", "discovered", "Polonium"),
    ("Marie Curie", "discovered", "Radium"),
    ("Curie", "taught at", "University of Paris"),
}

WHO = """The World Health Organization (WHO) is based in Geneva. WHO works with the European Commission.
Dr. Smith of Acme Inc. wrote to info@acme.example under Regulation (EU) 2016/679. ACME Incorporated answered Dr. Smith.
"""
WHO_NODES = {
    "World Health Organization": "organization",
    "Geneva": "geo",
    "European Commission": "organization",
    "Smith": "person",
    "info@acme.example": "contact",
    "Regulation (EU) 2016/679": "law",
}
WHO_EDGES = {
    ("World Health Organization", "is based in", "Geneva"),
    ("World Health Organization", "works with", "European Commission"),
}

GERMAN = """Die Deutsche Bank hat ihren Sitz in Frankfurt. Der Hund bellt und die Katze schläft auf dem Sofa.
Frau Merkel traf den Vorstand der Siemens AG. Nach § 14 BGB ist das Gesetz für den Verbraucher nicht die Regel.
"""
GERMAN_NODES = {"Deutsche Bank": "organization", "Merkel": "person", "Siemens AG": "organization", "§ 14 BGB": "law"}

CHINESE = "《红楼梦》是中国古典小说。他在2024年3月12日读了「三体」。这本书很好。"
CHINESE_NODES = {"红楼梦": "concept", "三体": "concept", "2024-03-12": "date"}

# Nothing in it is a name, whatever its capitals.
NOTHING = """# Getting Started With The New Product

BE CAREFUL WITH HOT WATER AND SHARP KNIVES

Open the box. Take the parts out. Read on before you begin. When all is ready, press the button.
1. First step
2. Second step

```python
from Somewhere import Something
```

Call `Some.Thing()` now. <b>Then</b> wait. monday is a day. Monday is a day.
"""
