BEGIN TRANSACTION;
CREATE TABLE agreed (
	crossing TEXT NOT NULL, 
	source_id TEXT NOT NULL, 
	says TEXT NOT NULL, 
	agreed_at TEXT NOT NULL, 
	change BIGINT NOT NULL, 
	PRIMARY KEY (crossing, source_id)
);
CREATE TABLE counter (
	name TEXT NOT NULL, 
	value BIGINT NOT NULL, 
	PRIMARY KEY (name)
);
INSERT INTO "counter" VALUES('change',5);
CREATE TABLE decision (
	number INTEGER NOT NULL, 
	crossing TEXT NOT NULL, 
	source_id TEXT NOT NULL, 
	decision TEXT NOT NULL, 
	reason TEXT NOT NULL, 
	decided_by TEXT NOT NULL, 
	recorded_at TEXT NOT NULL, 
	PRIMARY KEY (number), 
	CONSTRAINT decision_is_known CHECK (decision in ('ignore', 'retry'))
);
INSERT INTO "decision" VALUES(1,'order_to_invoice','801B','ignore','ours','ann','2026-03-05T12:00:00.000000+00:00');
CREATE TABLE disagreement (
	id TEXT NOT NULL, 
	crossing TEXT NOT NULL, 
	source_id TEXT NOT NULL, 
	target_id TEXT NOT NULL, 
	label TEXT, 
	target TEXT NOT NULL, 
	field TEXT NOT NULL, 
	says TEXT NOT NULL, 
	owner TEXT NOT NULL, 
	verdict TEXT NOT NULL, 
	is_known BOOLEAN NOT NULL, 
	agreed TEXT, 
	salesforce_value TEXT, 
	intacct_value TEXT, 
	salesforce_version TEXT, 
	intacct_version TEXT, 
	intent_key TEXT, 
	changed_by TEXT, 
	opened_at TEXT NOT NULL, 
	closed_at TEXT, 
	winner TEXT, 
	decided_by TEXT, 
	run TEXT NOT NULL, 
	change BIGINT NOT NULL, 
	PRIMARY KEY (id), 
	CONSTRAINT disagreement_is_known CHECK (verdict in ('overrule', 'yield', 'conflict'))
);
CREATE TABLE exception (
	id TEXT NOT NULL, 
	cause TEXT NOT NULL, 
	subject TEXT NOT NULL, 
	first_seen_at TEXT NOT NULL, 
	last_seen_at TEXT NOT NULL, 
	resolved_at TEXT, 
	PRIMARY KEY (id)
);
INSERT INTO "exception" VALUES('9034e48c','missing_item','SKU-9','2026-03-05T12:00:00.000000+00:00','2026-03-05T12:00:00.000000+00:00',NULL);
CREATE TABLE intent (
	"key" TEXT NOT NULL, 
	crossing TEXT NOT NULL, 
	action TEXT NOT NULL, 
	source_system TEXT NOT NULL, 
	source_object TEXT NOT NULL, 
	source_id TEXT NOT NULL, 
	source_version TEXT NOT NULL, 
	source_hash TEXT NOT NULL, 
	target_system TEXT NOT NULL, 
	target_object TEXT NOT NULL, 
	target_id TEXT, 
	target_version TEXT, 
	natural_key TEXT NOT NULL, 
	label TEXT NOT NULL, 
	content_hash TEXT NOT NULL, 
	wording_hash TEXT NOT NULL, 
	kept_hash TEXT, 
	fixed_hash TEXT, 
	mapping_revision TEXT NOT NULL, 
	request TEXT NOT NULL, 
	amount TEXT, 
	currency TEXT, 
	entity TEXT, 
	state TEXT NOT NULL, 
	attempt INTEGER NOT NULL, 
	refusals INTEGER NOT NULL, 
	sent_at TEXT, 
	due_at TEXT, 
	looked_at TEXT, 
	is_doubtful BOOLEAN NOT NULL, 
	cause TEXT, 
	message TEXT, 
	created_at TEXT NOT NULL, 
	run TEXT NOT NULL, 
	change BIGINT NOT NULL, 
	PRIMARY KEY ("key"), 
	CONSTRAINT state_is_known CHECK (state in ('pending', 'in_flight', 'accepted', 'verified', 'refused', 'uncertain', 'held', 'cancelled')), 
	CONSTRAINT action_is_known CHECK (action in ('create', 'update')), 
	CONSTRAINT accepted_has_a_record CHECK (state not in ('accepted', 'verified') or target_id is not null)
);
INSERT INTO "intent" VALUES('k1','order_to_invoice','create','salesforce','Order','801A','2026-03-05T10:00:00.000000Z','source hash','intacct','ARINVOICE','7',NULL,'SO-1','1','content hash','wording hash',NULL,NULL,'revision 1','<create_invoice/>','100.00','USD',NULL,'verified',1,0,'2026-03-05T12:00:00.000000+00:00',NULL,NULL,0,NULL,NULL,'2026-03-05T12:00:00.000000+00:00','run 1',4);
INSERT INTO "intent" VALUES('k2','order_to_invoice','create','salesforce','Order','801B','2026-03-05T10:00:00.000000Z','source hash','intacct','ARINVOICE',NULL,NULL,'SO-1','Zoë''s','content hash','wording hash',NULL,NULL,'revision 1','<create_invoice/>','100.00','USD',NULL,'uncertain',1,0,'2026-03-05T12:00:00.000000+00:00','2026-03-05T12:01:00.000000+00:00',NULL,1,'BL34000061','it''s there – already','2026-03-05T12:00:00.000000+00:00','run 1',3);
CREATE TABLE lease (
	name TEXT NOT NULL, 
	holder TEXT NOT NULL, 
	epoch BIGINT NOT NULL, 
	until TEXT NOT NULL, 
	PRIMARY KEY (name)
);
CREATE TABLE link (
	crossing TEXT NOT NULL, 
	source_id TEXT NOT NULL, 
	target_id TEXT NOT NULL, 
	natural_key TEXT NOT NULL, 
	change BIGINT NOT NULL, 
	PRIMARY KEY (crossing, source_id), 
	CONSTRAINT one_source_per_target UNIQUE (crossing, target_id)
);
INSERT INTO "link" VALUES('order_to_invoice','801A','7','SO-1',3);
INSERT INTO "link" VALUES('account_to_customer','001A','9','C-9',5);
CREATE TABLE receipt (
	number INTEGER NOT NULL, 
	intent_key TEXT NOT NULL, 
	attempt INTEGER NOT NULL, 
	recorded_at TEXT NOT NULL, 
	result TEXT NOT NULL, 
	target_id TEXT, 
	code TEXT NOT NULL, 
	message TEXT NOT NULL, 
	run TEXT NOT NULL, 
	PRIMARY KEY (number), 
	CONSTRAINT result_is_known CHECK (result in ('accepted', 'refused', 'not_executed', 'uncertain', 'doubtful', 'found', 'absent', 'different', 'verified', 'decided')), 
	FOREIGN KEY(intent_key) REFERENCES intent ("key")
);
INSERT INTO "receipt" VALUES(1,'k1',1,'2026-03-05T12:01:00.000000+00:00','accepted','7','','','run 1');
INSERT INTO "receipt" VALUES(2,'k2',1,'2026-03-05T12:01:00.000000+00:00','doubtful',NULL,'BL34000061','it''s there – already','run 1');
INSERT INTO "receipt" VALUES(3,'k1',1,'2026-03-05T12:02:00.000000+00:00','verified',NULL,'','','run 2');
CREATE TABLE verdict (
	number INTEGER NOT NULL, 
	crossing TEXT NOT NULL, 
	source_id TEXT NOT NULL, 
	target_id TEXT NOT NULL, 
	natural_key TEXT NOT NULL, 
	verdict TEXT NOT NULL, 
	score INTEGER, 
	evidence TEXT NOT NULL, 
	reason TEXT NOT NULL, 
	decided_by TEXT NOT NULL, 
	recorded_at TEXT NOT NULL, 
	run TEXT NOT NULL, 
	PRIMARY KEY (number), 
	CONSTRAINT verdict_is_known CHECK (verdict in ('same', 'different'))
);
INSERT INTO "verdict" VALUES(1,'account_to_customer','001A','9','C-9','same',NULL,'name','','ann','2026-03-05T12:00:00.000000+00:00','run 1');
CREATE TABLE victim (
	exception_id TEXT NOT NULL, 
	crossing TEXT NOT NULL, 
	source_id TEXT NOT NULL, 
	source_object TEXT NOT NULL, 
	label TEXT NOT NULL, 
	amount TEXT, 
	currency TEXT, 
	seen TEXT NOT NULL, 
	first_seen_at TEXT NOT NULL, 
	cleared_at TEXT, 
	PRIMARY KEY (exception_id, crossing, source_id), 
	FOREIGN KEY(exception_id) REFERENCES exception (id)
);
INSERT INTO "victim" VALUES('9034e48c','order_to_invoice','801B','Order','1',NULL,NULL,'','2026-03-05T12:00:00.000000+00:00',NULL);
CREATE INDEX intent_by_source ON intent (crossing, source_id);
CREATE UNIQUE INDEX one_create_per_source ON intent (crossing, source_system, source_id) WHERE action = 'create';
CREATE INDEX intent_by_change ON intent (change);
CREATE INDEX intent_by_state ON intent (crossing, state);
CREATE INDEX decision_by_source ON decision (crossing, source_id);
CREATE INDEX verdict_by_source ON verdict (crossing, source_id);
CREATE INDEX disagreement_by_intent ON disagreement (intent_key);
CREATE INDEX disagreement_open ON disagreement (crossing, closed_at);
CREATE INDEX disagreement_by_change ON disagreement (change);
CREATE INDEX agreed_by_change ON agreed (change);
CREATE INDEX receipt_by_intent ON receipt (intent_key);
CREATE TRIGGER receipt_no_update before update on receipt
begin select raise(abort, 'a receipt is never changed'); end;
CREATE TRIGGER receipt_no_delete before delete on receipt
begin select raise(abort, 'a receipt is never changed'); end;
CREATE TRIGGER verdict_no_update before update on verdict
begin select raise(abort, 'a verdict is never changed: a newer one counts'); end;
CREATE TRIGGER verdict_no_delete before delete on verdict
begin select raise(abort, 'a verdict is never changed: a newer one counts'); end;
COMMIT;
