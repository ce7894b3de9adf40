"""The demo: the real daemon on four simulated lines, fed by real NOTIFYs through a real UDP socket.

The NOTIFYs were sent by Asterisk 22, Asterisk 16 and Kamailio, byte for byte but for the address in their
Via, which has to be the demo's own for the answers to come back.
"""
