/**
 * The catalogue of every problem that a client can receive. `codigo` (the key) and `code` are part of the API contract;
 * titles may be reworded. `help` says what happened and what to do; the problem's page shows it after the title.
 * Codes: E1xx access, E2xx the request, E3xx the model and its queue, E4xx history and backups, E9xx the service itself.
 */
export const PROBLEMS = {
  entrada_invalida: {
    status: 400,
    code: "E202",
    title: "La solicitud no es válida",
    help: "Falta un campo o su valor no sirve. La lista `errores` nombra cada campo y dice qué se esperaba. No se ha llamado a ningún modelo ni se ha guardado nada.",
  },
  falta_tarea: {
    status: 400,
    code: "E202",
    title: "Falta decir qué hacer con el texto",
    help: "Envía `tipo_tarea` con la petición, o elige antes un modo para el chat con POST /api/v1/estado.",
  },
  json_malformado: {
    status: 400,
    code: "E202",
    title: "El cuerpo no es JSON válido",
    help: "Revisa comillas, comas y llaves. En n8n, usa «Using JSON» o los campos del nodo en lugar de pegar texto en una plantilla de JSON.",
  },
  no_autenticado: {
    status: 401,
    code: "E101",
    title: "Falta una clave válida",
    help: "Envía tu clave en la cabecera `x-api-key`, o tu clave o tu token en `Authorization: Bearer`. Una clave revocada o caducada ya no vale, ni lo que se pidió con ella. Si eres quien administra el servicio, comprueba que `API_KEY` está configurada.",
  },
  permiso_insuficiente: {
    status: 403,
    code: "E102",
    title: "Tu clave no tiene permiso para esto",
    help: "La clave vale, pero no para esta ruta, o pide dar más de lo que ella tiene. Pide a quien administra el servicio una clave con el permiso que falta.",
  },
  chat_no_permitido: {
    status: 403,
    code: "E103",
    title: "Tu clave no llega a ese chat",
    help: "La clave solo vale para algunos chats y este no está entre ellos. Los grupos de Telegram tienen un número negativo: `-100…` y `100…` no son el mismo chat.",
  },
  clave_revocada: {
    status: 409,
    code: "E110",
    title: "Esa clave está revocada",
    help: "Una clave revocada no vuelve a valer ni se puede cambiar. Crea otra.",
  },
  demasiadas_claves: {
    status: 422,
    code: "E107",
    title: "Hay demasiadas claves",
    help: "El servicio admite mil claves vigentes. Revoca las que no se usan; la lista dice cuándo se usó cada una por última vez.",
  },
  limite_de_clave: {
    status: 429,
    code: "E104",
    title: "Tu clave ha llegado a su límite de peticiones",
    help: "La clave tiene un límite por minuto o por día (de UTC). Reintenta pasados los segundos que indica `Retry-After`.",
  },
  conexion_insegura: {
    status: 403,
    code: "E108",
    title: "La petición llegó sin cifrar",
    help: "Usa `https://`. Si la petición llevaba una clave, ha viajado a la vista: pide otra a quien administra el servicio y deja de usar la que enviaste.",
  },
  demasiados_intentos: {
    status: 429,
    code: "E109",
    title: "Demasiadas claves que no valen",
    help: "Llegaron desde tu red en un minuto. Espera los segundos que indica `Retry-After` y comprueba la clave; mientras tanto no vale ninguna desde esa red.",
  },
  no_encontrado: {
    status: 404,
    code: "E203",
    title: "No existe ese recurso",
    help: "Comprueba la dirección. La lista de rutas está en /docs.",
  },
  metodo_no_permitido: {
    status: 405,
    code: "E204",
    title: "Ese método no vale en esta ruta",
    help: "La cabecera `Allow` de la respuesta dice qué métodos acepta la ruta.",
  },
  cuerpo_lento: {
    status: 408,
    code: "E209",
    title: "El cuerpo tardó demasiado en llegar",
    help: "La petición se abandonó antes de hacer nada. Comprueba la conexión y reintenta; un texto largo llega antes en partes.",
  },
  cuerpo_demasiado_grande: {
    status: 413,
    code: "E205",
    title: "El cuerpo supera el límite",
    help: "Una petición admite hasta 1 MiB. Divide el texto y envíalo por partes.",
  },
  tipo_de_contenido_no_admitido: {
    status: 415,
    code: "E206",
    title: "El cuerpo debe ser JSON",
    help: "Envía `content-type: application/json` (o ninguna cabecera content-type) y un cuerpo JSON sin comprimir.",
  },
  idempotencia_en_conflicto: {
    status: 422,
    code: "E207",
    title: "Esa Idempotency-Key ya se usó con otra petición",
    help: "Una clave identifica una sola petición durante 24 horas. Usa una clave nueva para un cuerpo distinto.",
  },
  texto_demasiado_largo: {
    status: 422,
    code: "E208",
    title: "El texto no cabe en el modelo",
    help: "Con su respuesta ocupa más de lo que el modelo admite. Acórtalo o divídelo en partes.",
  },
  contenido_filtrado: {
    status: 422,
    code: "E304",
    title: "El modelo se negó a tratar ese contenido",
    help: "El filtro de contenido del proveedor rechazó el texto o la respuesta. Cambia el texto; repetir la misma petición dará lo mismo.",
  },
  chat_ocupado: {
    status: 429,
    code: "E305",
    title: "Este chat tiene demasiadas peticiones en espera",
    help: "Un chat atiende cuatro peticiones a la vez y guarda cincuenta en espera. Reintenta pasados los segundos que indica `Retry-After`.",
  },
  modelo_limite_de_uso: {
    status: 429,
    code: "E303",
    title: "El proveedor del modelo pide ir más despacio",
    help: "Se alcanzó el límite de peticiones del proveedor. Reintenta pasados los segundos que indica `Retry-After`.",
  },
  error_interno: {
    status: 500,
    code: "E901",
    title: "Error interno",
    help: "Algo falló por nuestra parte. Reintenta; si se repite, busca `solicitud_id` en los registros del servicio.",
  },
  acceso_no_disponible: {
    status: 503,
    code: "E105",
    title: "No se puede comprobar la clave ahora",
    help: "Lo que guarda las claves no responde. No se ha hecho nada; reintenta en unos segundos. La clave principal (`API_KEY`) funciona igual.",
  },
  falta_ajuste: {
    status: 503,
    code: "E106",
    title: "Esto necesita un ajuste que falta",
    help: "El servicio no tiene puesto el ajuste que nombra el mensaje. Quien lo administra encontrará en la guía cómo ponerlo.",
  },
  configuracion_invalida: {
    status: 503,
    code: "E901",
    title: "El servicio está mal configurado",
    help: "Un ajuste del servidor no es válido. Quien lo administra encontrará su nombre y lo que se esperaba en los registros.",
  },
  error_desconocido: {
    status: 500,
    code: "E999",
    title: "Error desconocido",
    help: "No sabemos qué ocurrió. Reintenta; si se repite, busca `solicitud_id` en los registros del servicio.",
  },
  modelo_error: {
    status: 502,
    code: "E301",
    title: "El modelo falló",
    help: "El proveedor del modelo respondió con un error. Reintenta en unos segundos.",
  },
  modelo_rechaza_credenciales: {
    status: 502,
    code: "E301",
    title: "El proveedor del modelo rechazó las credenciales",
    help: "Quien administra el servicio debe revisar `OPENAI_API_KEY`, `OPENAI_BASE_URL` y el nombre del modelo.",
  },
  modelo_sin_saldo: {
    status: 502,
    code: "E301",
    title: "La cuenta del proveedor del modelo no tiene saldo",
    help: "Quien administra el servicio debe revisar la facturación de la cuenta del proveedor.",
  },
  modelo_respuesta_invalida: {
    status: 502,
    code: "E301",
    title: "El modelo dio una respuesta que no sirve",
    help: "La respuesta estaba vacía, cortada o no tenía la forma pedida, y no se entrega como buena. Reintenta o acorta el texto.",
  },
  historial_no_disponible: {
    status: 503,
    code: "E401",
    title: "El historial no está disponible",
    help: "La base de datos no responde. Las tareas siguen funcionando y sus registros llegarán al historial cuando vuelva.",
  },
  copias_no_configuradas: {
    status: 503,
    code: "E402",
    title: "Este servicio no hace copias de seguridad",
    help: "No tiene dónde guardarlas. Quien lo administra puede darle un bucket de R2: la guía explica cómo, en «Copias y restauración».",
  },
  motor_local_no_puede: {
    status: 503,
    code: "E306",
    title: "Hace falta un modelo para esta tarea",
    help: "Sin clave de un proveedor responde el motor local, que resume, clasifica, extrae e informa. Configura `OPENAI_API_KEY` para traducir, generar y lo demás.",
  },
  modelo_tiempo_agotado: {
    status: 504,
    code: "E302",
    title: "El modelo tardó demasiado",
    help: "El proveedor no respondió a tiempo. Reintenta; si el texto es largo, prueba con uno más corto.",
  },
} as const satisfies Record<
  string,
  { status: number; code: `E${number}`; title: string; help: string }
