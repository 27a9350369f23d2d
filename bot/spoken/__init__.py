"""Figures as people say them: numbers to call, sums of money, counts. Pure; one subject a module."""

from bot.spoken.amounts import amount as amount
from bot.spoken.amounts import whole_amount as whole_amount
from bot.spoken.counts import ALL as ALL
from bot.spoken.counts import count as count
from bot.spoken.counts import quantity as quantity
from bot.spoken.counts import without_quantity as without_quantity
from bot.spoken.phones import phone as phone
from bot.spoken.phones import phones as phones
from bot.spoken.phones import short_number as short_number
