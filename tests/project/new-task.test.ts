import { expect, it, vi } from "vitest";
import { z } from "zod";
import { modeQuestion, parseModeCommand } from "../../src/chats/modes.ts";
import { readQuestion } from "../../src/questions/reader/read-question.ts";
import { optionsSchema, ProcesarBody } from "../../src/tasks/tasks.schemas.ts";
import type { TaskType } from "../../src/tasks/types/registry.ts";
import { doLocally, doTask } from "../support/do-task.ts";

/** A whole new task: this definition and its line in the registry. */
vi.mock(import("../../src/tasks/types/registry.ts"), async (original) => {
  const { defineTask } = await import("../../src/tasks/types/task.ts");
  const registry = await original();
  const invertir = defineTask({
    summary: "Escribe el texto del revés.",
    question: "¿Qué texto quieres invertir?",
    doneMessage: "Texto invertido.",
    historyWords: "invert\\p{L}*|invier\\p{L}*",
    example: { texto: "abc", opciones: {} },
    version: 1,
    options: z.strictObject({ mayusculas: z.boolean().default(false) }),
    buildPrompt: ({ text }, { mayusculas }) => ({
      instructions: mayusculas ? "Invierte el texto, en mayúsculas." : "Invierte el texto.",
      input: text,
    }),
    estimateOutputTokens: (textTokens) => textTokens,
    readAnswer: ({ texts: [answer] }) => ({ output: { text: answer, data: null } }),
    runLocally: ({ text }) => ({ text: text.split("").toReversed().join(""), data: null }),
  });
  const TASKS = { ...registry.TASKS, invertir };
  return {
    ...registry,
    TASKS,
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the types know six tasks
    TASK_TYPES: Object.keys(TASKS) as unknown as typeof registry.TASK_TYPES,
    taskOf: (type) => (type === "consultar" ? registry.taskOf(type) : TASKS[type]),
  };
});

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the types know six tasks
const INVERTIR = "invertir" as TaskType;

it("runs a new task with a model and with the local engine", async () => {
  const request = { type: INVERTIR, text: "abc", options: { mayusculas: true } };
  const { text, prompts } = await doTask(request, "CBA");
  expect(text).toBe("CBA");
  expect(prompts[0]?.instructions).toContain("mayúsculas");
  expect((await doLocally(request)).text).toBe("cba");
  await expect(doTask({ ...request, options: { otra: 1 } })).rejects.toMatchObject({
    codigo: "entrada_invalida",
  });
});

it("accepts a new task on the wire, describes its options and offers it as a mode", () => {
  const body = { chat_id: 1, texto: "abc", tipo_tarea: "invertir" };
  expect(ProcesarBody.safeParse(body).success).toBe(true);
  expect(optionsSchema(INVERTIR)).toMatchObject({ title: "Opciones de invertir" });
  expect(parseModeCommand("/invertir")).toEqual({ kind: "set", mode: "invertir" });
  expect(modeQuestion(INVERTIR)).toBe("¿Qué texto quieres invertir?");
});

it("understands questions about a new task in the history", () => {
  const now = new Date(Date.UTC(2026, 4, 14, 9));
  const moment = { now, timeZone: "Europe/Madrid" };
  expect(readQuestion("¿cuántos textos invertí ayer?", moment)).toMatchObject({
    understood: true,
    filter: { task: "invertir" },
  });
});
