"""Every table, so that one import knows the whole schema."""

from models.board import Board
from models.business import Business, Membership
from models.call import Call, CallKey, CallNotice
from models.campaign import Campaign
from models.contact import Address, Consent, Invitation, Officer, Person
from models.conversation import Conversation
from models.feed import Columns, Feed, SetAside
from models.inbox import DeadLetter, Received
from models.lease import Lease
from models.line import Line
from models.link import LinkCode, LinkGuess
from models.outbox import Outgoing
from models.product import Decision, Product
from models.question import Question
from models.report import Report
from models.review import Look, Shortlist
from models.sheet import Sheet
from models.stamp import Stamp
from models.taste import Lesson, Taste
from models.template import Template
from models.tick import Tick
from models.upload import Upload

__all__ = [
    "Address",
    "Board",
    "Business",
    "Call",
    "CallKey",
    "CallNotice",
    "Campaign",
    "Columns",
    "Consent",
    "Conversation",
    "DeadLetter",
    "Decision",
    "Feed",
    "Invitation",
    "Lease",
    "Lesson",
    "Line",
    "LinkCode",
    "LinkGuess",
    "Look",
    "Membership",
    "Officer",
    "Outgoing",
    "Person",
    "Product",
    "Question",
    "Received",
    "Report",
    "SetAside",
    "Sheet",
    "Shortlist",
    "Stamp",
    "Taste",
    "Template",
    "Tick",
    "Upload",
]