>;

export type ProblemCode = keyof typeof PROBLEMS;
export type FieldProblem = { campo: string; mensaje: string };

export type ProblemOptions = {
  /** Spanish, for the client: what happened and what to do. Default: the title and help of the catalogue. */
  detail?: string | undefined;
  fields?: FieldProblem[] | undefined;
  retryAfterSeconds?: number | undefined;
  /** Model calls that the provider may charge for although the request failed. */
  spent?: Spending | undefined;
  cause?: unknown;
};

export type Spending = {
  /** Number of model calls. */
  attempts: number;
  usage: { inputTokens: number; outputTokens: number; costUsd: number | null } | null;
};

/**
 * A failure that the client sees as a problem of the catalogue. After a Durable Object call it is a plain
 * Error with the same properties: use `asProblem` to recognise it.
 */
export class AppError extends Error {
  override readonly name = "AppError";
  readonly codigo: ProblemCode;
  readonly fields: FieldProblem[] | undefined;
  readonly retryAfterSeconds: number | undefined;
  readonly spent: Spending | undefined;

  constructor(codigo: ProblemCode, options: ProblemOptions = {}) {
    super(options.detail ?? defaultDetail(codigo), { cause: options.cause });
    this.codigo = codigo;
    this.fields = options.fields;
    this.retryAfterSeconds = options.retryAfterSeconds;
    this.spent = options.spent;
  }
}

