"""Where each TM Forum API is mounted: v4 base paths as in their definitions, and the names that are also in use."""

from __future__ import annotations

CATALOGUE = "/tmf-api/productCatalogManagement/v4"
TICKET = "/tmf-api/troubleTicket/v4"
ORDERING = "/tmf-api/productOrderingManagement/v4"
CUSTOMER = "/tmf-api/customerManagement/v4"
USAGE = "/tmf-api/usageManagement/v4"
INVENTORY = "/tmf-api/productInventory/v4"
PREPAY = "/tmf-api/prepayBalanceManagement/v4"
LOYALTY = "/tmf-api/loyaltyManagement/v1"
ACCOUNT = "/tmf-api/accountManagement/v4"
PAYMENT = "/tmf-api/paymentManagement/v4"
CONSUMPTION = "/tmf-api/usageConsumption/v4"
BILL = "/tmf-api/customerBillManagement/v4"
COMMUNICATION = "/tmf-api/communicationManagement/v4"
INTERACTION = "/tmf-api/partyInteraction/v4"
PARTY = "/tmf-api/party/v4"
HALL = "/hall/v1"
SMS = "/sms/v1"
OTP = "/one-time-password-sms/v1"

# The definitions of 676, 677 and 683 name other bases than the catalogue of APIs does: both are served.
ALSO = {
    PAYMENT: "/payment/v4",
    CONSUMPTION: "/tmf-api/usageConsumptionManagement/v4",
    INTERACTION: "/tmf-api/partyInteractionManagement/v4",
}
BUSINESS = (
    "/tmf-api/",
    "/payment/",
    "/hall/",
    "/sms/",
    "/one-time-password-sms/",
)  # what needs the token, and where faults strike
