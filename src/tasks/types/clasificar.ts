import { z } from "zod";
import { classifyLocally } from "../../engine/classify.ts";
import { matchLabels } from "../../engine/match-labels.ts";
import { delimit, quoteForPrompt, TEXT_IS_DATA } from "./delimit.ts";
import { CATEGORIES, TOPICS, URGENCIES } from "../../engine/labels.ts";
import { readJson } from "./read-json.ts";
import { defineTask, type TaskOutput } from "./task.ts";

const MAX_LABELS = 100;
const MAX_VOTES = 9;

const name = z
  .string("debe ser un texto")
  .trim()
  .min(1, "está vacío")
  .max(100, "debe tener como mucho 100 caracteres");

const Label = z.union(
  [
    name.transform((nombre) => ({ nombre, descripcion: undefined })),
    z.strictObject({
      nombre: name,
      descripcion: z.string("debe ser un texto").trim().max(500).optional(),
    }),
  ],
  "debe ser un nombre, o un objeto con nombre y descripcion",
);

const Options = z
  .strictObject({
    etiquetas: z
      .array(Label, "debe ser una lista")
      .min(1, "debe tener al menos una etiqueta")
      .max(MAX_LABELS, `debe tener como mucho ${MAX_LABELS} etiquetas`)
      .refine(
        (labels) =>
          new Set(labels.map(({ nombre }) => nombre.normalize("NFC"))).size === labels.length,
        "tiene etiquetas repetidas",
      )
      .optional()
      .meta({
        description:
          "Tus etiquetas, con una descripción si la quieres. Sin ellas, tres ejes: categoría, urgencia y tema.",
        example: ["soporte", { nombre: "ventas", descripcion: "Quiere comprar o pide precio" }],
      }),
    multiple: z.boolean("debe ser true o false").default(false).meta({
      description: "Con true, todas las etiquetas que valgan. Solo con `etiquetas`.",
      example: false,
    }),
    votos: z
      .int("debe ser un número entero")
      .min(1, "debe ser como mínimo 1")
      .max(MAX_VOTES, `debe ser como mucho ${MAX_VOTES}`)
      .default(1)
      .meta({
        description:
          "Cuántas veces se pregunta al modelo. Con más de una, gana la mayoría y `confianza` es la parte de los votos que coinciden. Cuesta más.",
        example: 3,
      }),
  })
  .refine(({ etiquetas, multiple }) => !multiple || etiquetas !== undefined, {
    path: ["multiple"],
    error: "necesita etiquetas",
  });
type Options = z.output<typeof Options>;
type Label = z.output<typeof Label>;

const Axes = z.object({
  categoria: z.preprocess((given) => labelOf(CATEGORIES, given), z.enum(CATEGORIES)),
  urgencia: z.preprocess((given) => labelOf(URGENCIES, given), z.enum(URGENCIES)),
  tema: z.preprocess((given) => labelOf(TOPICS, given), z.enum(TOPICS)),
});
type Axes = z.output<typeof Axes>;
const AXES = ["categoria", "urgencia", "tema"] as const;

