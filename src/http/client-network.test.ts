import { expect, it } from "vitest";
import { toClientNetwork } from "./client-network.ts";

it.for([
  ["203.0.113.7", "203.0.113.7"],
  ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2"],
  ["2001:DB8:1:2:ffff::1", "2001:db8:1:2"],
  ["2001:0db8:0001:0002::", "2001:db8:1:2"],
  ["2001:db8::1", "2001:db8:0:0"],
  ["::1", "0:0:0:0"],
])("counts the address %s as the network %s", ([address, network]) => {
  expect(toClientNetwork(address ?? "")).toBe(network);
});
