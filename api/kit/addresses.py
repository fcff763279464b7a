"""Addresses of the Internet, as those who count by them see them."""

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

Address = IPv4Address | IPv6Address

_ONE_LINE_BITS = 64


def address_of(text: str) -> Address | None:
    """Return the address that `text` is, None when it is none; IPv4 within IPv6 is IPv4."""
    try:
        address = ip_address(text)
    except ValueError:
        return None
    if isinstance(address, IPv6Address):
        return address.ipv4_mapped or IPv6Address(int(address))  # without its zone
    return address


def line_of(text: str) -> str:
    """Return what stands for one subscriber: an IPv4 address, of an IPv6 address its /64.

    A subscriber is given a whole /64 at least (RFC 6177), and may take another address every second.
    """
    address = address_of(text)
    if isinstance(address, IPv6Address):
        return str(IPv6Network((int(address), _ONE_LINE_BITS), strict=False))
    return text if address is None else str(address)
