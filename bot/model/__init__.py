"""The nouns of the hall: plain frozen data. No I/O.

Money is `Decimal` in yuan, exact to the fen. Times are epoch milliseconds of the Redis clock (`Ms`) unless a
field says otherwise; months are "2026-10". Whatever a customer typed or is told stays out of every repr.
"""

from __future__ import annotations

from bot.model.account import ALL_BRANDS, Account, Brand, Proof
from bot.model.answer import Answer, Draft, Need, Reply
from bot.model.file import Export, File, Grant, Picture
from bot.model.message import Field, Form, FormAnswer, Kind, Message, Outgoing
from bot.model.operation import VOUCHER, Entry, Operation, OperationState, Order, OrderItem, OrderKind, Outcome
from bot.model.session import SCHEMA, Session
from bot.model.state import (
    AskedCode,
    AskedPassword,
    AskedSlot,
    Choice,
    Choosing,
    Confirming,
    Idle,
    Listed,
    Playing,
    Score,
    Slots,
    State,
    Todo,
    Topic,
)
from bot.model.time import SHANGHAI, Ms, local, month_of
from bot.model.told import (
    Allowance,
    Balance,
    Bill,
    Detail,
    Details,
    Family,
    Group,
    Item,
    LineStatus,
    Member,
    Payment,
    Plan,
    Points,
    PointsEntry,
    Product,
    Service,
)

__all__ = [
    "ALL_BRANDS",
    "SCHEMA",
    "SHANGHAI",
    "VOUCHER",
    "Account",
    "Allowance",
    "Answer",
    "AskedCode",
    "AskedPassword",
    "AskedSlot",
    "Balance",
    "Bill",
    "Brand",
    "Choice",
    "Choosing",
    "Confirming",
    "Detail",
    "Details",
    "Draft",
    "Entry",
    "Export",
    "Family",
    "Field",
    "File",
    "Form",
    "FormAnswer",
    "Grant",
    "Group",
    "Idle",
    "Item",
    "Kind",
    "LineStatus",
    "Listed",
    "Member",
    "Message",
    "Ms",
    "Need",
    "Operation",
    "OperationState",
    "Order",
    "OrderItem",
    "OrderKind",
    "Outcome",
    "Outgoing",
    "Payment",
    "Picture",
    "Plan",
    "Playing",
    "Points",
    "PointsEntry",
    "Product",
    "Proof",
    "Reply",
    "Score",
    "Service",
    "Session",
    "Slots",
    "State",
    "Todo",
    "Topic",
    "local",
    "month_of",
]