export const clasificar = defineTask({
  summary: "Clasifica un texto en tres ejes o con tus etiquetas.",
  question: "¿Qué texto quieres clasificar?",
  doneMessage: "Clasificación lista.",
  words:
    "clasificacion(?:es)?|clasificad[oa]s?|clasifi(?:que|co|caste|camos|caron)|classif(?:ications?|ied)|did (?:i|we) classify",
  example: {
    texto:
      "El servidor de facturación lleva caído desde las nueve y no podemos cobrar. Es urgente.",
    opciones: {
      etiquetas: [
        { nombre: "incidencia", descripcion: "Algo está caído o no funciona" },
        "consulta",
        "queja",
      ],
      multiple: true,
    },
  },
  version: 4,
  settings: { model: "OPENAI_MODEL_CLASIFICAR", cacheTtl: "CLASSIFICATION_CACHE_TTL" },
  options: Options,
  prompt: ({ text }, { etiquetas, multiple, votos }) => ({
    ...(etiquetas ? labelsPrompt(etiquetas, multiple) : AXES_PROMPT),
    input: delimit(text),
    samples: votos,
  }),
  outputTokens: () => 500,
  read({ texts }, _input, { etiquetas, multiple }) {
    const output = etiquetas
      ? chosenLabels(
          readVotes(texts, (answer) => readLabels(answer, etiquetas)),
          multiple,
        )
      : chosenAxes(readVotes(texts, (answer) => Axes.parse(readJson(answer))));
    return { output };
  },
  local({ text }, { etiquetas, multiple }) {
    if (!etiquetas) {
      const { categoria, urgencia, tema, evidencias } = classifyLocally(text);
      return axesOutput({ categoria, urgencia, tema }, { confianza: null, evidencias });
    }
    const chosen = matchLabels(text, etiquetas.map(toWords));
    const names = chosen.map((index) => etiquetas[index]?.nombre ?? "");
    return labelsOutput(multiple ? names : names.slice(0, 1), null);
  },
});

const { $schema: _, ...AXES_JSON_SCHEMA } = z.toJSONSchema(Axes.strict());

const AXES_PROMPT = {
  instructions: [
    "Clasifica el texto en tres ejes y responde con un objeto JSON de tres campos.",
    `categoria: ${CATEGORIES.join(", ")}. Es «urgencia» solo si algo grave está pasando y pide acción inmediata; «otro» si no encaja.`,
    `urgencia: ${URGENCIES.join(", ")}.`,
    `tema: ${TOPICS.join(", ")}.`,
    TEXT_IS_DATA,
  ].join("\n"),
  schema: { name: "clasificacion", jsonSchema: AXES_JSON_SCHEMA },
};

type Votes<Vote> = { votes: Vote[]; /** How many were asked, readable or not. */ asked: number };

/** One that cannot be read agrees with none. Throws when none can be read. */
function readVotes<Vote>(
  answers: readonly [string, ...string[]],
  read: (answer: string) => Vote,
): Votes<Vote> {
  const votes = answers.flatMap((answer) => {
    try {
      return [read(answer)];
    } catch (error) {
      if (answers.length === 1) throw error;
      return [];
    }
  });
  return { votes: votes.length > 0 ? votes : [read(answers[0])], asked: answers.length };
}

/** A label that none of the caller's own is called by. */
function noneOf(labels: readonly Label[]): string {
  let none = "ninguna";
  while (labels.some(({ nombre }) => fold(nombre) === none)) none += "_";
  return none;
}

function labelsPrompt(labels: readonly Label[], multiple: boolean) {
  const none = noneOf(labels);
  const list = labels.map(({ nombre, descripcion }) =>
    descripcion
      ? `- ${quoteForPrompt(nombre)}: ${quoteForPrompt(descripcion)}`
      : `- ${quoteForPrompt(nombre)}`,
  );
  return {
    instructions: [
      multiple
        ? "Elige todas las etiquetas que valen para el texto, las que más primero."
        : "Elige la etiqueta que mejor vale para el texto.",
      ...list,
      `Si no vale ninguna, la única etiqueta es ${quoteForPrompt(none)}. No fuerces una que no encaje.`,
      'Responde con un objeto JSON: {"etiquetas": ["…"]}, con los nombres tal como están escritos aquí.',
      TEXT_IS_DATA,
    ].join("\n"),
    schema: {
      name: "etiquetas",
      jsonSchema: {
        type: "object",
        properties: {
          etiquetas: {
            type: "array",
            items: { type: "string", enum: [...labels.map(({ nombre }) => nombre), none] },
          },
        },
        required: ["etiquetas"],
        additionalProperties: false,
      },
    },
  };
}

const LabelsAnswer = z.object({
  etiquetas: z.union([z.array(z.string()), z.string().transform((label) => [label])]),
});

