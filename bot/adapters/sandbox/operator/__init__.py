"""The sandbox operator: TM Forum v4 (658: v1) over HTTP from SQLite, with a believable world made from a seed.

    operator = Operator(folder, token="…")      # makes the world at first open
    runner = web.AppRunner(operator.app(), access_log=None)

Times are Asia/Shanghai (`2026-10-01T00:00:00+08:00`). Money is `{"unit": "CNY", "value": 12.3}`, exact to the fen.
Lists: `offset`, `limit` (100, at most 1000), `fields`; `X-Total-Count`; 206 when there is more. A filter that is not
known, or none that names a customer, is refused with 400. Ids: number N → customer `CN`, own account `AN`, loyalty
account `LN` (its balance `LN-1`), products `PN-1` (the line), `PN-2` (the plan), `PN-3`…

637 productInventory/v4 `GET /product?productSerialNumber=&status=active` (also `billingAccount.id`,
    `relatedParty.id`,
    `productSpecification.id`, `productOffering.id`). `productSpecification.id` says what it is: `line`, `plan`,
    `service`. The line carries in `productCharacteristic`: `msisdn`, `brand` (gotone, mzone, easyown, group),
    `paymentType` (prepaid, postpaid), `loyaltyAccount` (not for group), `vipLevel`, `groupName`, `groupRole`
    (administrator, member), `groupId`, and of a suspended line `suspensionReason` (debt, lost, voluntary) and
    `suspensionDate`; `billingAccount.id` is the account whose bills the hall shows (an administrator's is the
    company's); `relatedParty` has the customer and the role `loyaltyAccount`. Plans and services carry
    `productOffering`, `productPrice`, `startDate` and the characteristics `shortName`, `number` (of a
    family number, of call forwarding),
    `shortNumber`, `nextProductOffering` (a plan that changes next month).
678 customerBillManagement/v4 `/customerBill?billingAccount.id=&billDate.gte=&billDate.lt=`: the bill of October has
    `billDate` November 1st and `billingPeriod` October. `/appliedCustomerBillingRate?bill.id=` or
    `?billingAccount.id=&isBilled=false` (the running month). Discounts are negative, `appliedBillingCredit`.
654 prepayBalanceManagement/v4 `/bucket?logicalResource.id=N` or `partyAccount.id=`,
    `usageType=monetary|voice|data|sms`
    (monetary only for prepaid lines); `/balanceActionHistory` (the same filters, `confirmationDate.gte/.lt`): top-ups
    by recharge card; `POST /hub` `{"callback"}` (loopback only):
    an AdjustBalanceCreateEvent when a message was charged. A top-up is either there or among the payments of 676.
666 accountManagement/v4 `/billingAccount/{id}`: `accountBalance` of type `deposit` (paid ahead) and `due` (owed).
676 paymentManagement/v4 (also /payment/v4) `/payment?account.id=&paymentDate.gte=&paymentDate.lt=`, newest first.
    `POST /payment` `{"correlatorId", "account": {"id"}, "totalAmount"}` → 201 `created`, its page in
    `paymentMethod.href` (`/cashier/<token>`, no token of ours needed); paid there it is `done` and credited, once;
    after 15 minutes `cancelled`. The same correlatorId again: 200, the same payment. `GET /payment?correlatorId=`.
    `POST /hub` `{"callback"}` (loopback only): a PaymentStateChangeEvent when one is paid or given up.
620 productCatalogManagement/v4 `/productOffering?category.id=plan|service|reward&marketSegment.id=<brand>`; price in
    `productOfferingPrice[0].price.taxIncludedAmount` (unit CNY, for rewards POINTS), `priceType`
    recurring or oneTime;
    `prodSpecCharValueUse`: `shortName`, `starts` (immediate, nextMonth), `alias`, `included.<usage>`; `number` with
    its cardinality where a product is for another number.
622 productOrderingManagement/v4 `POST /productOrder` with `externalId` (or the header Idempotency-Key). An item names
    its line by `product.productSerialNumber`, or by `product.id`; add: `productOffering.id`; delete: `product.id` or
    `productOffering.id`; modify: a plan with `productOffering.id` (from next month), or the line with
    `product.status`
    and `suspensionReason`, or a service that is for another number with the characteristic `number`. With the
    characteristic `member` an administrator orders or ends S-VNET of a member.
    201 new, 200 the same order again, 409 `externalIdInUse` the same key for another one. `GET
    ?externalId=`, `/{id}`:
    acknowledged → inProgress → completed | failed (`note[0].id` the code, `.text` the words). Refused at once: 403
    `notInBrand`, `notAdministrator`; 400 `unknownOffering`, `unknownSubscriber`, `severalSubscribers`,
    `numberRequired`, `unknownMember`, `invalidShortNumber`; 409 `alreadyActive`, `notActive`, `notAddable`,
    `notRemovable`, `notModifiable`, `lineSuspended`, `alreadyInStatus`, `notResumable`, `changePending`,
    `limitReached`, `ownNumber`, `otherGroup`, `notMember`, `administrator`, `shortNumberTaken`.
632 party/v4 `/individual?relatedParty.id=G…`: the members of a company, `shortNumber` among their characteristics.
658 loyaltyManagement/v1 `/loyaltyAccount/LN/loyaltyBalance`, `…/LN-1/loyaltyEarn` and `/loyaltyBurn`
    (`dateTime.gte/.lt`, `externalId`). `POST …/loyaltyBurn` `{"externalId", "quantity": points in all,
    "productOffering": {"id"}, "count"}`: 409 `insufficientPoints`, `priceChanged`, `externalIdInUse`;
    403 `notInBrand`.
    Errors have 658's own shape: `code` is the status, `description` the word.
621 troubleTicket/v4 `POST /troubleTicket` `{"externalId", "description", "severity", "ticketType", "name",
    "relatedParty": [{"id": "CN"}]}`, `GET ?externalId=`, `/{id}`: one ticket per externalId.
683 partyInteraction/v4 (also partyInteractionManagement) `/partyInteraction`. 677 usageConsumption/v4
    `POST /queryUsageConsumption`. 635 usageManagement/v4 `/usage?productSerialNumber=&usageDate.gte=&usageDate.lt=
    &usageType=voice|sms|data|roaming`. 681 communicationManagement/v4 `POST /communicationMessage` (its id is the
    header Idempotency-Key; charged to `sender.phoneNumber` once), `GET /communicationMessage/{id}`. 629
    customerManagement/v4 `/customer?contactMedium.characteristic.phoneNumber=`.
Own: `/hall/v1/promotions?brand=&number=`, `/promotions/{id}/draw` (draw.py says how it is checked), `POST /hall/v1/
    participations` `{"externalId", "promotion": {"id"}, "number"}` (201 new, 200 again with the same result; 409
    `alreadyJoined`, `promotionOver`; 403 `notInBrand`), `GET …?externalId=`. `/hall/v1/channels?brand=`,
    `/news?channel=`, `/areas`, `/branches?city=&district=`, `/shops?city=`, `/boards`, `/club?level=`.
    `POST /hall/v1/password/verify` `{"number", "password"}` → `{"result": "ok" | "wrong"}`;
    `POST /hall/v1/password/change` `{"externalId", "number", "password"}`, `GET ?externalId=`;
    `GET /hall/v1/directory?jid=` → `[{"jid", "number"}]`; `POST /hall/v1/puk`
    `{"number"}` → `{"puk"}`; `POST /sms/v1/messages`
    `{"id", "to", "text"}` → 202, once per id (409 `idInUse` when it means another message).
Errors: `{"code": short word, "reason": words for people, "message", "status"}`.

For tests and the demo, loopback only and without token: `/handset/N.json`, `/handset/N/events` (server-sent events,
`Last-Event-ID` or `?after=`); `/effects` (`externalId`, `number`, `kind`), `/effects/counts`;
    `PUT /directory/JID` `{"number"}`; `PUT /lines/N` `{"status", "reason"}`; `PUT /lines/N/services`
    `{"services": [names]}`: it has these and no others, the newest first; `/faults`: GET, PUT
(instead of what is on), POST (besides it), DELETE, `{"reset_after": {"path": "/tmf-api/productOrdering", "method":
"POST", "count": 3}}` with `late` (`seconds`), `reset_after`, `error500`, `half_json`, `big`, `redirect`, `down`,
`order_fails`, `order_late` (`seconds`).
"""

from __future__ import annotations

from bot.adapters.sandbox.operator.people import Subscriber
from bot.adapters.sandbox.operator.server import Operator

__all__ = ["Operator", "Subscriber"]
