# SPDX-License-Identifier: Apache-2.0
"""What a scenario says about its router, read without any of the project's code: MACs, addresses, routes, neighbours."""
import ipaddress
import os
import tomllib


class Port:
    def __init__(self, table):
        self.name = table["name"]
        self.mac = mac_bytes(table["mac"])
        self.mtu = table.get("mtu", 1500)
        self.rx = table.get("rx")
        self.tx = os.path.basename(table.get("tx", f"out/{self.name}.pcap"))


def mac_bytes(text):
    return bytes(int(part, 16) for part in text.split(":"))


def option(words, name):
    return words[words.index(name) + 1] if name in words else None


class Facts:
    """Ports, and of router.sh the command forms that the shipped scenarios use."""

    def __init__(self, directory):
        with open(os.path.join(directory, "scenario.toml"), "rb") as file:
            scenario = tomllib.load(file)
        self.ports = [Port(table) for table in scenario["port"]]
        self.local = set()  # addresses that are not forwarded: the router's own and its networks' broadcasts
        self.routes = []  # (network, gateway or None, device)
        self.neighbours = {}  # (device, address) -> MAC
        with open(os.path.join(directory, "router.sh"), encoding="utf-8") as file:
            for line in file:
                self.read_command(line.split("#")[0].split())
        for index, (network, gateway, device) in enumerate(self.routes):
            if device is None:
                self.routes[index] = (network, gateway, self.route(gateway)[1])

    def read_command(self, words):
        if words[:3] == ["ip", "addr", "add"]:
            interface = ipaddress.ip_interface(words[3])
            self.local |= {interface.ip, interface.network.broadcast_address, interface.network.network_address}
            self.routes.append((interface.network, None, option(words, "dev")))
        elif words[:2] == ["ip", "route"] and words[2] in ("add", "replace"):
            gateway = option(words, "via")
            network = "0.0.0.0/0" if words[3] == "default" else words[3]
            self.routes.append((ipaddress.ip_network(network), gateway and ipaddress.ip_address(gateway), option(words, "dev")))
        elif words[:2] == ["ip", "neigh"]:
            self.neighbours[option(words, "dev"), ipaddress.ip_address(words[3])] = mac_bytes(option(words, "lladdr"))
        elif words and words[:3] != ["ip", "link", "set"] and words[0] != "sysctl":
            raise ValueError(f"router.sh: this checker does not know {' '.join(words)}")

    def route(self, address):
        """(next hop, device) by longest prefix, or None."""
        fitting = [route for route in self.routes if address in route[0]]
        if not fitting:
            return None
        _, gateway, device = max(fitting, key=lambda route: route[0].prefixlen)
        return gateway or address, device
