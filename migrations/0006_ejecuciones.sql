-- What the clock's jobs did: one row for each run that has ended.
CREATE TABLE ejecuciones (
  id uuid PRIMARY KEY,
  trabajo text NOT NULL,
  origen text NOT NULL,
  inicio timestamptz NOT NULL,
  fin timestamptz NOT NULL,
  resultado text NOT NULL CHECK (resultado IN ('completada', 'fallida')),
  recuentos jsonb NOT NULL,
  error text
);
--> statement-breakpoint
CREATE INDEX ejecuciones_trabajo ON ejecuciones (trabajo, inicio);
