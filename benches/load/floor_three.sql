\set urgency random(0, 3)
BEGIN;
INSERT INTO floor_ticket (status, urgency, body) VALUES ('new', :urgency, repeat('x', 600)) RETURNING id \gset
INSERT INTO floor_event (ticket, kind, body) VALUES (:id, 'filed', repeat('x', 600));
INSERT INTO floor_outbox (ticket, dedupe, state) VALUES (:id, 'filed/' || :id, 'pending');
COMMIT;
