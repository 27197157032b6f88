/**
 * Returns the network that refused keys are counted by: an IPv4 address itself, or the /64 prefix of an IPv6 address,
 * because one customer usually holds a whole /64.
 */
export function toClientNetwork(address: string): string {
  if (!address.includes(":")) return address;
  const [head = "", tail] = address.toLowerCase().split("::");
  const first = head === "" ? [] : head.split(":");
  const last = tail ? tail.split(":") : [];
  const missing = Math.max(0, 8 - first.length - last.length);
  const groups = [
    ...first,
    ...Array.from({ length: tail === undefined ? 0 : missing }, () => "0"),
    ...last,
  ];
  return groups
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ""))
    .join(":");
}
