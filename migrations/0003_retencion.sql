-- Forgets what is older than a moment: whole partitions are dropped, which costs nothing, and of the one that the
-- moment parts (and of the DEFAULT one) at most `tope` rows are deleted. Gives how many rows were deleted one by one.
CREATE FUNCTION retener_consultas_ia(limite timestamptz, tope integer) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
  particion text;
  borradas integer;
BEGIN
  -- Better to come back tomorrow than to keep everyone waiting behind a long read.
  SET LOCAL lock_timeout = '2s';
  FOR particion IN
    SELECT relname FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid
    WHERE inhparent = 'consultas_ia'::regclass AND relname ~ '^consultas_ia_\d{4}_\d{2}$'
      AND ((to_date(right(relname, 7), 'YYYY_MM') + interval '1 month') AT TIME ZONE 'UTC') <= limite
  LOOP
    EXECUTE format('DROP TABLE %I', particion);
  END LOOP;
  DELETE FROM consultas_ia WHERE (solicitud_id, fecha) IN (
    SELECT solicitud_id, fecha FROM consultas_ia WHERE fecha < limite LIMIT tope
  );
  GET DIAGNOSTICS borradas = ROW_COUNT;
  RETURN borradas;
END $$;
