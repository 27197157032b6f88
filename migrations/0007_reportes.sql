-- Who gets a weekly report, where, and when the next one is due.
CREATE TABLE suscripciones (
  cliente text NOT NULL,
  chat_id bigint NOT NULL,
  activa boolean NOT NULL,
  zona_horaria text NOT NULL,
  telegram_chat_id bigint,
  webhook text,
  correo text,
  alta timestamptz NOT NULL,
  cambiada timestamptz NOT NULL,
  proxima timestamptz NOT NULL,
  PRIMARY KEY (cliente, chat_id)
);
--> statement-breakpoint
CREATE INDEX suscripciones_proxima ON suscripciones (proxima) WHERE activa;
--> statement-breakpoint
-- One for each chat and week, whoever tries to make it twice. They go with their subscription.
CREATE TABLE reportes (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  cliente text NOT NULL,
  chat_id bigint NOT NULL,
  semana date NOT NULL,
  cifras jsonb NOT NULL,
  creado timestamptz NOT NULL,
  PRIMARY KEY (cliente, chat_id, semana),
  FOREIGN KEY (cliente, chat_id) REFERENCES suscripciones ON DELETE CASCADE
);
--> statement-breakpoint
CREATE UNIQUE INDEX reportes_id ON reportes (id);
--> statement-breakpoint
CREATE INDEX reportes_creado ON reportes (creado);
--> statement-breakpoint
CREATE TABLE entregas (
  reporte_id uuid NOT NULL REFERENCES reportes (id) ON DELETE CASCADE,
  via text NOT NULL CHECK (via IN ('telegram', 'webhook', 'correo')),
  destino text NOT NULL,
  estado text NOT NULL CHECK (estado IN ('pendiente', 'entregada', 'fallida')),
  intentos integer NOT NULL,
  proximo_intento timestamptz NOT NULL,
  motivo text,
  PRIMARY KEY (reporte_id, via)
);
--> statement-breakpoint
CREATE INDEX entregas_pendientes ON entregas (proximo_intento) WHERE estado = 'pendiente';
