-- A sequence and not an identity column: PostgreSQL 16 and older refuse those on partitioned tables.
CREATE SEQUENCE consultas_ia_id_seq AS bigint;
--> statement-breakpoint
CREATE TABLE consultas_ia (
  id bigint NOT NULL DEFAULT nextval('consultas_ia_id_seq'),
  cliente text NOT NULL,
  chat_id bigint NOT NULL,
  solicitud_id uuid NOT NULL,
  tipo_tarea text NOT NULL,
  texto_original text NOT NULL,
  resultado text NOT NULL,
  datos jsonb,
  opciones jsonb NOT NULL,
  idioma text,
  estado text NOT NULL CHECK (estado IN ('completada', 'interrumpida', 'fallida')),
  codigo_error text,
  cache text NOT NULL,
  clave_cache text NOT NULL,
  motor text NOT NULL,
  modelo text,
  prompt_version integer NOT NULL,
  intentos integer NOT NULL,
  tokens_entrada integer,
  tokens_salida integer,
  coste_usd double precision,
  duracion_ms integer,
  fecha timestamptz NOT NULL,
  PRIMARY KEY (solicitud_id, fecha)
) PARTITION BY RANGE (fecha);
--> statement-breakpoint
ALTER SEQUENCE consultas_ia_id_seq OWNED BY consultas_ia.id;
--> statement-breakpoint
CREATE INDEX consultas_ia_chat ON consultas_ia (cliente, chat_id, fecha, solicitud_id);
--> statement-breakpoint
CREATE INDEX consultas_ia_chat_tarea ON consultas_ia (cliente, chat_id, tipo_tarea, fecha, solicitud_id);
--> statement-breakpoint
-- Rows of a month that has no partition yet are kept here instead of being refused.
CREATE TABLE consultas_ia_resto PARTITION OF consultas_ia DEFAULT;
--> statement-breakpoint
-- Makes the partition of the month (UTC) that holds the given day, unless it is there.
CREATE FUNCTION crear_particion_consultas_ia(dia date) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  desde timestamptz := date_trunc('month', dia::timestamp) AT TIME ZONE 'UTC';
  hasta timestamptz := (date_trunc('month', dia::timestamp) + interval '1 month') AT TIME ZONE 'UTC';
BEGIN
  EXECUTE format(
    'CREATE TABLE IF NOT EXISTS %I PARTITION OF consultas_ia FOR VALUES FROM (%L) TO (%L)',
    'consultas_ia_' || to_char(dia, 'YYYY_MM'), desde, hasta
  );
END $$;
--> statement-breakpoint
SELECT crear_particion_consultas_ia(((now() AT TIME ZONE 'UTC') + make_interval(months => mes))::date)
FROM generate_series(0, 24) AS mes;
