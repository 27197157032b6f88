import { expect, it } from "vitest";
import { readDescribed, undescribed } from "../support/described.ts";

const routes = readDescribed({
  paths: {
    "/cosas/{id}": {
      get: { responses: { "200": { description: "", content: { "text/csv": {} } } } },
    },
    "/cosas/una": {
      get: {
        responses: {
          "204": { description: "Nada." },
          "400": {
            description: "`entrada_invalida`: no vale.",
            content: { "application/problem+json": {} },
          },
        },
      },
    },
  },
});
const problem = (status: number, codigo: string) => ({
  status,
  headers: new Headers({ "content-type": "application/problem+json; charset=utf-8" }),
  text: JSON.stringify({ codigo }),
});
const file = (kind: string) => ({
  status: 200,
  headers: new Headers({ "content-type": kind }),
  text: "",
});

it("finds an answer that the OpenAPI document does not tell of: its status, its kind, its problem", () => {
  const one = { method: "GET", path: "/cosas/una?a=1" };
  expect(undescribed(routes, one, problem(400, "entrada_invalida"))).toBeUndefined();
  expect(undescribed(routes, one, problem(400, "otra_cosa"))).toBe("400 otra_cosa");
  expect(undescribed(routes, one, problem(503, "entrada_invalida"))).toBe("503");
  expect(
    undescribed(routes, one, { status: 204, headers: new Headers(), text: "" }),
  ).toBeUndefined();
  const other = { method: "GET", path: "/cosas/7" };
  expect(undescribed(routes, other, file("text/csv; charset=utf-8"))).toBeUndefined();
  expect(undescribed(routes, other, file("text/html"))).toBe("200 as text/html");
  // What no route takes is told by 404 and 405, which no route describes.
  expect(
    undescribed(routes, { method: "PUT", path: "/cosas/7" }, problem(405, "x")),
  ).toBeUndefined();
});
