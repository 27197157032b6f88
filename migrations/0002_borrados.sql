-- Chats whose history was erased, and until when: what is restored from an older copy is erased again.
CREATE TABLE borrados (
  cliente text NOT NULL,
  chat_id bigint NOT NULL,
  hasta timestamptz NOT NULL,
  PRIMARY KEY (cliente, chat_id)
);
