"""Addresses of computers, cut down to what a security record needs."""

import ipaddress

_KEPT_BITS = {4: 24, 6: 48}


def truncated(address: str) -> str:
    """The network an address belongs to ("203.0.113.0/24", "2001:db8::/48"); "" for something else."""
    try:
        version = ipaddress.ip_address(address).version
    except ValueError:
        return ""
    return str(ipaddress.ip_network(f"{address}/{_KEPT_BITS[version]}", strict=False))
