/** The labels of `clasificar`. Existing clients depend on these wire values. */
export const CATEGORIES = [
  "consulta",
  "solicitud",
  "informe",
  "queja",
  "urgencia",
  "otro",
] as const;
export const URGENCIES = ["alta", "media", "baja"] as const;
export const TOPICS = [
  "recursos humanos",
  "finanzas",
  "IT",
  "marketing",
  "ventas",
  "legal",
  "otro",
] as const;

export type Category = (typeof CATEGORIES)[number];
export type Urgency = (typeof URGENCIES)[number];
export type Topic = (typeof TOPICS)[number];
