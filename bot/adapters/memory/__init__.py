"""The whole hall in one process without a server: for `hallbot chat`, `hallbot talk` and tables of conversations.

Same ports, same rules as the real adapters; nothing outlives the process.
"""
