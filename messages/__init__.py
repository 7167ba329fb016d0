"""What is said: a `Message` is what to say before words, `render` puts it into words for one listener."""

from messages.catalogue import has, locales, template, words
from messages.message import EMPTY, Category, Message, Option, Params, Request, Value
from messages.rendering import Button, Rendered, Span, Voice, fit, render, worded
from messages.values import clock, day, decimal, joined, left, lines, moment, month, rupiah, say

__all__ = [
    "EMPTY",
    "Button",
    "Category",
    "Message",
    "Option",
    "Params",
    "Rendered",
    "Request",
    "Span",
    "Value",
    "Voice",
    "clock",
    "day",
    "decimal",
    "fit",
    "has",
    "joined",
    "left",
    "lines",
    "locales",
    "moment",
    "month",
    "render",
    "rupiah",
    "say",
    "template",
    "worded",
    "words",
]
