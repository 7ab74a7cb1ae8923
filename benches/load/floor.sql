CREATE TABLE floor_ticket (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  status text NOT NULL, urgency integer NOT NULL, body text NOT NULL);
CREATE INDEX ON floor_ticket (status, id);
CREATE INDEX ON floor_ticket (urgency, id);
CREATE TABLE floor_event (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  ticket bigint NOT NULL REFERENCES floor_ticket, kind text NOT NULL, body text NOT NULL);
CREATE TABLE floor_outbox (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  ticket bigint NOT NULL REFERENCES floor_ticket, dedupe text NOT NULL UNIQUE, state text NOT NULL);
