"""Lending rules as sentences: “thiếu nhi mượn tối đa 3 cuốn trong 14 ngày”.

`vocabulary` holds the words that a library has for its readers and copies, `phrases` what a
sentence may say of them, `understanding` reads a sentence, and `speaking` writes one. What is
written is understood as what it was written from; a word that is not understood is named, never
passed over.
"""

from tangthu.circulation.policy.sentences.speaking import say
from tangthu.circulation.policy.sentences.understanding import (
    Fault,
    Misunderstood,
    Statement,
    understand,
)
from tangthu.circulation.policy.sentences.vocabulary import Vocabulary

__all__ = ["Fault", "Misunderstood", "Statement", "Vocabulary", "say", "understand"]
