import { describe, expect, it } from "vitest";
import type { Flow, Node } from "./flow.ts";
import { renderFlowPage } from "./flow-page.ts";

const node = (fields: Partial<Node> & Pick<Node, "name" | "type">): Node => ({
  id: crypto.randomUUID(),
  typeVersion: 1,
  position: [0, 0],
  parameters: {},
  ...fields,
});

const NOTE = node({
  name: "Nota",
  type: "n8n-nodes-base.stickyNote",
  position: [100, 0],
  parameters: { content: '## Lo "caro"\nSe paga.', width: 200, height: 100 },
});

const FLOW: Flow = {
  id: "prueba",
  name: "Prueba",
  settings: { executionOrder: "v1" },
  nodes: [
    node({ name: "Entrada", type: "n8n-nodes-base.webhook" }),
    node({ name: "¿Vale #1?", type: "n8n-nodes-base.if" }),
    node({
      name: "Pedir",
      type: "n8n-nodes-base.httpRequest",
      position: [150, 50],
      onError: "continueErrorOutput",
    }),
    node({ name: "Fin", type: "n8n-nodes-base.code" }),
    NOTE,
  ],
  connections: {
    Entrada: { main: [[{ node: "¿Vale #1?", type: "main", index: 0 }]] },
    "¿Vale #1?": {
      main: [
        [{ node: "Pedir", type: "main", index: 0 }],
        [{ node: "Fin", type: "main", index: 0 }],
      ],
    },
    Pedir: { main: [[], [{ node: "Fin", type: "main", index: 0 }]] },
  },
};

describe("renderFlowPage", () => {
  it("draws each step by its kind, grouped by note, and labels the outputs", () => {
    expect(renderFlowPage(FLOW))
      .toBe(`<!-- Escrito por «npm run flows:draw»: no lo cambies a mano. -->

# Prueba

\`\`\`mermaid
flowchart TB
  subgraph grupo1["Lo #quot;caro#quot;"]
    paso3["Pedir"]
  end
  paso1(["Entrada"])
  paso2{{"¿Vale #35;1?"}}
  paso4["Fin"]
  paso1 --> paso2
  paso2 -- sí --> paso3
  paso2 -- no --> paso4
  paso3 -. error .-> paso4
\`\`\`

## Lo "caro"
Se paga.

`);
  });
});
