"""The operator's tables. Money is integer 分; times are ISO text in Asia/Shanghai (times.py)."""

from __future__ import annotations

SCHEMA = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE account (
  id TEXT PRIMARY KEY, name TEXT NOT NULL, kind TEXT NOT NULL CHECK (kind IN ('prepaid', 'postpaid', 'corporate')),
  balance INTEGER NOT NULL, until TEXT NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE subscriber (
  number TEXT PRIMARY KEY, brand TEXT NOT NULL, name TEXT NOT NULL, account TEXT NOT NULL REFERENCES account,
  own_account TEXT NOT NULL REFERENCES account, admin INTEGER NOT NULL, company TEXT NOT NULL, vip TEXT NOT NULL,
  since TEXT NOT NULL, salt BLOB NOT NULL, hash BLOB NOT NULL) STRICT, WITHOUT ROWID;
CREATE INDEX subscriber_account ON subscriber (account);
CREATE INDEX subscriber_own_account ON subscriber (own_account);

CREATE TABLE product (
  id TEXT PRIMARY KEY, number TEXT NOT NULL REFERENCES subscriber, kind TEXT NOT NULL, offering TEXT NOT NULL,
  tag TEXT NOT NULL DEFAULT '', status TEXT NOT NULL, start TEXT NOT NULL, stop TEXT NOT NULL DEFAULT '',
  next TEXT NOT NULL DEFAULT '') STRICT, WITHOUT ROWID;
CREATE INDEX product_number ON product (number, status);
CREATE UNIQUE INDEX product_once ON product (number, offering, tag) WHERE stop = '';

CREATE TABLE bill (
  id TEXT PRIMARY KEY, account TEXT NOT NULL REFERENCES account, month TEXT NOT NULL, date TEXT NOT NULL,
  due TEXT NOT NULL, amount INTEGER NOT NULL, remaining INTEGER NOT NULL, UNIQUE (account, month)
) STRICT, WITHOUT ROWID;

CREATE TABLE rate (
  id TEXT PRIMARY KEY, account TEXT NOT NULL REFERENCES account, month TEXT NOT NULL, bill TEXT NOT NULL DEFAULT '',
  date TEXT NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL, amount INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE INDEX rate_account ON rate (account, bill, month);
CREATE INDEX rate_bill ON rate (bill);

CREATE TABLE payment (
  id TEXT PRIMARY KEY, account TEXT NOT NULL REFERENCES account, date TEXT NOT NULL, amount INTEGER NOT NULL,
  method TEXT NOT NULL, channel TEXT NOT NULL, correlator TEXT NOT NULL DEFAULT '') STRICT, WITHOUT ROWID;
CREATE INDEX payment_account ON payment (account, date);

CREATE TABLE topup (
  id TEXT PRIMARY KEY, account TEXT NOT NULL REFERENCES account, number TEXT NOT NULL, date TEXT NOT NULL,
  amount INTEGER NOT NULL, voucher TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE INDEX topup_account ON topup (account, date);

CREATE TABLE bucket (
  id TEXT PRIMARY KEY, number TEXT NOT NULL REFERENCES subscriber, usage TEXT NOT NULL, name TEXT NOT NULL,
  total INTEGER NOT NULL, remaining INTEGER NOT NULL, start TEXT NOT NULL, stop TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE INDEX bucket_number ON bucket (number);

CREATE TABLE points (
  account TEXT PRIMARY KEY, number TEXT NOT NULL REFERENCES subscriber, balance INTEGER NOT NULL CHECK (balance >= 0)
) STRICT, WITHOUT ROWID;

CREATE TABLE points_move (
  seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, account TEXT NOT NULL REFERENCES points, kind TEXT NOT NULL,
  external TEXT UNIQUE, digest TEXT NOT NULL DEFAULT '', quantity INTEGER NOT NULL, opening INTEGER NOT NULL,
  closing INTEGER NOT NULL, at TEXT NOT NULL, description TEXT NOT NULL) STRICT;
CREATE INDEX points_move_account ON points_move (account, kind, at);

CREATE TABLE product_order (
  id TEXT PRIMARY KEY, external TEXT UNIQUE, digest TEXT NOT NULL, number TEXT NOT NULL, items TEXT NOT NULL,
  state TEXT NOT NULL, reason TEXT NOT NULL DEFAULT '', ordered TEXT NOT NULL, completed TEXT NOT NULL DEFAULT '',
  posts INTEGER NOT NULL DEFAULT 1) STRICT, WITHOUT ROWID;
CREATE INDEX product_order_state ON product_order (state) WHERE state = 'acknowledged';

CREATE TABLE ticket (
  id TEXT PRIMARY KEY, external TEXT UNIQUE, number TEXT NOT NULL, type TEXT NOT NULL,
  severity TEXT NOT NULL, name TEXT NOT NULL, description TEXT NOT NULL, status TEXT NOT NULL, at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX ticket_number ON ticket (number);

CREATE TABLE directory (jid TEXT PRIMARY KEY, number TEXT NOT NULL REFERENCES subscriber) STRICT, WITHOUT ROWID;

CREATE TABLE password_change (
  external TEXT PRIMARY KEY, number TEXT NOT NULL REFERENCES subscriber, at TEXT NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE interaction (id TEXT PRIMARY KEY, number TEXT NOT NULL, body TEXT NOT NULL, at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX interaction_number ON interaction (number);

CREATE TABLE effect (
  seq INTEGER PRIMARY KEY, kind TEXT NOT NULL, external TEXT NOT NULL, number TEXT NOT NULL, what TEXT NOT NULL,
  at TEXT NOT NULL, UNIQUE (kind, external)) STRICT;

CREATE TABLE tally (name TEXT PRIMARY KEY, n INTEGER NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE sms (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, number TEXT NOT NULL, text TEXT NOT NULL,
  at TEXT NOT NULL) STRICT;
CREATE INDEX sms_number ON sms (number, seq);
"""
