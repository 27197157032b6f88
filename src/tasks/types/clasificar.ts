import { z } from "zod";
import { classifyLocally } from "../../engine/classify.ts";
import { CATEGORIES, TOPICS, URGENCIES } from "../../engine/labels.ts";
import { matchLabels } from "../../engine/match-labels.ts";
import { delimit, quoteForPrompt, TEXT_IS_DATA } from "../prompts/delimit.ts";
import { readJson } from "../answers/read-json.ts";
import { defineTask, type TaskOutput } from "./task.ts";
import { agreementOf, rankChoices, readVotes, type Votes } from "../answers/votes.ts";

const MAX_LABELS = 100;
const MAX_VOTES = 9;

const labelName = z
  .string("debe ser un texto")
  .trim()
  .min(1, "está vacío")
  .max(100, "debe tener como mucho 100 caracteres");

const Label = z.union(
  [
    labelName.transform((nombre) => ({ nombre, descripcion: undefined })),
    z.strictObject({
      nombre: labelName,
      descripcion: z.string("debe ser un texto").trim().max(500).optional(),
    }),
  ],
  "debe ser un nombre, o un objeto con nombre y descripcion",
);

const ClassificationOptions = z
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
type Label = z.output<typeof Label>;

const Axes = z.object({
  categoria: z.preprocess((given) => findLabel(CATEGORIES, given), z.enum(CATEGORIES)),
  urgencia: z.preprocess((given) => findLabel(URGENCIES, given), z.enum(URGENCIES)),
  tema: z.preprocess((given) => findLabel(TOPICS, given), z.enum(TOPICS)),
});
type Axes = z.output<typeof Axes>;
const AXES = ["categoria", "urgencia", "tema"] as const;

export const clasificar = defineTask({
  summary: "Clasifica un texto en tres ejes o con tus etiquetas.",
  question: "¿Qué texto quieres clasificar?",
  doneMessage: "Clasificación lista.",
  historyWords:
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
  options: ClassificationOptions,
  buildPrompt: ({ text }, { etiquetas, multiple, votos }) => ({
    ...(etiquetas ? buildLabelsPrompt(etiquetas, multiple) : AXES_PROMPT),
    input: delimit(text),
    samples: votos,
  }),
  estimateOutputTokens: () => 500,
  readAnswer({ texts }, _input, { etiquetas, multiple }) {
    const output = etiquetas
      ? chooseLabels(
          readVotes(texts, (answer) => readLabels(answer, etiquetas)),
          multiple,
        )
      : chooseAxes(readVotes(texts, (answer) => Axes.parse(readJson(answer))));
    return { output };
  },
  runLocally({ text }, { etiquetas, multiple }) {
    if (!etiquetas) {
      const { category, urgency, topic, evidence } = classifyLocally(text);
      const labels = { categoria: category, urgencia: urgency, tema: topic };
      return toAxesOutput(labels, { confianza: null, evidencias: evidence });
    }
    const chosen = matchLabels(
      text,
      etiquetas.map(({ nombre, descripcion = "" }) => `${nombre} ${descripcion}`),
    );
    const names = chosen.map((index) => etiquetas[index]?.nombre ?? "");
    return toLabelsOutput(multiple ? names : names.slice(0, 1), null);
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

/** The name of the extra label «none of these», different from every label of the client. */
function chooseNoneLabel(labels: readonly Label[]): string {
  let none = "ninguna";
  while (labels.some(({ nombre }) => normaliseLabel(nombre) === none)) none += "_";
  return none;
}

function buildLabelsPrompt(labels: readonly Label[], multiple: boolean) {
  const none = chooseNoneLabel(labels);
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

/**
 * The chosen labels without duplicates.
 * @throws {RangeError} for a label outside the set
 */
function readLabels(answer: string, labels: readonly Label[]): string[] {
  const { etiquetas } = LabelsAnswer.parse(readJson(answer));
  const none = chooseNoneLabel(labels);
  const names = labels.map(({ nombre }) => nombre);
  const chosen = etiquetas
    .filter((given) => normaliseLabel(given) !== none)
    .map((given) => {
      const label = findLabel(names, given);
      if (label === undefined) throw new RangeError("The answer contains an unknown label");
      return label;
    });
  return [...new Set(chosen)];
}

/** Finds the label that a model wrote. Upper and lower case, spaces, quotation marks and Unicode form may differ. */
function findLabel<Name extends string>(names: readonly Name[], given: unknown): Name | undefined {
  if (typeof given !== "string") return undefined;
  return (
    names.find((known) => known === given) ??
    names.find((known) => normaliseLabel(known) === normaliseLabel(given))
  );
}

function normaliseLabel(text: string): string {
  return text
    .normalize("NFC")
    .replaceAll(/[«»"“”]/gu, "")
    .replaceAll(/\s+/gu, " ")
    .trim()
    .toLowerCase();
}

/**
 * With `multiple`, chooses the labels with a majority of the votes, or none when most votes chose none. Otherwise
 * chooses the label with the most votes.
 */
function chooseLabels({ votes, requested }: Votes<string[]>, multiple: boolean): TaskOutput {
  const ballots = multiple ? votes : votes.map((vote) => vote.slice(0, 1));
  const ranked = rankChoices(ballots.flatMap((vote) => (vote.length > 0 ? vote : [NO_LABEL])));
  const [winner] = ranked;
  const isNone = !winner || winner[0] === NO_LABEL;
  const majority = ranked.filter(
    ([label, count]) => label !== NO_LABEL && count * 2 > votes.length,
  );
  const chosen = isNone ? [] : multiple ? majority : [winner];
  const noneCount = ranked.find(([label]) => label === NO_LABEL)?.[1] ?? 0;
  // The list has one share of agreement for all labels: that of its weakest.
  const weakest = chosen.at(-1)?.[1] ?? noneCount;
  return toLabelsOutput(
    chosen.map(([label]) => label),
    agreementOf(weakest, requested),
  );
}

/** The vote for no label. A label is never empty. */
const NO_LABEL = "";

function chooseAxes({ votes, requested }: Votes<Axes>): TaskOutput {
  const winners = AXES.map((axis) => {
    const [winner] = rankChoices(votes.map((vote) => vote[axis]));
    return { axis, value: winner?.[0], count: winner?.[1] ?? 0 };
  });
  const labels = Axes.parse(Object.fromEntries(winners.map(({ axis, value }) => [axis, value])));
  const agreed = Math.min(...winners.map(({ count }) => count));
  return toAxesOutput(labels, { confianza: agreementOf(agreed, requested) });
}

function toAxesOutput(
  labels: Axes,
  details: { confianza: number | null; evidencias?: string[] },
): TaskOutput {
  const { categoria, urgencia, tema } = labels;
  return {
    text: `Categoría: ${categoria}\nUrgencia: ${urgencia}\nTema: ${tema}`,
    data: { ...labels, ...details },
  };
}

function toLabelsOutput(names: string[], confianza: number | null): TaskOutput {
  const text =
    names.length === 0
      ? "Ninguna etiqueta encaja."
      : `${names.length === 1 ? "Etiqueta" : "Etiquetas"}: ${names.join(", ")}`;
  return { text, data: { etiquetas: names, confianza } };
}
