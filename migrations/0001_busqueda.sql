-- Full text in Spanish and in English, whatever accents people write.
CREATE EXTENSION IF NOT EXISTS unaccent;
--> statement-breakpoint
-- So that one index holds whose text it is and what it says.
CREATE EXTENSION IF NOT EXISTS btree_gin;
--> statement-breakpoint
CREATE TEXT SEARCH CONFIGURATION consultas_es (COPY = spanish);
--> statement-breakpoint
ALTER TEXT SEARCH CONFIGURATION consultas_es
  ALTER MAPPING FOR hword, hword_part, word WITH unaccent, spanish_stem;
--> statement-breakpoint
CREATE TEXT SEARCH CONFIGURATION consultas_en (COPY = english);
--> statement-breakpoint
ALTER TEXT SEARCH CONFIGURATION consultas_en
  ALTER MAPPING FOR hword, hword_part, word WITH unaccent, english_stem;
--> statement-breakpoint
-- What a record says, as far as it is searched: PostgreSQL refuses a tsvector of more than 1 MB.
CREATE FUNCTION consultas_ia_dice(texto text, resultado text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN left(texto, 50000) || E'\n' || left(resultado, 50000);
--> statement-breakpoint
CREATE FUNCTION consultas_ia_palabras(texto text, resultado text) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN to_tsvector('consultas_es'::regconfig, consultas_ia_dice(texto, resultado))
  || to_tsvector('consultas_en'::regconfig, consultas_ia_dice(texto, resultado));
--> statement-breakpoint
CREATE INDEX consultas_ia_texto ON consultas_ia
  USING gin (cliente, chat_id, consultas_ia_palabras(texto_original, resultado));
--> statement-breakpoint
-- Makes the partition of the month (UTC) that holds the given day, unless it is there. Rows of that month that came
-- before it wait in the DEFAULT partition: they are moved, in the same transaction.
CREATE OR REPLACE FUNCTION crear_particion_consultas_ia(dia date) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  desde timestamptz := date_trunc('month', dia::timestamp) AT TIME ZONE 'UTC';
  hasta timestamptz := (date_trunc('month', dia::timestamp) + interval '1 month') AT TIME ZONE 'UTC';
  particion text := 'consultas_ia_' || to_char(dia, 'YYYY_MM');
  hay_filas boolean;
BEGIN
  IF to_regclass(particion) IS NOT NULL THEN
    RETURN;
  END IF;
  -- Nobody may put a row of that month into the DEFAULT partition between the look and the move.
  LOCK TABLE consultas_ia_resto IN ACCESS EXCLUSIVE MODE;
  SELECT EXISTS (SELECT 1 FROM consultas_ia_resto WHERE fecha >= desde AND fecha < hasta) INTO hay_filas;
  IF hay_filas THEN
    ALTER TABLE consultas_ia DETACH PARTITION consultas_ia_resto;
  END IF;
  -- Rows are only ever added: vacuum for the index of pending words and for the planner's figures, not for dead rows.
  EXECUTE format(
    'CREATE TABLE %I PARTITION OF consultas_ia FOR VALUES FROM (%L) TO (%L)
     WITH (fillfactor = 100, autovacuum_vacuum_insert_scale_factor = 0.05, autovacuum_analyze_scale_factor = 0.05)',
    particion, desde, hasta
  );
  IF hay_filas THEN
    WITH movidas AS (
      DELETE FROM consultas_ia_resto WHERE fecha >= desde AND fecha < hasta RETURNING *
    )
    INSERT INTO consultas_ia SELECT * FROM movidas;
    ALTER TABLE consultas_ia ATTACH PARTITION consultas_ia_resto DEFAULT;
  END IF;
END $$;
--> statement-breakpoint
-- The 24 months before, for a history that is brought along.
SELECT crear_particion_consultas_ia(((now() AT TIME ZONE 'UTC') - make_interval(months => mes))::date)
FROM generate_series(1, 24) AS mes;
--> statement-breakpoint
-- A statement that nobody waits for any more ends by itself; longer ones set their own limit.
DO $$ BEGIN
  EXECUTE format('ALTER DATABASE %I SET statement_timeout = %L', current_database(), '60s');
END $$;