function defaultDetail(codigo: ProblemCode): string {
  const { title, help } = PROBLEMS[codigo];
  return `${title}. ${help}`;
}

export function isProblemCode(value: unknown): value is ProblemCode {
  return typeof value === "string" && Object.hasOwn(PROBLEMS, value);
}

/**
 * Prepares an error that a Durable Object throws to its caller: a problem loses its cause, any other error is returned as
 * it is. A cause that cannot be cloned (a ZodError) would make the error lose its own properties on the way, and a
 * provider's message must not leave the object.
 */
export function toRpcError(error: unknown): unknown {
  const problem = asProblem(error);
  if (!problem) return error;
  const { codigo, message: detail, fields, retryAfterSeconds, spent } = problem;
  return new AppError(codigo, { detail, fields, retryAfterSeconds, spent });
}

/** Returns the error as an AppError when it is one, also after a Durable Object call; undefined for other errors. */
export function asProblem(error: unknown): AppError | undefined {
  if (error instanceof AppError) return error;
  if (!(error instanceof Error) || error.name !== "AppError") return undefined;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- an AppError that lost its class
  const { codigo, fields, retryAfterSeconds, spent } = error as Partial<AppError>;
  if (!isProblemCode(codigo)) return undefined;
  return new AppError(codigo, {
    detail: error.message,
    fields,
    retryAfterSeconds,
    spent,
    cause: error,
  });
}
