"""An index in Milvus instead of a folder, behind the same ports (see docs/adr/0031).

Nothing outside of this package knows how it lies there; ``qa/store/moving.py`` moves it, whole. From the
bottom: ``connection`` speaks with the server, ``schema`` says which collections there are, ``rows`` and
``words`` what a row holds; ``catalogue`` reads rows and ``changes`` writes them; ``snapshot``,
``publications`` and ``writer`` are the ports.
"""
