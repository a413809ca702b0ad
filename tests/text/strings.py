"""Strings for the laws: any text, and text thick with the marks of our scripts."""

from __future__ import annotations

from hypothesis import strategies as st

VOWELS = "aăâeêioôơuưy"
LETTERS = "aăâbcdđeêghiklmnoôơpqrstuưvxyAĂÂBCDĐEÊGHIKLMNOÔƠPQRSTUƯVXY"
HIGHLAND = "ƀɃčČñÑĕĭŏŭĔĬŎŬ"
MARKS = "\u031b\u0302\u0306\u0300\u0309\u0303\u0301\u0323"
SIGNS = "'’ʼ‘´`-–.,;:()[]\"“”? \u00a0\u200b\u00ad0123456789"

vietnamese_like = st.text(alphabet=LETTERS + HIGHLAND + MARKS + SIGNS + "ðÐƉéèçæøßþ", max_size=40)
any_text = st.text(max_size=40) | vietnamese_like
