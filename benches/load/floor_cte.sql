\set urgency random(0, 3)
WITH filed AS (INSERT INTO floor_ticket (status, urgency, body) VALUES ('new', :urgency, repeat('x', 600)) RETURNING id), happened AS (INSERT INTO floor_event (ticket, kind, body) SELECT id, 'filed', repeat('x', 600) FROM filed) INSERT INTO floor_outbox (ticket, dedupe, state) SELECT id, 'filed/' || id, 'pending' FROM filed;
