import { describe, expect, it } from "vitest";
import type { Category, Topic, Urgency } from "./labels.ts";
import { classifyLocally } from "./classify.ts";

type ClassifiedMessage = readonly [
  text: string,
  category: Category,
  urgency: Urgency,
  topic: Topic,
];

/** The lexicon was written with these messages. */
const KNOWN: readonly ClassifiedMessage[] = [
  // IT
  ["No puedo entrar en el correo desde esta mañana", "solicitud", "media", "IT"],
  ["La VPN se cae cada diez minutos", "solicitud", "media", "IT"],
  ["El servidor de producción está caído y no podemos facturar", "urgencia", "alta", "IT"],
  ["¡URGENTE! Nos han hackeado la web", "urgencia", "alta", "IT"],
  ["La impresora de la segunda planta no imprime", "solicitud", "media", "IT"],
  [
    "¿Podéis instalarme el Office en el portátil nuevo? Sin prisa, cuando podáis",
    "solicitud",
    "baja",
    "IT",
  ],
  ["He olvidado la contraseña de Windows, ¿me la podéis restablecer?", "solicitud", "media", "IT"],
  ["¿Cómo me conecto a la VPN desde casa?", "consulta", "baja", "IT"],
  ["La migración de la base de datos ha finalizado sin incidencias", "informe", "baja", "IT"],
  [
    "Otra vez sin internet. Es la tercera vez esta semana y nadie hace nada",
    "queja",
    "media",
    "IT",
  ],
  ["La aplicación da error al guardar, no es urgente", "solicitud", "baja", "IT"],
  // HR
  ["Necesito pedir vacaciones del 1 al 15 de agosto", "solicitud", "media", "recursos humanos"],
  ["¿Cuándo se paga la nómina de este mes?", "consulta", "baja", "recursos humanos"],
  ["Adjunto el parte de baja médica", "informe", "baja", "recursos humanos"],
  [
    "Mi nómina de marzo está mal otra vez y nadie me contesta",
    "queja",
    "media",
    "recursos humanos",
  ],
  [
    "¿Cuántos días de permiso de paternidad me corresponden?",
    "consulta",
    "baja",
    "recursos humanos",
  ],
  [
    "Solicito una reducción de jornada por cuidado de hijos",
    "solicitud",
    "media",
    "recursos humanos",
  ],
  [
    "Ha habido un accidente en el almacén, hay un trabajador herido",
    "urgencia",
    "alta",
    "recursos humanos",
  ],
  // Finance
  ["¿Podrían enviarme la factura de febrero?", "solicitud", "media", "finanzas"],
  ["Quisiera saber si ya se ha hecho la transferencia", "consulta", "baja", "finanzas"],
  ["Me han cobrado dos veces el mismo recibo, exijo el reembolso", "queja", "media", "finanzas"],
  [
    "Cerramos el mes con un 12 % más de ingresos y los gastos bajaron un 3 %",
    "informe",
    "baja",
    "finanzas",
  ],
  [
    "Necesito que aprobéis el presupuesto del departamento hoy mismo",
    "solicitud",
    "alta",
    "finanzas",
  ],
  [
    "La factura 2026-113 vence mañana, hay que pagarla cuanto antes",
    "solicitud",
    "alta",
    "finanzas",
  ],
  ["¿Qué IVA se aplica a este servicio?", "consulta", "baja", "finanzas"],
  // Marketing
  ["Os comparto los resultados de la campaña de primavera", "informe", "baja", "marketing"],
  ["Necesitamos el diseño del folleto para el viernes", "solicitud", "media", "marketing"],
  ["¿Cuál es el presupuesto de la campaña en redes sociales?", "consulta", "baja", "marketing"],
  ["El anuncio de Instagram sigue sin publicarse, es lamentable", "queja", "media", "marketing"],
  [
    "¿Podríais revisar el texto de la newsletter antes del jueves?",
    "solicitud",
    "media",
    "marketing",
  ],
  // Sales
  [
    "Tengo un cliente potencial interesado en 200 unidades, ¿podéis preparar una oferta?",
    "solicitud",
    "media",
    "ventas",
  ],
  ["¿Cuándo llega mi pedido 4512?", "consulta", "baja", "ventas"],
  [
    "Llevo tres semanas esperando mi pedido y nadie contesta, es inaceptable",
    "queja",
    "media",
    "ventas",
  ],
  ["Quiero devolver el producto, llegó defectuoso", "solicitud", "media", "ventas"],
  ["¿Cuánto cuesta el plan anual y hay descuento para asociaciones?", "consulta", "baja", "ventas"],
  [
    "Informe semanal: las ventas crecieron un 8 % respecto al mes pasado",
    "informe",
    "baja",
    "ventas",
  ],
  // Legal
  ["¿Podéis revisar el contrato con Solaris antes de firmarlo?", "solicitud", "media", "legal"],
  ["Hemos recibido una demanda y el plazo para contestar acaba mañana", "informe", "alta", "legal"],
  ["¿Cumple nuestra web el RGPD?", "consulta", "baja", "legal"],
  [
    "Ejerzo mi derecho de supresión: solicito que borren mis datos personales",
    "solicitud",
    "media",
    "legal",
  ],
  [
    "Hay una brecha de datos personales de clientes, avisad a la AEPD de inmediato",
    "urgencia",
    "alta",
    "legal",
  ],
  // None of these
  ["Gracias por todo, nos vemos el domingo", "otro", "baja", "otro"],
  ["¿A qué hora es la comida?", "consulta", "baja", "otro"],
  ["Llevo tres semanas esperando y nadie contesta, es inaceptable", "queja", "media", "otro"],
  ["El trato en recepción fue pésimo", "queja", "media", "otro"],
  ["Hay un incendio en el edificio, evacuad ya", "urgencia", "alta", "otro"],
  ["hola", "otro", "baja", "otro"],
  // English
  ["I can't log in to my email", "solicitud", "media", "IT"],
  ["Production is down and customers cannot pay", "urgencia", "alta", "IT"],
  ["Could you please reset my password?", "solicitud", "media", "IT"],
  ["How do I connect to the VPN from home?", "consulta", "baja", "IT"],
  [
    "I'd like to request annual leave for the first week of July",
    "solicitud",
    "media",
    "recursos humanos",
  ],
  ["When is payroll processed this month?", "consulta", "baja", "recursos humanos"],
  ["Please send me the invoice for March, no rush", "solicitud", "baja", "finanzas"],
  ["I was charged twice and nobody answers my emails. Unacceptable!", "queja", "media", "finanzas"],
  ["Attached is the quarterly sales report: revenue grew by 12%", "informe", "baja", "ventas"],
  [
    "I've been waiting for my order for three weeks, this is ridiculous",
    "queja",
    "media",
    "ventas",
  ],
  ["How much does the annual subscription cost?", "consulta", "baja", "ventas"],
  ["Please review the NDA before Friday", "solicitud", "media", "legal"],
  ["Here are the results of the email marketing campaign", "informe", "baja", "marketing"],
  ["We need the new banner ASAP", "solicitud", "alta", "marketing"],
  ["See you on Sunday!", "otro", "baja", "otro"],
  ["There is a fire in the warehouse, call an ambulance", "urgencia", "alta", "otro"],
];

describe("classifyLocally", () => {
  it.each(KNOWN)("classifies «%s» as %s, %s, %s", (text, category, urgency, topic) => {
    expect(classifyLocally(text)).toMatchObject({ category, urgency, topic });
  });
});
