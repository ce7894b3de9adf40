"""SIP message waiting: RFC 3261 messages, RFC 3842 summaries; sockets only in `transport`."""
