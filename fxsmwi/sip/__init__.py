"""SIP message waiting: RFC 3261 messages and transactions, RFC 3842 summaries; sockets only in `transport`."""
