"""What an IP address is, however it is spelt: a server's, this machine's own, or no server's.

IPv6 carries IPv4 addresses in several ways; what counts is the one that is reached in the end.
"""

import ipaddress

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_METADATA = frozenset(
    ipaddress.ip_address(each)
    for each in ("169.254.169.254", "fd00:ec2::254", "100.100.100.200", "168.63.129.16")
)
"""Where the clouds hand out credentials; some of them are outside of the link-local networks."""
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


def read(text: str) -> Address:
    """Return the address that a text means; `ValueError` where it is none."""
    found = ipaddress.ip_address(text.partition("%")[0])
    if not isinstance(found, ipaddress.IPv6Address):
        return found
    if found in _NAT64:
        return ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
    teredo = found.teredo[1] if found.teredo else None
    return found.ipv4_mapped or found.sixtofour or teredo or found


def is_no_server(address: Address) -> bool:
    """Tell whether an address hands out credentials or means "somewhere on this link"."""
    return (
        address.is_link_local
        or address.is_multicast
        or address.is_unspecified
        or address in _METADATA
    )
