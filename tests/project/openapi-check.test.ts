import { describe, expect, it } from "vitest";
import { findUndocumented, readDocumentedRoutes } from "../support/openapi-check.ts";

const routes = readDocumentedRoutes({
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
const file = (contentType: string) => ({
  status: 200,
  headers: new Headers({ "content-type": contentType }),
  text: "",
});

describe("findUndocumented", () => {
  it("finds an undocumented status, content type and problem code", () => {
    const request = { method: "GET", path: "/cosas/una?a=1" };
    expect(findUndocumented(routes, request, problem(400, "entrada_invalida"))).toBeUndefined();
    expect(findUndocumented(routes, request, problem(400, "otra_cosa"))).toBe("400 otra_cosa");
    expect(findUndocumented(routes, request, problem(503, "entrada_invalida"))).toBe("503");
    expect(
      findUndocumented(routes, request, { status: 204, headers: new Headers(), text: "" }),
    ).toBeUndefined();
    const otherRequest = { method: "GET", path: "/cosas/7" };
    expect(findUndocumented(routes, otherRequest, file("text/csv; charset=utf-8"))).toBeUndefined();
    expect(findUndocumented(routes, otherRequest, file("text/html"))).toBe("200 as text/html");
  });

  it("ignores the 404 and 405 responses of paths and methods that no route describes", () => {
    expect(
      findUndocumented(routes, { method: "PUT", path: "/cosas/7" }, problem(405, "x")),
    ).toBeUndefined();
  });
});
