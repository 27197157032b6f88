-- A copy of the access keys for people to read. What counts is kept elsewhere, and no secret or digest is here.
CREATE TABLE claves (
  id text PRIMARY KEY,
  cliente text NOT NULL,
  nombre text NOT NULL,
  permisos text[] NOT NULL,
  chats bigint[],
  por_minuto integer,
  por_dia integer,
  creada timestamptz NOT NULL,
  caduca timestamptz,
  revocada timestamptz,
  ultimo_uso timestamptz,
  version bigint NOT NULL
);
