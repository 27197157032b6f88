/**
 * Parses JSON that this service wrote itself to the disk of one of its Durable Objects, where nothing else writes.
 * Not for data that crosses a trust boundary: the shape is asserted, not checked.
 * @throws {SyntaxError} when the text is not JSON
 */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- the caller names the shape that it wrote
export function parseOwnJson<T>(json: string): T {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- only this service writes there
  return JSON.parse(json) as T;
}