/** The chosen labels, each once. Throws for one that is not of the set. */
function readLabels(answer: string, labels: readonly Label[]): string[] {
  const { etiquetas } = LabelsAnswer.parse(readJson(answer));
  const none = noneOf(labels);
  const names = labels.map(({ nombre }) => nombre);
  const chosen = etiquetas
    .filter((given) => fold(given) !== none)
    .map((given) => {
      const label = labelOf(names, given);
      if (label === undefined) throw new RangeError("A label that is not of the set");
      return label;
    });
  return [...new Set(chosen)];
}

/** Case, blanks, quotation marks and the way an accent is written may differ. */
function labelOf<Name extends string>(names: readonly Name[], given: unknown): Name | undefined {
  if (typeof given !== "string") return undefined;
  return (
    names.find((known) => known === given) ?? names.find((known) => fold(known) === fold(given))
  );
}

function fold(text: string): string {
  return text
    .normalize("NFC")
    .replaceAll(/[«»"“”]/gu, "")
    .replaceAll(/\s+/gu, " ")
    .trim()
    .toLowerCase();
}

/** A label of many is chosen when most votes hold it; a single one is the one with most votes. */
function chosenLabels({ votes, asked }: Votes<string[]>, multiple: boolean): TaskOutput {
  const counts = new Map<string, number>();
  const ballots = multiple ? votes : votes.map((vote) => vote.slice(0, 1));
  for (const label of ballots.flatMap((vote) => (vote.length > 0 ? vote : [NO_LABEL]))) {
    counts.set(label, (counts.get(label) ?? 0) + 1);
  }
  const ranked = [...counts].toSorted(([, a], [, b]) => b - a);
  const [winner] = ranked;
  const isNone = winner?.[0] === NO_LABEL;
  const most = ranked.filter(([label, count]) => label !== NO_LABEL && count * 2 > votes.length);
  const chosen = multiple && !isNone ? most : isNone || !winner ? [] : [winner];
  const weakest = chosen.at(-1)?.[1] ?? counts.get(NO_LABEL) ?? 0;
  return labelsOutput(
    chosen.map(([label]) => label),
    shareOf(weakest, asked),
  );
}

const NO_LABEL = "";

/** How many of the votes agree; null when there was only one to ask. */
function shareOf(count: number, asked: number): number | null {
  return asked < 2 ? null : Math.round((count / asked) * 100) / 100;
}

function chosenAxes({ votes, asked }: Votes<Axes>): TaskOutput {
  const winners = AXES.map((axis) => {
    const counts = new Map<string, number>();
    for (const vote of votes) counts.set(vote[axis], (counts.get(vote[axis]) ?? 0) + 1);
    const [winner] = [...counts].toSorted(([, a], [, b]) => b - a);
    return [axis, winner] as const;
  });
  const labels = Axes.parse(
    Object.fromEntries(winners.map(([axis, winner]) => [axis, winner?.[0]])),
  );
  const agreed = Math.min(...winners.map(([, winner]) => winner?.[1] ?? 0));
  return axesOutput(labels, { confianza: shareOf(agreed, asked) });
}

function axesOutput(
  labels: Axes,
  more: { confianza: number | null; evidencias?: string[] },
): TaskOutput {
  const { categoria, urgencia, tema } = labels;
  return {
    text: `Categoría: ${categoria}\nUrgencia: ${urgencia}\nTema: ${tema}`,
    data: { ...labels, ...more },
  };
}

function labelsOutput(names: string[], confianza: number | null): TaskOutput {
  const text =
    names.length === 0
      ? "Ninguna etiqueta encaja."
      : `${names.length === 1 ? "Etiqueta" : "Etiquetas"}: ${names.join(", ")}`;
  return { text, data: { etiquetas: names, confianza } };
}

function toWords({ nombre, descripcion = "" }: Label): string {
  return `${nombre} ${descripcion}`;
}
