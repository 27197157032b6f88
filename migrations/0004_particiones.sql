-- The settings of every month's partition, also of those that the first migration made without them. Rows are only
-- ever added: vacuum for the index of pending words and for the planner's figures, not for dead rows.
CREATE FUNCTION ajustar_particion_consultas_ia(particion regclass) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format(
    'ALTER TABLE %s SET (fillfactor = 100, autovacuum_vacuum_insert_scale_factor = 0.05, autovacuum_analyze_scale_factor = 0.05)',
    particion
  );
END $$;
--> statement-breakpoint
SELECT ajustar_particion_consultas_ia(inhrelid) FROM pg_inherits WHERE inhparent = 'consultas_ia'::regclass;
--> statement-breakpoint
-- Makes the partition of the month (UTC) that holds the given day, unless it is there. Rows of that month that came
-- before it wait in the DEFAULT partition: they are moved, in the same transaction. It gives up rather than let
-- everyone wait behind it for a long read to end.
CREATE OR REPLACE FUNCTION crear_particion_consultas_ia(dia date) RETURNS void LANGUAGE plpgsql
SET lock_timeout = '2s' AS $$
DECLARE
  desde timestamptz := date_trunc('month', dia::timestamp) AT TIME ZONE 'UTC';
  hasta timestamptz := (date_trunc('month', dia::timestamp) + interval '1 month') AT TIME ZONE 'UTC';
  particion text := 'consultas_ia_' || to_char(dia, 'YYYY_MM');
  hay_filas boolean;
BEGIN
  IF to_regclass(particion) IS NOT NULL THEN
    RETURN;
  END IF;
  -- Whole, and first: who writes takes the table before its partitions, and the other way round would be a deadlock.
  LOCK TABLE consultas_ia IN ACCESS EXCLUSIVE MODE;
  IF to_regclass(particion) IS NOT NULL THEN
    RETURN;
  END IF;
  SELECT EXISTS (SELECT 1 FROM consultas_ia_resto WHERE fecha >= desde AND fecha < hasta) INTO hay_filas;
  IF hay_filas THEN
    ALTER TABLE consultas_ia DETACH PARTITION consultas_ia_resto;
  END IF;
  EXECUTE format(
    'CREATE TABLE %I PARTITION OF consultas_ia FOR VALUES FROM (%L) TO (%L)', particion, desde, hasta
  );
  PERFORM ajustar_particion_consultas_ia(particion::regclass);
  IF hay_filas THEN
    WITH movidas AS (
      DELETE FROM consultas_ia_resto WHERE fecha >= desde AND fecha < hasta RETURNING *
    )
    INSERT INTO consultas_ia SELECT * FROM movidas;
    ALTER TABLE consultas_ia ATTACH PARTITION consultas_ia_resto DEFAULT;
  END IF;
END $$;
--> statement-breakpoint
DROP FUNCTION retener_consultas_ia;
--> statement-breakpoint
-- Forgets what is older than a moment (null: nothing), or older than the moment of its own client, as
-- {"cliente": "2026-01-01T00:00:00Z"} or null for one who keeps everything. Whole partitions are dropped where nobody
-- keeps a row of theirs, which costs nothing; of the others at most `tope` rows are deleted. Gives how many rows were
-- deleted one by one.
CREATE FUNCTION retener_consultas_ia(limite timestamptz, propios jsonb, tope integer) RETURNS integer LANGUAGE plpgsql
-- Better to come back tomorrow than to keep everyone waiting behind a long read.
SET lock_timeout = '2s' AS $$
DECLARE
  particion record;
  propio record;
  se_queda boolean;
  borradas integer;
  total integer;
BEGIN
  FOR particion IN
    SELECT nombre, fin FROM (
      SELECT relname AS nombre,
        (to_date(right(relname, 7), 'YYYY_MM') + interval '1 month') AT TIME ZONE 'UTC' AS fin
      FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid
      WHERE inhparent = 'consultas_ia'::regclass AND relname ~ '^consultas_ia_\d{4}_\d{2}$'
    ) AS meses WHERE fin <= limite
  LOOP
    EXECUTE format('SELECT EXISTS (SELECT 1 FROM %I WHERE cliente = ANY ($1))', particion.nombre) INTO se_queda
      USING ARRAY(SELECT key FROM jsonb_each_text(propios) WHERE value IS NULL OR value::timestamptz < particion.fin);
    IF NOT se_queda THEN
      EXECUTE format('DROP TABLE %I', particion.nombre);
    END IF;
  END LOOP;

  DELETE FROM consultas_ia WHERE (solicitud_id, fecha) IN (
    SELECT solicitud_id, fecha FROM consultas_ia WHERE fecha < limite AND NOT propios ? cliente LIMIT tope
  );
  GET DIAGNOSTICS total = ROW_COUNT;
  FOR propio IN SELECT key AS de, value::timestamptz AS antes FROM jsonb_each_text(propios) WHERE value IS NOT NULL LOOP
    DELETE FROM consultas_ia WHERE (solicitud_id, fecha) IN (
      SELECT solicitud_id, fecha FROM consultas_ia
      WHERE cliente = propio.de AND fecha < propio.antes LIMIT tope - total
    );
    GET DIAGNOSTICS borradas = ROW_COUNT;
    total := total + borradas;
  END LOOP;
  RETURN total;
END $$;
