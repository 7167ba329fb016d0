BEGIN TRANSACTION;
CREATE TABLE address (
	id INTEGER NOT NULL, 
	person_id INTEGER NOT NULL, 
	account VARCHAR NOT NULL, 
	channel VARCHAR NOT NULL, 
	address VARCHAR NOT NULL, 
	since DATETIME NOT NULL, 
	heard_at DATETIME, 
	unreachable_at DATETIME, 
	reason VARCHAR NOT NULL, alias VARCHAR DEFAULT '' NOT NULL, until DATETIME, 
	CONSTRAINT pk_address PRIMARY KEY (id), 
	CONSTRAINT fk_address_person_id_person FOREIGN KEY(person_id) REFERENCES person (id)
);
INSERT INTO "address" VALUES(1,1,'terminal','terminal','petugas','2026-11-23 02:00:00.000000','2026-11-23 02:00:00.000000',NULL,'','',NULL);
INSERT INTO "address" VALUES(2,2,'terminal','terminal','stage-1','2026-11-23 02:01:00.000000','2026-11-23 02:01:00.000000',NULL,'','',NULL);
INSERT INTO "address" VALUES(3,3,'terminal','terminal','stage-2','2026-11-23 02:02:00.000000','2026-11-23 02:02:01.000000',NULL,'','',NULL);
INSERT INTO "address" VALUES(4,4,'terminal','terminal','stage-3','2026-11-23 02:03:00.000000','2026-11-23 02:03:02.000000',NULL,'','',NULL);
INSERT INTO "address" VALUES(5,5,'terminal','terminal','stage-4','2026-11-23 02:04:00.000000','2026-11-23 02:04:03.000000',NULL,'','',NULL);
INSERT INTO "address" VALUES(6,6,'terminal','terminal','stage-5','2026-11-23 02:05:00.000000','2026-11-23 02:05:04.000000',NULL,'','',NULL);
INSERT INTO "address" VALUES(7,7,'terminal','terminal','stage-6','2026-11-23 02:06:00.000000','2026-11-23 02:06:05.000000',NULL,'','',NULL);
INSERT INTO "address" VALUES(8,8,'terminal','terminal','stage-7','2026-11-23 02:07:00.000000','2026-11-23 02:07:06.000000',NULL,'','',NULL);
INSERT INTO "address" VALUES(9,9,'terminal','terminal','stage-8','2026-11-23 02:08:00.000000','2026-11-23 02:08:07.000000',NULL,'','',NULL);
INSERT INTO "address" VALUES(10,10,'terminal','terminal','stage-9','2026-11-23 02:09:00.000000','2026-11-23 02:09:08.000000',NULL,'','',NULL);
INSERT INTO "address" VALUES(11,11,'terminal','terminal','stage-10','2026-11-23 02:10:00.000000','2026-11-23 02:10:09.000000',NULL,'','',NULL);
INSERT INTO "address" VALUES(12,12,'terminal','terminal','stage-11','2026-11-23 02:11:00.000000','2026-11-23 02:11:10.000000',NULL,'','',NULL);
INSERT INTO "address" VALUES(13,13,'terminal','terminal','stage-12','2026-11-23 02:12:00.000000','2026-11-23 02:12:11.000000',NULL,'','',NULL);
INSERT INTO "address" VALUES(14,14,'terminal','terminal','stage-13','2026-11-23 02:13:00.000000','2026-11-23 02:13:12.000000',NULL,'','',NULL);
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0006');
CREATE TABLE board (
	campaign_id INTEGER NOT NULL, 
	address_id INTEGER NOT NULL, 
	looked_at DATETIME NOT NULL, 
	shown_id INTEGER, 
	edit_id INTEGER, 
	step INTEGER NOT NULL, 
	told_at DATETIME, 
	ended_at DATETIME, 
	CONSTRAINT pk_board PRIMARY KEY (campaign_id, address_id), 
	CONSTRAINT fk_board_campaign_id_campaign FOREIGN KEY(campaign_id) REFERENCES campaign (id), 
	CONSTRAINT fk_board_address_id_address FOREIGN KEY(address_id) REFERENCES address (id)
);
CREATE TABLE business (
	id INTEGER NOT NULL, 
	name VARCHAR NOT NULL, 
	owner VARCHAR NOT NULL, 
	nib VARCHAR NOT NULL, 
	form VARCHAR NOT NULL, 
	size VARCHAR NOT NULL, 
	role VARCHAR NOT NULL, 
	tax VARCHAR NOT NULL, 
	kbli JSON NOT NULL, 
	region VARCHAR NOT NULL, 
	district VARCHAR NOT NULL, 
	street VARCHAR NOT NULL, 
	pin JSON NOT NULL, 
	phone VARCHAR NOT NULL, 
	statement JSON NOT NULL, 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_business PRIMARY KEY (id)
);
INSERT INTO "business" VALUES(1,'Amplang Bu Siti','Siti Aminah','9120001234567','perorangan','mikro','produsen','','[]','64.72','64.72.08','Jl. Gerilya','{}','+6281234567890','{"version": "2026-11", "at": "2026-11-23T02:13:12+00:00"}','2026-11-23 02:13:12.000000');
CREATE TABLE call (
	id INTEGER NOT NULL, 
	source VARCHAR NOT NULL, 
	source_id VARCHAR NOT NULL, 
	title VARCHAR NOT NULL, 
	buyer VARCHAR NOT NULL, 
	region VARCHAR NOT NULL, 
	etalase JSON NOT NULL, 
	budget BIGINT, 
	method VARCHAR NOT NULL, 
	kind VARCHAR NOT NULL, 
	small_only BOOLEAN, 
	closes_at DATETIME, 
	link VARCHAR NOT NULL, 
	status VARCHAR NOT NULL, 
	history JSON NOT NULL, 
	created_by INTEGER, 
	created_at DATETIME NOT NULL, 
	told_at DATETIME, detail VARCHAR DEFAULT '' NOT NULL, institution VARCHAR DEFAULT '' NOT NULL, reason VARCHAR DEFAULT '' NOT NULL, places JSON DEFAULT '[]' NOT NULL, funds JSON DEFAULT '[]' NOT NULL, estimate BIGINT, domestic BOOLEAN, opens_at DATETIME, seen_at DATETIME, changed_at DATETIME, 
	CONSTRAINT pk_call PRIMARY KEY (id), 
	CONSTRAINT fk_call_created_by_person FOREIGN KEY(created_by) REFERENCES person (id)
);
CREATE TABLE callkey (
	system VARCHAR NOT NULL, 
	number VARCHAR NOT NULL, 
	call_id INTEGER NOT NULL, 
	CONSTRAINT pk_callkey PRIMARY KEY (system, number), 
	CONSTRAINT fk_callkey_call_id_call FOREIGN KEY(call_id) REFERENCES call (id)
);
CREATE TABLE callnotice (
	id INTEGER NOT NULL, 
	call_id INTEGER NOT NULL, 
	person_id INTEGER NOT NULL, 
	kind VARCHAR NOT NULL, 
	product_id INTEGER, 
	reasons JSON NOT NULL, 
	answer VARCHAR NOT NULL, 
	answered_at DATETIME, 
	at DATETIME NOT NULL, score FLOAT DEFAULT '0' NOT NULL, told_at DATETIME, 
	CONSTRAINT pk_callnotice PRIMARY KEY (id), 
	CONSTRAINT fk_callnotice_call_id_call FOREIGN KEY(call_id) REFERENCES call (id), 
	CONSTRAINT fk_callnotice_person_id_person FOREIGN KEY(person_id) REFERENCES person (id), 
	CONSTRAINT fk_callnotice_product_id_product FOREIGN KEY(product_id) REFERENCES product (id)
);
CREATE TABLE "campaign" (
	id INTEGER NOT NULL, 
	officer_id INTEGER NOT NULL, 
	text VARCHAR NOT NULL, 
	picture VARCHAR NOT NULL, 
	audience JSON NOT NULL, 
	message JSON NOT NULL, 
	status VARCHAR NOT NULL, 
	total INTEGER NOT NULL, 
	excluded JSON NOT NULL, 
	created_at DATETIME NOT NULL, 
	started_at DATETIME, 
	filled_at DATETIME, 
	ended_at DATETIME, 
	approver_id INTEGER, 
	approved_at DATETIME, 
	starts_at DATETIME, 
	ends_at DATETIME, 
	paid BOOLEAN DEFAULT 0 NOT NULL, 
	canary INTEGER DEFAULT '0' NOT NULL, 
	why VARCHAR DEFAULT '' NOT NULL, 
	paused_at DATETIME, 
	"plan" JSON DEFAULT '{}' NOT NULL, 
	filled_to INTEGER DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_campaign PRIMARY KEY (id), 
	CONSTRAINT fk_campaign_officer_id_person FOREIGN KEY(officer_id) REFERENCES person (id), 
	CONSTRAINT fk_campaign_approver_id_person FOREIGN KEY(approver_id) REFERENCES person (id)
);
CREATE TABLE columns (
	header VARCHAR NOT NULL, 
	fields JSON NOT NULL, 
	officer_id INTEGER, 
	at DATETIME NOT NULL, 
	CONSTRAINT pk_columns PRIMARY KEY (header), 
	CONSTRAINT fk_columns_officer_id_person FOREIGN KEY(officer_id) REFERENCES person (id)
);
CREATE TABLE consent (
	id INTEGER NOT NULL, 
	person_id INTEGER NOT NULL, 
	purpose VARCHAR NOT NULL, 
	version VARCHAR NOT NULL, 
	channel VARCHAR NOT NULL, 
	given_at DATETIME NOT NULL, 
	withdrawn_at DATETIME, 
	CONSTRAINT pk_consent PRIMARY KEY (id), 
	CONSTRAINT fk_consent_person_id_person FOREIGN KEY(person_id) REFERENCES person (id)
);
INSERT INTO "consent" VALUES(1,4,'registration','2026-11','terminal','2026-11-23 02:03:02.000000',NULL);
INSERT INTO "consent" VALUES(2,5,'registration','2026-11','terminal','2026-11-23 02:04:02.000000',NULL);
INSERT INTO "consent" VALUES(3,6,'registration','2026-11','terminal','2026-11-23 02:05:02.000000',NULL);
INSERT INTO "consent" VALUES(4,7,'registration','2026-11','terminal','2026-11-23 02:06:02.000000',NULL);
INSERT INTO "consent" VALUES(5,8,'registration','2026-11','terminal','2026-11-23 02:07:02.000000',NULL);
INSERT INTO "consent" VALUES(6,9,'registration','2026-11','terminal','2026-11-23 02:08:02.000000',NULL);
INSERT INTO "consent" VALUES(7,10,'registration','2026-11','terminal','2026-11-23 02:09:02.000000',NULL);
INSERT INTO "consent" VALUES(8,11,'registration','2026-11','terminal','2026-11-23 02:10:02.000000',NULL);
INSERT INTO "consent" VALUES(9,12,'registration','2026-11','terminal','2026-11-23 02:11:02.000000',NULL);
INSERT INTO "consent" VALUES(10,13,'registration','2026-11','terminal','2026-11-23 02:12:02.000000',NULL);
INSERT INTO "consent" VALUES(11,14,'registration','2026-11','terminal','2026-11-23 02:13:02.000000',NULL);
CREATE TABLE conversation (
	id INTEGER NOT NULL, 
	person_id INTEGER NOT NULL, 
	form VARCHAR NOT NULL, 
	answers JSON NOT NULL, 
	asked JSON NOT NULL, 
	reopened JSON NOT NULL, 
	about JSON NOT NULL, 
	groups JSON NOT NULL, 
	revision INTEGER NOT NULL, 
	current BOOLEAN NOT NULL, 
	heard_at DATETIME, 
	heard_sequence INTEGER NOT NULL, 
	started_at DATETIME NOT NULL, 
	updated_at DATETIME NOT NULL, 
	closed_at DATETIME, 
	CONSTRAINT pk_conversation PRIMARY KEY (id), 
	CONSTRAINT fk_conversation_person_id_person FOREIGN KEY(person_id) REFERENCES person (id)
);
INSERT INTO "conversation" VALUES(1,2,'welcome','{}','{"step": "consent", "options": ["agree", "who"], "offers": {}, "labels": {}, "page": 0, "at": "2026-11-23T02:01:00+00:00"}','[]','{"text": "halo"}','[]',0,1,NULL,0,'2026-11-23 02:01:00.000000','2026-11-23 02:01:00.000000',NULL);
INSERT INTO "conversation" VALUES(2,3,'welcome','{"consent": "agree"}','{"step": "name", "options": [], "offers": {}, "labels": {}, "page": 0, "at": "2026-11-23T02:02:01+00:00"}','[]','{"text": "halo"}','[]',1,1,NULL,0,'2026-11-23 02:02:00.000000','2026-11-23 02:02:01.000000',NULL);
INSERT INTO "conversation" VALUES(3,4,'welcome','{"consent": "agree", "name": "Bu Siti"}','{"step": "name", "options": [], "offers": {}, "labels": {}, "page": 0, "at": "2026-11-23T02:03:01+00:00", "after": "name"}','[]','{"text": "halo"}','[]',2,0,NULL,0,'2026-11-23 02:03:00.000000','2026-11-23 02:03:02.000000','2026-11-23 02:03:02.000000');
INSERT INTO "conversation" VALUES(4,4,'product','{}','{"step": "photos", "options": [], "offers": {}, "labels": {}, "page": 0, "at": "2026-11-23T02:03:02+00:00"}','[]','{}','[]',0,1,NULL,0,'2026-11-23 02:03:02.000000','2026-11-23 02:03:02.000000',NULL);
INSERT INTO "conversation" VALUES(5,5,'welcome','{"consent": "agree", "name": "Bu Siti"}','{"step": "name", "options": [], "offers": {}, "labels": {}, "page": 0, "at": "2026-11-23T02:04:01+00:00", "after": "name"}','[]','{"text": "halo"}','[]',2,0,NULL,0,'2026-11-23 02:04:00.000000','2026-11-23 02:04:02.000000','2026-11-23 02:04:02.000000');
INSERT INTO "conversation" VALUES(6,5,'product','{"photos": [{"name": "fea7f438415c4bec6b402844ed8fc5db8e6545eb440df4f61ee332acee0c3a77.jpg", "sha256": "fea7f438415c4bec6b402844ed8fc5db8e6545eb440df4f61ee332acee0c3a77", "width": 1200, "height": 900, "twin": "58fca146462959f5", "advice": [], "problem": ""}], "price": {"amount": 25000, "unit": "bungkus"}, "name": "Amplang ikan tenggiri"}','{"step": "details", "options": [], "offers": {}, "labels": {}, "page": 0, "at": "2026-11-23T02:04:03+00:00", "burst": ["ok"], "group": "stage-4-3"}','[]','{}','["stage-4-3"]',2,1,NULL,0,'2026-11-23 02:04:02.000000','2026-11-23 02:04:03.000000',NULL);
INSERT INTO "conversation" VALUES(7,6,'welcome','{"consent": "agree", "name": "Bu Siti"}','{"step": "name", "options": [], "offers": {}, "labels": {}, "page": 0, "at": "2026-11-23T02:05:01+00:00", "after": "name"}','[]','{"text": "halo"}','[]',2,0,NULL,0,'2026-11-23 02:05:00.000000','2026-11-23 02:05:02.000000','2026-11-23 02:05:02.000000');
INSERT INTO "conversation" VALUES(8,6,'product','{"photos": [{"name": "fea7f438415c4bec6b402844ed8fc5db8e6545eb440df4f61ee332acee0c3a77.jpg", "sha256": "fea7f438415c4bec6b402844ed8fc5db8e6545eb440df4f61ee332acee0c3a77", "width": 1200, "height": 900, "twin": "58fca146462959f5", "advice": [], "problem": ""}], "price": {"amount": 25000, "unit": "bungkus"}, "name": "Amplang ikan tenggiri", "details": "250 gram, ikan tenggiri, tahan 3 bulan"}','{"step": "capacity", "options": [], "offers": {}, "labels": {}, "page": 0, "at": "2026-11-23T02:05:04+00:00", "after": "details"}','[]','{}','["stage-5-3"]',3,1,NULL,0,'2026-11-23 02:05:02.000000','2026-11-23 02:05:04.000000',NULL);
INSERT INTO "conversation" VALUES(9,7,'welcome','{"consent": "agree", "name": "Bu Siti"}','{"step": "name", "options": [], "offers": {}, "labels": {}, "page": 0, "at": "2026-11-23T02:06:01+00:00", "after": "name"}','[]','{"text": "halo"}','[]',2,0,NULL,0,'2026-11-23 02:06:00.000000','2026-11-23 02:06:02.000000','2026-11-23 02:06:02.000000');
INSERT INTO "conversation" VALUES(10,7,'product','{"photos": [{"name": "fea7f438415c4bec6b402844ed8fc5db8e6545eb440df4f61ee332acee0c3a77.jpg", "sha256": "fea7f438415c4bec6b402844ed8fc5db8e6545eb440df4f61ee332acee0c3a77", "width": 1200, "height": 900, "twin": "58fca146462959f5", "advice": [], "problem": ""}], "price": {"amount": 25000, "unit": "bungkus"}, "name": "Amplang ikan tenggiri", "details": "250 gram, ikan tenggiri, tahan 3 bulan", "capacity": 200}','{"step": "pirt", "options": ["skip"], "offers": {}, "labels": {}, "page": 0, "at": "2026-11-23T02:06:05+00:00", "after": "capacity"}','[]','{}','["stage-6-3"]',4,1,NULL,0,'2026-11-23 02:06:02.000000','2026-11-23 02:06:05.000000',NULL);
INSERT INTO "conversation" VALUES(11,8,'welcome','{"consent": "agree", "name": "Bu Siti"}','{"step": "name", "options": [], "offers": {}, "labels": {}, "page": 0, "at": "2026-11-23T02:07:01+00:00", "after": "name"}','[]','{"text": "halo"}','[]',2,0,NULL,0,'2026-11-23 02:07:00.000000','2026-11-23 02:07:02.000000','2026-11-23 02:07:02.000000');
INSERT INTO "conversation" VALUES(12,8,'product','{"photos": [{"name": "fea7f438415c4bec6b402844ed8fc5db8e6545eb440df4f61ee332acee0c3a77.jpg", "sha256": "fea7f438415c4bec6b402844ed8fc5db8e6545eb440df4f61ee332acee0c3a77", "width": 1200, "height": 900, "twin": "58fca146462959f5", "advice": [], "problem": ""}], "price": {"amount": 25000, "unit": "bungkus"}, "name": "Amplang ikan tenggiri", "details": "250 gram, ikan tenggiri, tahan 3 bulan", "capacity": 200, "pirt": null}','{"step": "place", "options": [], "offers": {}, "labels": {}, "page": 0, "at": "2026-11-23T02:07:06+00:00"}','[]','{}','["stage-7-3"]',5,1,NULL,0,'2026-11-23 02:07:02.000000','2026-11-23 02:07:06.000000',NULL);
INSERT INTO "conversation" VALUES(13,9,'welcome','{"consent": "agree", "name": "Bu Siti"}','{"step": "name", "options": [], "offers": {}, "labels": {}, "page": 0, "at": "2026-11-23T02:08:01+00:00", "after": "name"}','[]','{"text": "halo"}','[]',2,0,NULL,0,'2026-11-23 02:08:00.000000','2026-11-23 02:08:02.000000','2026-11-23 02:08:02.000000');
INSERT INTO "conversation" VALUES(14,9,'product','{"photos": [{"name": "fea7f438415c4bec6b402844ed8fc5db8e6545eb440df4f61ee332acee0c3a77.jpg", "sha256": "fea7f438415c4bec6b402844ed8fc5db8e6545eb440df4f61ee332acee0c3a77", "width": 1200, "height": 900, "twin": "58fca146462959f5", "advice": [], "problem": ""}], "price": {"amount": 25000, "unit": "bungkus"}, "name": "Amplang ikan tenggiri", "details": "250 gram, ikan tenggiri, tahan 3 bulan", "capacity": 200, "pirt": null, "place": {"region": "64.72", "district": "64.72.08", "street": "Jl. Gerilya", "village": ""}}','{"step": "business", "options": [], "offers": {}, "labels": {}, "page": 0, "at": "2026-11-23T02:08:07+00:00", "after": "place"}','[]','{}','["stage-8-3"]',6,1,NULL,0,'2026-11-23 02:08:02.000000','2026-11-23 02:08:07.000000',NULL);
INSERT INTO "conversation" VALUES(15,10,'welcome','{"consent": "agree", "name": "Bu Siti"}','{"step": "name", "options": [], "offers": {}, "labels": {}, "page": 0, "at": "2026-11-23T02:09:01+00:00", "after": "name"}','[]','{"text": "halo"}','[]',2,0,NULL,0,'2026-11-23 02:09:00.000000','2026-11-23 02:09:02.000000','2026-11-23 02:09:02.000000');
INSERT INTO "conversation" VALUES(16,10,'product','{"photos": [{"name": "fea7f438415c4bec6b402844ed8fc5db8e6545eb440df4f61ee332acee0c3a77.jpg", "sha256": "fea7f438415c4bec6b402844ed8fc5db8e6545eb440df4f61ee332acee0c3a77", "width": 1200, "height": 900, "twin": "58fca146462959f5", "advice": [], "problem": ""}], "price": {"amount": 25000, "unit": "bungkus"}, "name": "Amplang ikan tenggiri", "details": "250 gram, ikan tenggiri, tahan 3 bulan", "capacity": 200, "pirt": null, "place": {"region": "64.72", "district": "64.72.08", "street": "Jl. Gerilya", "village": ""}, "business": "Amplang Bu Siti"}','{"step": "owner", "options": [], "offers": {}, "labels": {}, "page": 0, "at": "2026-11-23T02:09:08+00:00", "after": "business"}','[]','{}','["stage-9-3"]',7,1,NULL,0,'2026-11-23 02:09:02.000000','2026-11-23 02:09:08.000000',NULL);
INSERT INTO "conversation" VALUES(17,11,'welcome','{"consent": "agree", "name": "Bu Siti"}','{"step": "name", "options": [], "offers": {}, "labels": {}, "page": 0, "at": "2026-11-23T02:10:01+00:00", "after": "name"}','[]','{"text": "halo"}','[]',2,0,NULL,0,'2026-11-23 02:10:00.000000','2026-11-23 02:10:02.000000','2026-11-23 02:10:02.000000');
INSERT INTO "conversation" VALUES(18,11,'product','{"photos": [{"name": "fea7f438415c4bec6b402844ed8fc5db8e6545eb440df4f61ee332acee0c3a77.jpg", "sha256": "fea7f438415c4bec6b402844ed8fc5db8e6545eb440df4f61ee332acee0c3a77", "width": 1200, "height": 900, "twin": "58fca146462959f5", "advice": [], "problem": ""}], "price": {"amount": 25000, "unit": "bungkus"}, "name": "Amplang ikan tenggiri", "details": "250 gram, ikan tenggiri, tahan 3 bulan", "capacity": 200, "pirt": null, "place": {"region": "64.72", "district": "64.72.08", "street": "Jl. Gerilya", "village": ""}, "business": "Amplang Bu Siti", "owner": "Siti Aminah"}','{"step": "nib", "options": ["later"], "offers": {}, "labels": {}, "page": 0, "at": "2026-11-23T02:10:09+00:00", "after": "owner"}','[]','{}','["stage-10-3"]',8,1,NULL,0,'2026-11-23 02:10:02.000000','2026-11-23 02:10:09.000000',NULL);
INSERT INTO "conversation" VALUES(19,12,'welcome','{"consent": "agree", "name": "Bu Siti"}','{"step": "name", "options": [], "offers": {}, "labels": {}, "page": 0, "at": "2026-11-23T02:11:01+00:00", "after": "name"}','[]','{"text": "halo"}','[]',2,0,NULL,0,'2026-11-23 02:11:00.000000','2026-11-23 02:11:02.000000','2026-11-23 02:11:02.000000');
INSERT INTO "conversation" VALUES(20,12,'product','{"photos": [{"name": "fea7f438415c4bec6b402844ed8fc5db8e6545eb440df4f61ee332acee0c3a77.jpg", "sha256": "fea7f438415c4bec6b402844ed8fc5db8e6545eb440df4f61ee332acee0c3a77", "width": 1200, "height": 900, "twin": "58fca146462959f5", "advice": [], "problem": ""}], "price": {"amount": 25000, "unit": "bungkus"}, "name": "Amplang ikan tenggiri", "details": "250 gram, ikan tenggiri, tahan 3 bulan", "capacity": 200, "pirt": null, "place": {"region": "64.72", "district": "64.72.08", "street": "Jl. Gerilya", "village": ""}, "business": "Amplang Bu Siti", "owner": "Siti Aminah", "nib": "9120001234567"}','{"step": "phone", "options": [], "offers": {}, "labels": {}, "page": 0, "at": "2026-11-23T02:11:10+00:00", "after": "nib"}','[]','{}','["stage-11-3"]',9,1,NULL,0,'2026-11-23 02:11:02.000000','2026-11-23 02:11:10.000000',NULL);
INSERT INTO "conversation" VALUES(21,13,'welcome','{"consent": "agree", "name": "Bu Siti"}','{"step": "name", "options": [], "offers": {}, "labels": {}, "page": 0, "at": "2026-11-23T02:12:01+00:00", "after": "name"}','[]','{"text": "halo"}','[]',2,0,NULL,0,'2026-11-23 02:12:00.000000','2026-11-23 02:12:02.000000','2026-11-23 02:12:02.000000');
INSERT INTO "conversation" VALUES(22,13,'product','{"photos": [{"name": "fea7f438415c4bec6b402844ed8fc5db8e6545eb440df4f61ee332acee0c3a77.jpg", "sha256": "fea7f438415c4bec6b402844ed8fc5db8e6545eb440df4f61ee332acee0c3a77", "width": 1200, "height": 900, "twin": "58fca146462959f5", "advice": [], "problem": ""}], "price": {"amount": 25000, "unit": "bungkus"}, "name": "Amplang ikan tenggiri", "details": "250 gram, ikan tenggiri, tahan 3 bulan", "capacity": 200, "pirt": null, "place": {"region": "64.72", "district": "64.72.08", "street": "Jl. Gerilya", "village": ""}, "business": "Amplang Bu Siti", "owner": "Siti Aminah", "nib": "9120001234567", "phone": "+6281234567890"}','{"step": "confirm", "options": ["send", "change", "aside"], "offers": {}, "labels": {}, "page": 0, "at": "2026-11-23T02:12:11+00:00", "after": "phone"}','[]','{}','["stage-12-3"]',10,1,NULL,0,'2026-11-23 02:12:02.000000','2026-11-23 02:12:11.000000',NULL);
INSERT INTO "conversation" VALUES(23,14,'welcome','{"consent": "agree", "name": "Bu Siti"}','{"step": "name", "options": [], "offers": {}, "labels": {}, "page": 0, "at": "2026-11-23T02:13:01+00:00", "after": "name"}','[]','{"text": "halo"}','[]',2,0,NULL,0,'2026-11-23 02:13:00.000000','2026-11-23 02:13:02.000000','2026-11-23 02:13:02.000000');
INSERT INTO "conversation" VALUES(24,14,'product','{"photos": [{"name": "fea7f438415c4bec6b402844ed8fc5db8e6545eb440df4f61ee332acee0c3a77.jpg", "sha256": "fea7f438415c4bec6b402844ed8fc5db8e6545eb440df4f61ee332acee0c3a77", "width": 1200, "height": 900, "twin": "58fca146462959f5", "advice": [], "problem": ""}], "price": {"amount": 25000, "unit": "bungkus"}, "name": "Amplang ikan tenggiri", "details": "250 gram, ikan tenggiri, tahan 3 bulan", "capacity": 200, "pirt": null, "place": {"region": "64.72", "district": "64.72.08", "street": "Jl. Gerilya", "village": ""}, "business": "Amplang Bu Siti", "owner": "Siti Aminah", "nib": "9120001234567", "phone": "+6281234567890", "confirm": "send"}','{"step": "confirm", "options": ["send", "change", "aside"], "offers": {}, "labels": {}, "page": 0, "at": "2026-11-23T02:13:11+00:00", "after": "phone"}','[]','{}','["stage-13-3"]',11,0,NULL,0,'2026-11-23 02:13:02.000000','2026-11-23 02:13:12.000000','2026-11-23 02:13:12.000000');
INSERT INTO "conversation" VALUES(25,14,'extras','{}','{"step": "kbli", "options": ["have", "none", "unknown"], "offers": {}, "labels": {}, "page": 0, "at": "2026-11-23T02:13:12+00:00"}','[]','{"product": 1}','[]',0,1,NULL,0,'2026-11-23 02:13:12.000000','2026-11-23 02:13:12.000000',NULL);
CREATE TABLE deadletter (
	id INTEGER NOT NULL, 
	received_id INTEGER, 
	person_id INTEGER, 
	said JSON NOT NULL, 
	error VARCHAR NOT NULL, 
	at DATETIME NOT NULL, 
	solved_at DATETIME, 
	CONSTRAINT pk_deadletter PRIMARY KEY (id), 
	CONSTRAINT fk_deadletter_person_id_person FOREIGN KEY(person_id) REFERENCES person (id), 
	CONSTRAINT fk_deadletter_received_id_received FOREIGN KEY(received_id) REFERENCES received (id)
);
CREATE TABLE decision (
	id INTEGER NOT NULL, 
	product_id INTEGER NOT NULL, 
	officer_id INTEGER NOT NULL, 
	verdict VARCHAR NOT NULL, 
	flags JSON NOT NULL, 
	route VARCHAR NOT NULL, 
	because VARCHAR NOT NULL, 
	rules VARCHAR NOT NULL, 
	batch INTEGER NOT NULL, 
	revision INTEGER NOT NULL, 
	previous VARCHAR NOT NULL, 
	at DATETIME NOT NULL, 
	due_at DATETIME NOT NULL, 
	undone_at DATETIME, 
	CONSTRAINT pk_decision PRIMARY KEY (id), 
	CONSTRAINT fk_decision_officer_id_person FOREIGN KEY(officer_id) REFERENCES person (id), 
	CONSTRAINT fk_decision_product_id_product FOREIGN KEY(product_id) REFERENCES product (id)
);
CREATE TABLE feed (
	name VARCHAR NOT NULL, 
	tried_at DATETIME, 
	succeeded_at DATETIME, 
	failed_since DATETIME, 
	fresh_at DATETIME, 
	next_at DATETIME, 
	error VARCHAR NOT NULL, 
	marks JSON NOT NULL, 
	counts JSON NOT NULL, 
	columns JSON NOT NULL, 
	told_at DATETIME, 
	CONSTRAINT pk_feed PRIMARY KEY (name)
);
CREATE TABLE invitation (
	id INTEGER NOT NULL, 
	token_hash VARCHAR NOT NULL, 
	region VARCHAR NOT NULL, 
	expires_at DATETIME NOT NULL, 
	used_at DATETIME, 
	used_by INTEGER, 
	CONSTRAINT pk_invitation PRIMARY KEY (id), 
	CONSTRAINT fk_invitation_used_by_person FOREIGN KEY(used_by) REFERENCES person (id), 
	CONSTRAINT uq_invitation_token_hash UNIQUE (token_hash)
);
CREATE TABLE lease (
	name VARCHAR NOT NULL, 
	holder VARCHAR NOT NULL, 
	until DATETIME NOT NULL, 
	CONSTRAINT pk_lease PRIMARY KEY (name)
);
CREATE TABLE lesson (
	id INTEGER NOT NULL, 
	text VARCHAR NOT NULL, 
	etalase JSON NOT NULL, 
	"by" VARCHAR NOT NULL, 
	person_id INTEGER, 
	at DATETIME NOT NULL, 
	CONSTRAINT pk_lesson PRIMARY KEY (id), 
	CONSTRAINT fk_lesson_person_id_person FOREIGN KEY(person_id) REFERENCES person (id)
);
CREATE TABLE line (
	account VARCHAR NOT NULL, 
	stopped_at DATETIME, 
	reason VARCHAR NOT NULL, tier INTEGER DEFAULT '0' NOT NULL, quality VARCHAR DEFAULT '' NOT NULL, 
	CONSTRAINT pk_line PRIMARY KEY (account)
);
CREATE TABLE linkcode (
	id INTEGER NOT NULL, 
	code_hash VARCHAR NOT NULL, 
	person_id INTEGER NOT NULL, 
	expires_at DATETIME NOT NULL, 
	used_at DATETIME, 
	CONSTRAINT pk_linkcode PRIMARY KEY (id), 
	CONSTRAINT fk_linkcode_person_id_person FOREIGN KEY(person_id) REFERENCES person (id)
);
CREATE TABLE linkguess (
	id INTEGER NOT NULL, 
	person_id INTEGER NOT NULL, 
	at DATETIME NOT NULL, 
	CONSTRAINT pk_linkguess PRIMARY KEY (id), 
	CONSTRAINT fk_linkguess_person_id_person FOREIGN KEY(person_id) REFERENCES person (id)
);
CREATE TABLE look (
	product_id INTEGER NOT NULL, 
	officer_id INTEGER NOT NULL, 
	at DATETIME NOT NULL, 
	CONSTRAINT pk_look PRIMARY KEY (product_id), 
	CONSTRAINT fk_look_officer_id_person FOREIGN KEY(officer_id) REFERENCES person (id), 
	CONSTRAINT fk_look_product_id_product FOREIGN KEY(product_id) REFERENCES product (id)
);
CREATE TABLE membership (
	person_id INTEGER NOT NULL, 
	business_id INTEGER NOT NULL, 
	since DATETIME NOT NULL, 
	CONSTRAINT pk_membership PRIMARY KEY (person_id, business_id), 
	CONSTRAINT fk_membership_business_id_business FOREIGN KEY(business_id) REFERENCES business (id), 
	CONSTRAINT fk_membership_person_id_person FOREIGN KEY(person_id) REFERENCES person (id)
);
INSERT INTO "membership" VALUES(14,1,'2026-11-23 02:13:12.000000');
CREATE TABLE officer (
	id INTEGER NOT NULL, 
	person_id INTEGER NOT NULL, 
	region VARCHAR NOT NULL, 
	since DATETIME NOT NULL, 
	CONSTRAINT pk_officer PRIMARY KEY (id), 
	CONSTRAINT fk_officer_person_id_person FOREIGN KEY(person_id) REFERENCES person (id)
);
INSERT INTO "officer" VALUES(1,1,'64','2026-11-23 02:00:00.000000');
CREATE TABLE outgoing (
	id INTEGER NOT NULL, 
	person_id INTEGER NOT NULL, 
	address_id INTEGER NOT NULL, 
	account VARCHAR NOT NULL, 
	lane INTEGER NOT NULL, 
	kind VARCHAR NOT NULL, 
	campaign_id INTEGER, 
	subject VARCHAR NOT NULL, 
	message JSON, 
	conversation_id INTEGER, 
	bundle VARCHAR NOT NULL, 
	replaces INTEGER, 
	due_at DATETIME NOT NULL, 
	expires_at DATETIME, 
	claimed_by VARCHAR NOT NULL, 
	claimed_at DATETIME, 
	attempts INTEGER NOT NULL, 
	status VARCHAR NOT NULL, 
	external_id VARCHAR NOT NULL, 
	reason VARCHAR NOT NULL, 
	created_at DATETIME NOT NULL, 
	settled_at DATETIME, shown INTEGER DEFAULT '0' NOT NULL, template VARCHAR DEFAULT '' NOT NULL, price INTEGER DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_outgoing PRIMARY KEY (id), 
	CONSTRAINT fk_outgoing_address_id_address FOREIGN KEY(address_id) REFERENCES address (id), 
	CONSTRAINT fk_outgoing_campaign_id_campaign FOREIGN KEY(campaign_id) REFERENCES campaign (id), 
	CONSTRAINT fk_outgoing_conversation_id_conversation FOREIGN KEY(conversation_id) REFERENCES conversation (id), 
	CONSTRAINT fk_outgoing_person_id_person FOREIGN KEY(person_id) REFERENCES person (id)
);
INSERT INTO "outgoing" VALUES(1,1,1,'terminal',0,'reply',NULL,'','{"key": "menu.officer", "options": [{"id": "queue", "press": "c:queue:0:0"}, {"id": "new_call", "press": "c:new_call:0:0"}, {"id": "new_announcement", "press": "c:new_announcement:0:0"}, {"id": "inbox", "press": "c:inbox:0:0"}]}',NULL,'',NULL,'2026-11-23 02:00:00.000000',NULL,'c5ae49f8','2026-11-23 02:00:02.000000',1,'sent','','','2026-11-23 02:00:00.000000','2026-11-23 02:00:00.000000',0,'',0);
INSERT INTO "outgoing" VALUES(2,2,2,'terminal',0,'reply',NULL,'','{"key": "welcome.consent.ask", "params": {"hello": {"say": "welcome.hello_back", "params": {}}}, "options": [{"id": "agree", "press": "a:1:0:consent:agree"}, {"id": "who", "press": "c:who:0:0"}]}',1,'',NULL,'2026-11-23 02:01:00.000000',NULL,'c5ae49f8','2026-11-23 02:01:02.000000',1,'sent','','','2026-11-23 02:01:00.000000','2026-11-23 02:01:00.000000',0,'',0);
INSERT INTO "outgoing" VALUES(3,3,3,'terminal',0,'reply',NULL,'','{"key": "welcome.consent.ask", "params": {"hello": {"say": "welcome.hello_back", "params": {}}}, "options": [{"id": "agree", "press": "a:2:0:consent:agree"}, {"id": "who", "press": "c:who:0:0"}]}',2,'',NULL,'2026-11-23 02:02:00.000000',NULL,'c5ae49f8','2026-11-23 02:02:02.000000',1,'sent','','','2026-11-23 02:02:00.000000','2026-11-23 02:02:00.000000',0,'',0);
INSERT INTO "outgoing" VALUES(4,3,3,'terminal',0,'reply',NULL,'','{"key": "welcome.name.ask"}',2,'turn',NULL,'2026-11-23 02:02:03.000000',NULL,'c5ae49f8','2026-11-23 02:02:03.000000',1,'sent','','','2026-11-23 02:02:01.000000','2026-11-23 02:02:01.000000',0,'',0);
INSERT INTO "outgoing" VALUES(5,4,4,'terminal',0,'reply',NULL,'','{"key": "welcome.consent.ask", "params": {"hello": {"say": "welcome.hello_back", "params": {}}}, "options": [{"id": "agree", "press": "a:3:0:consent:agree"}, {"id": "who", "press": "c:who:0:0"}]}',3,'',NULL,'2026-11-23 02:03:00.000000',NULL,'c5ae49f8','2026-11-23 02:03:02.000000',1,'sent','','','2026-11-23 02:03:00.000000','2026-11-23 02:03:00.000000',0,'',0);
INSERT INTO "outgoing" VALUES(6,4,4,'terminal',0,'reply',NULL,'','{"key": "welcome.name.ask"}',3,'turn',NULL,'2026-11-23 02:03:03.000000',NULL,'c5ae49f8','2026-11-23 02:03:03.000000',1,'sent','','','2026-11-23 02:03:01.000000','2026-11-23 02:03:01.000000',0,'',0);
INSERT INTO "outgoing" VALUES(7,4,4,'terminal',0,'reply',NULL,'','{"key": "product.photos.ask", "params": {"product": {"say": "product.this", "params": {}}, "question": {"say": "product.photos.first", "params": {"product": {"say": "product.this", "params": {}}}}}, "lead": {"key": "welcome.hello"}}',4,'',NULL,'2026-11-23 02:03:02.000000',NULL,'c5ae49f8','2026-11-23 02:03:04.000000',1,'sent','','','2026-11-23 02:03:02.000000','2026-11-23 02:03:02.000000',0,'',0);
INSERT INTO "outgoing" VALUES(8,5,5,'terminal',0,'reply',NULL,'','{"key": "welcome.consent.ask", "params": {"hello": {"say": "welcome.hello_back", "params": {}}}, "options": [{"id": "agree", "press": "a:5:0:consent:agree"}, {"id": "who", "press": "c:who:0:0"}]}',5,'',NULL,'2026-11-23 02:04:00.000000',NULL,'c5ae49f8','2026-11-23 02:04:02.000000',1,'sent','','','2026-11-23 02:04:00.000000','2026-11-23 02:04:00.000000',0,'',0);
INSERT INTO "outgoing" VALUES(9,5,5,'terminal',0,'reply',NULL,'','{"key": "welcome.name.ask"}',5,'turn',NULL,'2026-11-23 02:04:03.000000',NULL,'c5ae49f8','2026-11-23 02:04:03.000000',1,'sent','','','2026-11-23 02:04:01.000000','2026-11-23 02:04:01.000000',0,'',0);
INSERT INTO "outgoing" VALUES(10,5,5,'terminal',0,'reply',NULL,'','{"key": "product.photos.ask", "params": {"product": {"say": "product.this", "params": {}}, "question": {"say": "product.photos.first", "params": {"product": {"say": "product.this", "params": {}}}}}, "lead": {"key": "welcome.hello"}}',6,'',NULL,'2026-11-23 02:04:02.000000',NULL,'c5ae49f8','2026-11-23 02:04:04.000000',1,'sent','','','2026-11-23 02:04:02.000000','2026-11-23 02:04:02.000000',0,'',0);
INSERT INTO "outgoing" VALUES(11,5,5,'terminal',0,'reply',NULL,'','{"key": "product.details.ask", "params": {"product": "Amplang ikan tenggiri", "question": {"say": "product.details.food", "params": {}}}, "lead": {"key": "photos.one", "params": {"n": 1}}}',6,'turn',NULL,'2026-11-23 02:04:05.000000',NULL,'c5ae49f8','2026-11-23 02:04:05.000000',1,'sent','','','2026-11-23 02:04:03.000000','2026-11-23 02:04:03.000000',0,'',0);
INSERT INTO "outgoing" VALUES(12,6,6,'terminal',0,'reply',NULL,'','{"key": "welcome.consent.ask", "params": {"hello": {"say": "welcome.hello_back", "params": {}}}, "options": [{"id": "agree", "press": "a:7:0:consent:agree"}, {"id": "who", "press": "c:who:0:0"}]}',7,'',NULL,'2026-11-23 02:05:00.000000',NULL,'c5ae49f8','2026-11-23 02:05:02.000000',1,'sent','','','2026-11-23 02:05:00.000000','2026-11-23 02:05:00.000000',0,'',0);
INSERT INTO "outgoing" VALUES(13,6,6,'terminal',0,'reply',NULL,'','{"key": "welcome.name.ask"}',7,'turn',NULL,'2026-11-23 02:05:03.000000',NULL,'c5ae49f8','2026-11-23 02:05:03.000000',1,'sent','','','2026-11-23 02:05:01.000000','2026-11-23 02:05:01.000000',0,'',0);
INSERT INTO "outgoing" VALUES(14,6,6,'terminal',0,'reply',NULL,'','{"key": "product.photos.ask", "params": {"product": {"say": "product.this", "params": {}}, "question": {"say": "product.photos.first", "params": {"product": {"say": "product.this", "params": {}}}}}, "lead": {"key": "welcome.hello"}}',8,'',NULL,'2026-11-23 02:05:02.000000',NULL,'c5ae49f8','2026-11-23 02:05:04.000000',1,'sent','','','2026-11-23 02:05:02.000000','2026-11-23 02:05:02.000000',0,'',0);
INSERT INTO "outgoing" VALUES(15,6,6,'terminal',0,'reply',NULL,'','{"key": "product.details.ask", "params": {"product": "Amplang ikan tenggiri", "question": {"say": "product.details.food", "params": {}}}, "lead": {"key": "photos.one", "params": {"n": 1}}}',8,'turn',NULL,'2026-11-23 02:05:05.000000',NULL,'c5ae49f8','2026-11-23 02:05:05.000000',1,'sent','','','2026-11-23 02:05:03.000000','2026-11-23 02:05:03.000000',0,'',0);
INSERT INTO "outgoing" VALUES(16,6,6,'terminal',0,'reply',NULL,'','{"key": "product.capacity.ask", "params": {"product": "Amplang ikan tenggiri", "unit": "bungkus"}}',8,'turn',NULL,'2026-11-23 02:05:06.000000',NULL,'c5ae49f8','2026-11-23 02:05:06.000000',1,'sent','','','2026-11-23 02:05:04.000000','2026-11-23 02:05:04.000000',0,'',0);
INSERT INTO "outgoing" VALUES(17,7,7,'terminal',0,'reply',NULL,'','{"key": "welcome.consent.ask", "params": {"hello": {"say": "welcome.hello_back", "params": {}}}, "options": [{"id": "agree", "press": "a:9:0:consent:agree"}, {"id": "who", "press": "c:who:0:0"}]}',9,'',NULL,'2026-11-23 02:06:00.000000',NULL,'c5ae49f8','2026-11-23 02:06:02.000000',1,'sent','','','2026-11-23 02:06:00.000000','2026-11-23 02:06:00.000000',0,'',0);
INSERT INTO "outgoing" VALUES(18,7,7,'terminal',0,'reply',NULL,'','{"key": "welcome.name.ask"}',9,'turn',NULL,'2026-11-23 02:06:03.000000',NULL,'c5ae49f8','2026-11-23 02:06:03.000000',1,'sent','','','2026-11-23 02:06:01.000000','2026-11-23 02:06:01.000000',0,'',0);
INSERT INTO "outgoing" VALUES(19,7,7,'terminal',0,'reply',NULL,'','{"key": "product.photos.ask", "params": {"product": {"say": "product.this", "params": {}}, "question": {"say": "product.photos.first", "params": {"product": {"say": "product.this", "params": {}}}}}, "lead": {"key": "welcome.hello"}}',10,'',NULL,'2026-11-23 02:06:02.000000',NULL,'c5ae49f8','2026-11-23 02:06:04.000000',1,'sent','','','2026-11-23 02:06:02.000000','2026-11-23 02:06:02.000000',0,'',0);
INSERT INTO "outgoing" VALUES(20,7,7,'terminal',0,'reply',NULL,'','{"key": "product.details.ask", "params": {"product": "Amplang ikan tenggiri", "question": {"say": "product.details.food", "params": {}}}, "lead": {"key": "photos.one", "params": {"n": 1}}}',10,'turn',NULL,'2026-11-23 02:06:05.000000',NULL,'c5ae49f8','2026-11-23 02:06:05.000000',1,'sent','','','2026-11-23 02:06:03.000000','2026-11-23 02:06:03.000000',0,'',0);
INSERT INTO "outgoing" VALUES(21,7,7,'terminal',0,'reply',NULL,'','{"key": "product.capacity.ask", "params": {"product": "Amplang ikan tenggiri", "unit": "bungkus"}}',10,'turn',NULL,'2026-11-23 02:06:06.000000',NULL,'c5ae49f8','2026-11-23 02:06:06.000000',1,'sent','','','2026-11-23 02:06:04.000000','2026-11-23 02:06:04.000000',0,'',0);
INSERT INTO "outgoing" VALUES(22,7,7,'terminal',0,'reply',NULL,'','{"key": "product.pirt.ask", "options": [{"id": "skip", "label": {"say": "option.none_yet", "params": {}}, "press": "a:10:4:pirt:skip"}]}',10,'turn',NULL,'2026-11-23 02:06:07.000000',NULL,'c5ae49f8','2026-11-23 02:06:07.000000',1,'sent','','','2026-11-23 02:06:05.000000','2026-11-23 02:06:05.000000',0,'',0);
INSERT INTO "outgoing" VALUES(23,8,8,'terminal',0,'reply',NULL,'','{"key": "welcome.consent.ask", "params": {"hello": {"say": "welcome.hello_back", "params": {}}}, "options": [{"id": "agree", "press": "a:11:0:consent:agree"}, {"id": "who", "press": "c:who:0:0"}]}',11,'',NULL,'2026-11-23 02:07:00.000000',NULL,'c5ae49f8','2026-11-23 02:07:02.000000',1,'sent','','','2026-11-23 02:07:00.000000','2026-11-23 02:07:00.000000',0,'',0);
INSERT INTO "outgoing" VALUES(24,8,8,'terminal',0,'reply',NULL,'','{"key": "welcome.name.ask"}',11,'turn',NULL,'2026-11-23 02:07:03.000000',NULL,'c5ae49f8','2026-11-23 02:07:03.000000',1,'sent','','','2026-11-23 02:07:01.000000','2026-11-23 02:07:01.000000',0,'',0);
INSERT INTO "outgoing" VALUES(25,8,8,'terminal',0,'reply',NULL,'','{"key": "product.photos.ask", "params": {"product": {"say": "product.this", "params": {}}, "question": {"say": "product.photos.first", "params": {"product": {"say": "product.this", "params": {}}}}}, "lead": {"key": "welcome.hello"}}',12,'',NULL,'2026-11-23 02:07:02.000000',NULL,'c5ae49f8','2026-11-23 02:07:04.000000',1,'sent','','','2026-11-23 02:07:02.000000','2026-11-23 02:07:02.000000',0,'',0);
INSERT INTO "outgoing" VALUES(26,8,8,'terminal',0,'reply',NULL,'','{"key": "product.details.ask", "params": {"product": "Amplang ikan tenggiri", "question": {"say": "product.details.food", "params": {}}}, "lead": {"key": "photos.one", "params": {"n": 1}}}',12,'turn',NULL,'2026-11-23 02:07:05.000000',NULL,'c5ae49f8','2026-11-23 02:07:05.000000',1,'sent','','','2026-11-23 02:07:03.000000','2026-11-23 02:07:03.000000',0,'',0);
INSERT INTO "outgoing" VALUES(27,8,8,'terminal',0,'reply',NULL,'','{"key": "product.capacity.ask", "params": {"product": "Amplang ikan tenggiri", "unit": "bungkus"}}',12,'turn',NULL,'2026-11-23 02:07:06.000000',NULL,'c5ae49f8','2026-11-23 02:07:06.000000',1,'sent','','','2026-11-23 02:07:04.000000','2026-11-23 02:07:04.000000',0,'',0);
INSERT INTO "outgoing" VALUES(28,8,8,'terminal',0,'reply',NULL,'','{"key": "product.pirt.ask", "options": [{"id": "skip", "label": {"say": "option.none_yet", "params": {}}, "press": "a:12:4:pirt:skip"}]}',12,'turn',NULL,'2026-11-23 02:07:07.000000',NULL,'c5ae49f8','2026-11-23 02:07:07.000000',1,'sent','','','2026-11-23 02:07:05.000000','2026-11-23 02:07:05.000000',0,'',0);
INSERT INTO "outgoing" VALUES(29,8,8,'terminal',0,'reply',NULL,'','{"key": "product.place.ask", "request": "location"}',12,'turn',NULL,'2026-11-23 02:07:08.000000',NULL,'c5ae49f8','2026-11-23 02:07:08.000000',1,'sent','','','2026-11-23 02:07:06.000000','2026-11-23 02:07:06.000000',0,'',0);
INSERT INTO "outgoing" VALUES(30,9,9,'terminal',0,'reply',NULL,'','{"key": "welcome.consent.ask", "params": {"hello": {"say": "welcome.hello_back", "params": {}}}, "options": [{"id": "agree", "press": "a:13:0:consent:agree"}, {"id": "who", "press": "c:who:0:0"}]}',13,'',NULL,'2026-11-23 02:08:00.000000',NULL,'c5ae49f8','2026-11-23 02:08:02.000000',1,'sent','','','2026-11-23 02:08:00.000000','2026-11-23 02:08:00.000000',0,'',0);
INSERT INTO "outgoing" VALUES(31,9,9,'terminal',0,'reply',NULL,'','{"key": "welcome.name.ask"}',13,'turn',NULL,'2026-11-23 02:08:03.000000',NULL,'c5ae49f8','2026-11-23 02:08:03.000000',1,'sent','','','2026-11-23 02:08:01.000000','2026-11-23 02:08:01.000000',0,'',0);
INSERT INTO "outgoing" VALUES(32,9,9,'terminal',0,'reply',NULL,'','{"key": "product.photos.ask", "params": {"product": {"say": "product.this", "params": {}}, "question": {"say": "product.photos.first", "params": {"product": {"say": "product.this", "params": {}}}}}, "lead": {"key": "welcome.hello"}}',14,'',NULL,'2026-11-23 02:08:02.000000',NULL,'c5ae49f8','2026-11-23 02:08:04.000000',1,'sent','','','2026-11-23 02:08:02.000000','2026-11-23 02:08:02.000000',0,'',0);
INSERT INTO "outgoing" VALUES(33,9,9,'terminal',0,'reply',NULL,'','{"key": "product.details.ask", "params": {"product": "Amplang ikan tenggiri", "question": {"say": "product.details.food", "params": {}}}, "lead": {"key": "photos.one", "params": {"n": 1}}}',14,'turn',NULL,'2026-11-23 02:08:05.000000',NULL,'c5ae49f8','2026-11-23 02:08:05.000000',1,'sent','','','2026-11-23 02:08:03.000000','2026-11-23 02:08:03.000000',0,'',0);
INSERT INTO "outgoing" VALUES(34,9,9,'terminal',0,'reply',NULL,'','{"key": "product.capacity.ask", "params": {"product": "Amplang ikan tenggiri", "unit": "bungkus"}}',14,'turn',NULL,'2026-11-23 02:08:06.000000',NULL,'c5ae49f8','2026-11-23 02:08:06.000000',1,'sent','','','2026-11-23 02:08:04.000000','2026-11-23 02:08:04.000000',0,'',0);
INSERT INTO "outgoing" VALUES(35,9,9,'terminal',0,'reply',NULL,'','{"key": "product.pirt.ask", "options": [{"id": "skip", "label": {"say": "option.none_yet", "params": {}}, "press": "a:14:4:pirt:skip"}]}',14,'turn',NULL,'2026-11-23 02:08:07.000000',NULL,'c5ae49f8','2026-11-23 02:08:07.000000',1,'sent','','','2026-11-23 02:08:05.000000','2026-11-23 02:08:05.000000',0,'',0);
INSERT INTO "outgoing" VALUES(36,9,9,'terminal',0,'reply',NULL,'','{"key": "product.place.ask", "request": "location"}',14,'turn',NULL,'2026-11-23 02:08:08.000000',NULL,'c5ae49f8','2026-11-23 02:08:08.000000',1,'sent','','','2026-11-23 02:08:06.000000','2026-11-23 02:08:06.000000',0,'',0);
INSERT INTO "outgoing" VALUES(37,9,9,'terminal',0,'reply',NULL,'','{"key": "product.business.ask"}',14,'turn',NULL,'2026-11-23 02:08:09.000000',NULL,'c5ae49f8','2026-11-23 02:08:09.000000',1,'sent','','','2026-11-23 02:08:07.000000','2026-11-23 02:08:07.000000',0,'',0);
INSERT INTO "outgoing" VALUES(38,10,10,'terminal',0,'reply',NULL,'','{"key": "welcome.consent.ask", "params": {"hello": {"say": "welcome.hello_back", "params": {}}}, "options": [{"id": "agree", "press": "a:15:0:consent:agree"}, {"id": "who", "press": "c:who:0:0"}]}',15,'',NULL,'2026-11-23 02:09:00.000000',NULL,'c5ae49f8','2026-11-23 02:09:02.000000',1,'sent','','','2026-11-23 02:09:00.000000','2026-11-23 02:09:00.000000',0,'',0);
INSERT INTO "outgoing" VALUES(39,10,10,'terminal',0,'reply',NULL,'','{"key": "welcome.name.ask"}',15,'turn',NULL,'2026-11-23 02:09:03.000000',NULL,'c5ae49f8','2026-11-23 02:09:03.000000',1,'sent','','','2026-11-23 02:09:01.000000','2026-11-23 02:09:01.000000',0,'',0);
INSERT INTO "outgoing" VALUES(40,10,10,'terminal',0,'reply',NULL,'','{"key": "product.photos.ask", "params": {"product": {"say": "product.this", "params": {}}, "question": {"say": "product.photos.first", "params": {"product": {"say": "product.this", "params": {}}}}}, "lead": {"key": "welcome.hello"}}',16,'',NULL,'2026-11-23 02:09:02.000000',NULL,'c5ae49f8','2026-11-23 02:09:04.000000',1,'sent','','','2026-11-23 02:09:02.000000','2026-11-23 02:09:02.000000',0,'',0);
INSERT INTO "outgoing" VALUES(41,10,10,'terminal',0,'reply',NULL,'','{"key": "product.details.ask", "params": {"product": "Amplang ikan tenggiri", "question": {"say": "product.details.food", "params": {}}}, "lead": {"key": "photos.one", "params": {"n": 1}}}',16,'turn',NULL,'2026-11-23 02:09:05.000000',NULL,'c5ae49f8','2026-11-23 02:09:05.000000',1,'sent','','','2026-11-23 02:09:03.000000','2026-11-23 02:09:03.000000',0,'',0);
INSERT INTO "outgoing" VALUES(42,10,10,'terminal',0,'reply',NULL,'','{"key": "product.capacity.ask", "params": {"product": "Amplang ikan tenggiri", "unit": "bungkus"}}',16,'turn',NULL,'2026-11-23 02:09:06.000000',NULL,'c5ae49f8','2026-11-23 02:09:06.000000',1,'sent','','','2026-11-23 02:09:04.000000','2026-11-23 02:09:04.000000',0,'',0);
INSERT INTO "outgoing" VALUES(43,10,10,'terminal',0,'reply',NULL,'','{"key": "product.pirt.ask", "options": [{"id": "skip", "label": {"say": "option.none_yet", "params": {}}, "press": "a:16:4:pirt:skip"}]}',16,'turn',NULL,'2026-11-23 02:09:07.000000',NULL,'c5ae49f8','2026-11-23 02:09:07.000000',1,'sent','','','2026-11-23 02:09:05.000000','2026-11-23 02:09:05.000000',0,'',0);
INSERT INTO "outgoing" VALUES(44,10,10,'terminal',0,'reply',NULL,'','{"key": "product.place.ask", "request": "location"}',16,'turn',NULL,'2026-11-23 02:09:08.000000',NULL,'c5ae49f8','2026-11-23 02:09:08.000000',1,'sent','','','2026-11-23 02:09:06.000000','2026-11-23 02:09:06.000000',0,'',0);
INSERT INTO "outgoing" VALUES(45,10,10,'terminal',0,'reply',NULL,'','{"key": "product.business.ask"}',16,'turn',NULL,'2026-11-23 02:09:09.000000',NULL,'c5ae49f8','2026-11-23 02:09:09.000000',1,'sent','','','2026-11-23 02:09:07.000000','2026-11-23 02:09:07.000000',0,'',0);
INSERT INTO "outgoing" VALUES(46,10,10,'terminal',0,'reply',NULL,'','{"key": "product.owner.ask", "lead": {"key": "common.left", "params": {"n": 3}}}',16,'turn',NULL,'2026-11-23 02:09:10.000000',NULL,'c5ae49f8','2026-11-23 02:09:10.000000',1,'sent','','','2026-11-23 02:09:08.000000','2026-11-23 02:09:08.000000',0,'',0);
INSERT INTO "outgoing" VALUES(47,11,11,'terminal',0,'reply',NULL,'','{"key": "welcome.consent.ask", "params": {"hello": {"say": "welcome.hello_back", "params": {}}}, "options": [{"id": "agree", "press": "a:17:0:consent:agree"}, {"id": "who", "press": "c:who:0:0"}]}',17,'',NULL,'2026-11-23 02:10:00.000000',NULL,'c5ae49f8','2026-11-23 02:10:02.000000',1,'sent','','','2026-11-23 02:10:00.000000','2026-11-23 02:10:00.000000',0,'',0);
INSERT INTO "outgoing" VALUES(48,11,11,'terminal',0,'reply',NULL,'','{"key": "welcome.name.ask"}',17,'turn',NULL,'2026-11-23 02:10:03.000000',NULL,'c5ae49f8','2026-11-23 02:10:03.000000',1,'sent','','','2026-11-23 02:10:01.000000','2026-11-23 02:10:01.000000',0,'',0);
INSERT INTO "outgoing" VALUES(49,11,11,'terminal',0,'reply',NULL,'','{"key": "product.photos.ask", "params": {"product": {"say": "product.this", "params": {}}, "question": {"say": "product.photos.first", "params": {"product": {"say": "product.this", "params": {}}}}}, "lead": {"key": "welcome.hello"}}',18,'',NULL,'2026-11-23 02:10:02.000000',NULL,'c5ae49f8','2026-11-23 02:10:04.000000',1,'sent','','','2026-11-23 02:10:02.000000','2026-11-23 02:10:02.000000',0,'',0);
INSERT INTO "outgoing" VALUES(50,11,11,'terminal',0,'reply',NULL,'','{"key": "product.details.ask", "params": {"product": "Amplang ikan tenggiri", "question": {"say": "product.details.food", "params": {}}}, "lead": {"key": "photos.one", "params": {"n": 1}}}',18,'turn',NULL,'2026-11-23 02:10:05.000000',NULL,'c5ae49f8','2026-11-23 02:10:05.000000',1,'sent','','','2026-11-23 02:10:03.000000','2026-11-23 02:10:03.000000',0,'',0);
INSERT INTO "outgoing" VALUES(51,11,11,'terminal',0,'reply',NULL,'','{"key": "product.capacity.ask", "params": {"product": "Amplang ikan tenggiri", "unit": "bungkus"}}',18,'turn',NULL,'2026-11-23 02:10:06.000000',NULL,'c5ae49f8','2026-11-23 02:10:06.000000',1,'sent','','','2026-11-23 02:10:04.000000','2026-11-23 02:10:04.000000',0,'',0);
INSERT INTO "outgoing" VALUES(52,11,11,'terminal',0,'reply',NULL,'','{"key": "product.pirt.ask", "options": [{"id": "skip", "label": {"say": "option.none_yet", "params": {}}, "press": "a:18:4:pirt:skip"}]}',18,'turn',NULL,'2026-11-23 02:10:07.000000',NULL,'c5ae49f8','2026-11-23 02:10:07.000000',1,'sent','','','2026-11-23 02:10:05.000000','2026-11-23 02:10:05.000000',0,'',0);
INSERT INTO "outgoing" VALUES(53,11,11,'terminal',0,'reply',NULL,'','{"key": "product.place.ask", "request": "location"}',18,'turn',NULL,'2026-11-23 02:10:08.000000',NULL,'c5ae49f8','2026-11-23 02:10:08.000000',1,'sent','','','2026-11-23 02:10:06.000000','2026-11-23 02:10:06.000000',0,'',0);
INSERT INTO "outgoing" VALUES(54,11,11,'terminal',0,'reply',NULL,'','{"key": "product.business.ask"}',18,'turn',NULL,'2026-11-23 02:10:09.000000',NULL,'c5ae49f8','2026-11-23 02:10:09.000000',1,'sent','','','2026-11-23 02:10:07.000000','2026-11-23 02:10:07.000000',0,'',0);
INSERT INTO "outgoing" VALUES(55,11,11,'terminal',0,'reply',NULL,'','{"key": "product.owner.ask", "lead": {"key": "common.left", "params": {"n": 3}}}',18,'turn',NULL,'2026-11-23 02:10:10.000000',NULL,'c5ae49f8','2026-11-23 02:10:10.000000',1,'sent','','','2026-11-23 02:10:08.000000','2026-11-23 02:10:08.000000',0,'',0);
INSERT INTO "outgoing" VALUES(56,11,11,'terminal',0,'reply',NULL,'','{"key": "product.nib.ask", "options": [{"id": "later", "press": "a:18:8:nib:later"}]}',18,'turn',NULL,'2026-11-23 02:10:11.000000',NULL,'c5ae49f8','2026-11-23 02:10:11.000000',1,'sent','','','2026-11-23 02:10:09.000000','2026-11-23 02:10:09.000000',0,'',0);
INSERT INTO "outgoing" VALUES(57,12,12,'terminal',0,'reply',NULL,'','{"key": "welcome.consent.ask", "params": {"hello": {"say": "welcome.hello_back", "params": {}}}, "options": [{"id": "agree", "press": "a:19:0:consent:agree"}, {"id": "who", "press": "c:who:0:0"}]}',19,'',NULL,'2026-11-23 02:11:00.000000',NULL,'c5ae49f8','2026-11-23 02:11:02.000000',1,'sent','','','2026-11-23 02:11:00.000000','2026-11-23 02:11:00.000000',0,'',0);
INSERT INTO "outgoing" VALUES(58,12,12,'terminal',0,'reply',NULL,'','{"key": "welcome.name.ask"}',19,'turn',NULL,'2026-11-23 02:11:03.000000',NULL,'c5ae49f8','2026-11-23 02:11:03.000000',1,'sent','','','2026-11-23 02:11:01.000000','2026-11-23 02:11:01.000000',0,'',0);
INSERT INTO "outgoing" VALUES(59,12,12,'terminal',0,'reply',NULL,'','{"key": "product.photos.ask", "params": {"product": {"say": "product.this", "params": {}}, "question": {"say": "product.photos.first", "params": {"product": {"say": "product.this", "params": {}}}}}, "lead": {"key": "welcome.hello"}}',20,'',NULL,'2026-11-23 02:11:02.000000',NULL,'c5ae49f8','2026-11-23 02:11:04.000000',1,'sent','','','2026-11-23 02:11:02.000000','2026-11-23 02:11:02.000000',0,'',0);
INSERT INTO "outgoing" VALUES(60,12,12,'terminal',0,'reply',NULL,'','{"key": "product.details.ask", "params": {"product": "Amplang ikan tenggiri", "question": {"say": "product.details.food", "params": {}}}, "lead": {"key": "photos.one", "params": {"n": 1}}}',20,'turn',NULL,'2026-11-23 02:11:05.000000',NULL,'c5ae49f8','2026-11-23 02:11:05.000000',1,'sent','','','2026-11-23 02:11:03.000000','2026-11-23 02:11:03.000000',0,'',0);
INSERT INTO "outgoing" VALUES(61,12,12,'terminal',0,'reply',NULL,'','{"key": "product.capacity.ask", "params": {"product": "Amplang ikan tenggiri", "unit": "bungkus"}}',20,'turn',NULL,'2026-11-23 02:11:06.000000',NULL,'c5ae49f8','2026-11-23 02:11:06.000000',1,'sent','','','2026-11-23 02:11:04.000000','2026-11-23 02:11:04.000000',0,'',0);
INSERT INTO "outgoing" VALUES(62,12,12,'terminal',0,'reply',NULL,'','{"key": "product.pirt.ask", "options": [{"id": "skip", "label": {"say": "option.none_yet", "params": {}}, "press": "a:20:4:pirt:skip"}]}',20,'turn',NULL,'2026-11-23 02:11:07.000000',NULL,'c5ae49f8','2026-11-23 02:11:07.000000',1,'sent','','','2026-11-23 02:11:05.000000','2026-11-23 02:11:05.000000',0,'',0);
INSERT INTO "outgoing" VALUES(63,12,12,'terminal',0,'reply',NULL,'','{"key": "product.place.ask", "request": "location"}',20,'turn',NULL,'2026-11-23 02:11:08.000000',NULL,'c5ae49f8','2026-11-23 02:11:08.000000',1,'sent','','','2026-11-23 02:11:06.000000','2026-11-23 02:11:06.000000',0,'',0);
INSERT INTO "outgoing" VALUES(64,12,12,'terminal',0,'reply',NULL,'','{"key": "product.business.ask"}',20,'turn',NULL,'2026-11-23 02:11:09.000000',NULL,'c5ae49f8','2026-11-23 02:11:09.000000',1,'sent','','','2026-11-23 02:11:07.000000','2026-11-23 02:11:07.000000',0,'',0);
INSERT INTO "outgoing" VALUES(65,12,12,'terminal',0,'reply',NULL,'','{"key": "product.owner.ask", "lead": {"key": "common.left", "params": {"n": 3}}}',20,'turn',NULL,'2026-11-23 02:11:10.000000',NULL,'c5ae49f8','2026-11-23 02:11:10.000000',1,'sent','','','2026-11-23 02:11:08.000000','2026-11-23 02:11:08.000000',0,'',0);
INSERT INTO "outgoing" VALUES(66,12,12,'terminal',0,'reply',NULL,'','{"key": "product.nib.ask", "options": [{"id": "later", "press": "a:20:8:nib:later"}]}',20,'turn',NULL,'2026-11-23 02:11:11.000000',NULL,'c5ae49f8','2026-11-23 02:11:11.000000',1,'sent','','','2026-11-23 02:11:09.000000','2026-11-23 02:11:09.000000',0,'',0);
INSERT INTO "outgoing" VALUES(67,12,12,'terminal',0,'reply',NULL,'','{"key": "product.phone.ask", "request": "contact"}',20,'turn',NULL,'2026-11-23 02:11:12.000000',NULL,'c5ae49f8','2026-11-23 02:11:12.000000',1,'sent','','','2026-11-23 02:11:10.000000','2026-11-23 02:11:10.000000',0,'',0);
INSERT INTO "outgoing" VALUES(68,13,13,'terminal',0,'reply',NULL,'','{"key": "welcome.consent.ask", "params": {"hello": {"say": "welcome.hello_back", "params": {}}}, "options": [{"id": "agree", "press": "a:21:0:consent:agree"}, {"id": "who", "press": "c:who:0:0"}]}',21,'',NULL,'2026-11-23 02:12:00.000000',NULL,'c5ae49f8','2026-11-23 02:12:02.000000',1,'sent','','','2026-11-23 02:12:00.000000','2026-11-23 02:12:00.000000',0,'',0);
INSERT INTO "outgoing" VALUES(69,13,13,'terminal',0,'reply',NULL,'','{"key": "welcome.name.ask"}',21,'turn',NULL,'2026-11-23 02:12:03.000000',NULL,'c5ae49f8','2026-11-23 02:12:03.000000',1,'sent','','','2026-11-23 02:12:01.000000','2026-11-23 02:12:01.000000',0,'',0);
INSERT INTO "outgoing" VALUES(70,13,13,'terminal',0,'reply',NULL,'','{"key": "product.photos.ask", "params": {"product": {"say": "product.this", "params": {}}, "question": {"say": "product.photos.first", "params": {"product": {"say": "product.this", "params": {}}}}}, "lead": {"key": "welcome.hello"}}',22,'',NULL,'2026-11-23 02:12:02.000000',NULL,'c5ae49f8','2026-11-23 02:12:04.000000',1,'sent','','','2026-11-23 02:12:02.000000','2026-11-23 02:12:02.000000',0,'',0);
INSERT INTO "outgoing" VALUES(71,13,13,'terminal',0,'reply',NULL,'','{"key": "product.details.ask", "params": {"product": "Amplang ikan tenggiri", "question": {"say": "product.details.food", "params": {}}}, "lead": {"key": "photos.one", "params": {"n": 1}}}',22,'turn',NULL,'2026-11-23 02:12:05.000000',NULL,'c5ae49f8','2026-11-23 02:12:05.000000',1,'sent','','','2026-11-23 02:12:03.000000','2026-11-23 02:12:03.000000',0,'',0);
INSERT INTO "outgoing" VALUES(72,13,13,'terminal',0,'reply',NULL,'','{"key": "product.capacity.ask", "params": {"product": "Amplang ikan tenggiri", "unit": "bungkus"}}',22,'turn',NULL,'2026-11-23 02:12:06.000000',NULL,'c5ae49f8','2026-11-23 02:12:06.000000',1,'sent','','','2026-11-23 02:12:04.000000','2026-11-23 02:12:04.000000',0,'',0);
INSERT INTO "outgoing" VALUES(73,13,13,'terminal',0,'reply',NULL,'','{"key": "product.pirt.ask", "options": [{"id": "skip", "label": {"say": "option.none_yet", "params": {}}, "press": "a:22:4:pirt:skip"}]}',22,'turn',NULL,'2026-11-23 02:12:07.000000',NULL,'c5ae49f8','2026-11-23 02:12:07.000000',1,'sent','','','2026-11-23 02:12:05.000000','2026-11-23 02:12:05.000000',0,'',0);
INSERT INTO "outgoing" VALUES(74,13,13,'terminal',0,'reply',NULL,'','{"key": "product.place.ask", "request": "location"}',22,'turn',NULL,'2026-11-23 02:12:08.000000',NULL,'c5ae49f8','2026-11-23 02:12:08.000000',1,'sent','','','2026-11-23 02:12:06.000000','2026-11-23 02:12:06.000000',0,'',0);
INSERT INTO "outgoing" VALUES(75,13,13,'terminal',0,'reply',NULL,'','{"key": "product.business.ask"}',22,'turn',NULL,'2026-11-23 02:12:09.000000',NULL,'c5ae49f8','2026-11-23 02:12:09.000000',1,'sent','','','2026-11-23 02:12:07.000000','2026-11-23 02:12:07.000000',0,'',0);
INSERT INTO "outgoing" VALUES(76,13,13,'terminal',0,'reply',NULL,'','{"key": "product.owner.ask", "lead": {"key": "common.left", "params": {"n": 3}}}',22,'turn',NULL,'2026-11-23 02:12:10.000000',NULL,'c5ae49f8','2026-11-23 02:12:10.000000',1,'sent','','','2026-11-23 02:12:08.000000','2026-11-23 02:12:08.000000',0,'',0);
INSERT INTO "outgoing" VALUES(77,13,13,'terminal',0,'reply',NULL,'','{"key": "product.nib.ask", "options": [{"id": "later", "press": "a:22:8:nib:later"}]}',22,'turn',NULL,'2026-11-23 02:12:11.000000',NULL,'c5ae49f8','2026-11-23 02:12:11.000000',1,'sent','','','2026-11-23 02:12:09.000000','2026-11-23 02:12:09.000000',0,'',0);
INSERT INTO "outgoing" VALUES(78,13,13,'terminal',0,'reply',NULL,'','{"key": "product.phone.ask", "request": "contact"}',22,'turn',NULL,'2026-11-23 02:12:12.000000',NULL,'c5ae49f8','2026-11-23 02:12:12.000000',1,'sent','','','2026-11-23 02:12:10.000000','2026-11-23 02:12:10.000000',0,'',0);
INSERT INTO "outgoing" VALUES(79,13,13,'terminal',0,'reply',NULL,'','{"key": "product.confirm.ask", "params": {"name": "Amplang ikan tenggiri", "body": {"join": [{"join": [{"rupiah": 25000}, "per bungkus"], "between": " "}, "250 gram, ikan tenggiri, tahan 3 bulan", {"say": "product.card_capacity", "params": {"n": {"decimal": 200}, "unit": "bungkus", "lead": 2, "least": {"decimal": 1}}}, {"say": "product.card_group", "params": {"group": "Makanan & Minuman"}}, {"say": "product.card_brand", "params": {"brand": "Tanpa Merek", "origin": {"say": "option.lokal", "params": {}}, "scope": {"say": "option.region", "params": {}}}}, {"say": "product.card_licence", "params": {"licence": {"say": "common.none", "params": {}}}}, "", {"say": "product.card_business", "params": {"business": "Amplang Bu Siti", "kind": {"join": [{"say": "option.perorangan", "params": {}}, {"say": "option.mikro", "params": {}}, {"say": "option.produsen", "params": {}}], "between": ", "}}}, {"say": "product.card_owner", "params": {"owner": "Siti Aminah"}}, "Jl. Gerilya, Sungai Pinang, Samarinda", {"say": "product.card_nib", "params": {"nib": "9120001234567", "phone": "0812-3456-7890"}}], "between": "\n"}, "close": {"say": "product.statement", "params": {}}}, "options": [{"id": "send", "press": "a:22:10:confirm:send"}, {"id": "change", "press": "a:22:10:confirm:change"}, {"id": "aside", "press": "c:aside:0:0"}], "media": ["fea7f438415c4bec6b402844ed8fc5db8e6545eb440df4f61ee332acee0c3a77.jpg"]}',22,'turn',NULL,'2026-11-23 02:12:13.000000',NULL,'c5ae49f8','2026-11-23 02:12:13.000000',1,'sent','','','2026-11-23 02:12:11.000000','2026-11-23 02:12:11.000000',0,'',0);
INSERT INTO "outgoing" VALUES(80,14,14,'terminal',0,'reply',NULL,'','{"key": "welcome.consent.ask", "params": {"hello": {"say": "welcome.hello_back", "params": {}}}, "options": [{"id": "agree", "press": "a:23:0:consent:agree"}, {"id": "who", "press": "c:who:0:0"}]}',23,'',NULL,'2026-11-23 02:13:00.000000',NULL,'c5ae49f8','2026-11-23 02:13:02.000000',1,'sent','','','2026-11-23 02:13:00.000000','2026-11-23 02:13:00.000000',0,'',0);
INSERT INTO "outgoing" VALUES(81,14,14,'terminal',0,'reply',NULL,'','{"key": "welcome.name.ask"}',23,'turn',NULL,'2026-11-23 02:13:03.000000',NULL,'c5ae49f8','2026-11-23 02:13:03.000000',1,'sent','','','2026-11-23 02:13:01.000000','2026-11-23 02:13:01.000000',0,'',0);
INSERT INTO "outgoing" VALUES(82,14,14,'terminal',0,'reply',NULL,'','{"key": "product.photos.ask", "params": {"product": {"say": "product.this", "params": {}}, "question": {"say": "product.photos.first", "params": {"product": {"say": "product.this", "params": {}}}}}, "lead": {"key": "welcome.hello"}}',24,'',NULL,'2026-11-23 02:13:02.000000',NULL,'c5ae49f8','2026-11-23 02:13:04.000000',1,'sent','','','2026-11-23 02:13:02.000000','2026-11-23 02:13:02.000000',0,'',0);
INSERT INTO "outgoing" VALUES(83,14,14,'terminal',0,'reply',NULL,'','{"key": "product.details.ask", "params": {"product": "Amplang ikan tenggiri", "question": {"say": "product.details.food", "params": {}}}, "lead": {"key": "photos.one", "params": {"n": 1}}}',24,'turn',NULL,'2026-11-23 02:13:05.000000',NULL,'c5ae49f8','2026-11-23 02:13:05.000000',1,'sent','','','2026-11-23 02:13:03.000000','2026-11-23 02:13:03.000000',0,'',0);
INSERT INTO "outgoing" VALUES(84,14,14,'terminal',0,'reply',NULL,'','{"key": "product.capacity.ask", "params": {"product": "Amplang ikan tenggiri", "unit": "bungkus"}}',24,'turn',NULL,'2026-11-23 02:13:06.000000',NULL,'c5ae49f8','2026-11-23 02:13:06.000000',1,'sent','','','2026-11-23 02:13:04.000000','2026-11-23 02:13:04.000000',0,'',0);
INSERT INTO "outgoing" VALUES(85,14,14,'terminal',0,'reply',NULL,'','{"key": "product.pirt.ask", "options": [{"id": "skip", "label": {"say": "option.none_yet", "params": {}}, "press": "a:24:4:pirt:skip"}]}',24,'turn',NULL,'2026-11-23 02:13:07.000000',NULL,'c5ae49f8','2026-11-23 02:13:07.000000',1,'sent','','','2026-11-23 02:13:05.000000','2026-11-23 02:13:05.000000',0,'',0);
INSERT INTO "outgoing" VALUES(86,14,14,'terminal',0,'reply',NULL,'','{"key": "product.place.ask", "request": "location"}',24,'turn',NULL,'2026-11-23 02:13:08.000000',NULL,'c5ae49f8','2026-11-23 02:13:08.000000',1,'sent','','','2026-11-23 02:13:06.000000','2026-11-23 02:13:06.000000',0,'',0);
INSERT INTO "outgoing" VALUES(87,14,14,'terminal',0,'reply',NULL,'','{"key": "product.business.ask"}',24,'turn',NULL,'2026-11-23 02:13:09.000000',NULL,'c5ae49f8','2026-11-23 02:13:09.000000',1,'sent','','','2026-11-23 02:13:07.000000','2026-11-23 02:13:07.000000',0,'',0);
INSERT INTO "outgoing" VALUES(88,14,14,'terminal',0,'reply',NULL,'','{"key": "product.owner.ask", "lead": {"key": "common.left", "params": {"n": 3}}}',24,'turn',NULL,'2026-11-23 02:13:10.000000',NULL,'c5ae49f8','2026-11-23 02:13:10.000000',1,'sent','','','2026-11-23 02:13:08.000000','2026-11-23 02:13:08.000000',0,'',0);
INSERT INTO "outgoing" VALUES(89,14,14,'terminal',0,'reply',NULL,'','{"key": "product.nib.ask", "options": [{"id": "later", "press": "a:24:8:nib:later"}]}',24,'turn',NULL,'2026-11-23 02:13:11.000000',NULL,'c5ae49f8','2026-11-23 02:13:11.000000',1,'sent','','','2026-11-23 02:13:09.000000','2026-11-23 02:13:09.000000',0,'',0);
INSERT INTO "outgoing" VALUES(90,14,14,'terminal',0,'reply',NULL,'','{"key": "product.phone.ask", "request": "contact"}',24,'turn',NULL,'2026-11-23 02:13:12.000000',NULL,'c5ae49f8','2026-11-23 02:13:12.000000',1,'sent','','','2026-11-23 02:13:10.000000','2026-11-23 02:13:10.000000',0,'',0);
INSERT INTO "outgoing" VALUES(91,14,14,'terminal',0,'reply',NULL,'','{"key": "product.confirm.ask", "params": {"name": "Amplang ikan tenggiri", "body": {"join": [{"join": [{"rupiah": 25000}, "per bungkus"], "between": " "}, "250 gram, ikan tenggiri, tahan 3 bulan", {"say": "product.card_capacity", "params": {"n": {"decimal": 200}, "unit": "bungkus", "lead": 2, "least": {"decimal": 1}}}, {"say": "product.card_group", "params": {"group": "Makanan & Minuman"}}, {"say": "product.card_brand", "params": {"brand": "Tanpa Merek", "origin": {"say": "option.lokal", "params": {}}, "scope": {"say": "option.region", "params": {}}}}, {"say": "product.card_licence", "params": {"licence": {"say": "common.none", "params": {}}}}, "", {"say": "product.card_business", "params": {"business": "Amplang Bu Siti", "kind": {"join": [{"say": "option.perorangan", "params": {}}, {"say": "option.mikro", "params": {}}, {"say": "option.produsen", "params": {}}], "between": ", "}}}, {"say": "product.card_owner", "params": {"owner": "Siti Aminah"}}, "Jl. Gerilya, Sungai Pinang, Samarinda", {"say": "product.card_nib", "params": {"nib": "9120001234567", "phone": "0812-3456-7890"}}], "between": "\n"}, "close": {"say": "product.statement", "params": {}}}, "options": [{"id": "send", "press": "a:24:10:confirm:send"}, {"id": "change", "press": "a:24:10:confirm:change"}, {"id": "aside", "press": "c:aside:0:0"}], "media": ["fea7f438415c4bec6b402844ed8fc5db8e6545eb440df4f61ee332acee0c3a77.jpg"]}',24,'turn',NULL,'2026-11-23 02:13:13.000000',NULL,'c5ae49f8','2026-11-23 02:13:13.000000',1,'sent','','','2026-11-23 02:13:11.000000','2026-11-23 02:13:11.000000',0,'',0);
INSERT INTO "outgoing" VALUES(92,1,1,'terminal',1,'notice',NULL,'','{"key": "review.waiting", "params": {"n": 1}, "options": [{"id": "queue", "press": "c:queue:0:0"}]}',NULL,'queue',NULL,'2026-11-23 02:13:12.000000',NULL,'',NULL,0,'queued','','','2026-11-23 02:13:12.000000',NULL,0,'',0);
INSERT INTO "outgoing" VALUES(93,14,14,'terminal',0,'reply',NULL,'','{"key": "extras.kbli.ask", "params": {"code": "10794", "gloss": "kerupuk dan keripik"}, "options": [{"id": "have", "label": {"say": "extras.have", "params": {}}, "press": "a:25:0:kbli:have"}, {"id": "none", "label": {"say": "extras.have_not", "params": {}}, "press": "a:25:0:kbli:none"}, {"id": "unknown", "label": {"say": "extras.not_sure", "params": {}}, "press": "a:25:0:kbli:unknown"}], "lead": {"key": "product.sent", "params": {"name": "Amplang ikan tenggiri", "place": 1}}}',25,'',NULL,'2026-11-23 02:13:12.000000',NULL,'c5ae49f8','2026-11-23 02:13:14.000000',1,'sent','','','2026-11-23 02:13:12.000000','2026-11-23 02:13:12.000000',0,'',0);
CREATE TABLE person (
	id INTEGER NOT NULL, 
	call_name VARCHAR NOT NULL, 
	locale VARCHAR NOT NULL, 
	zone VARCHAR NOT NULL, 
	phone VARCHAR NOT NULL, 
	source VARCHAR NOT NULL, 
	created_at DATETIME NOT NULL, 
	stopped_at DATETIME, channel VARCHAR DEFAULT '' NOT NULL, 
	CONSTRAINT pk_person PRIMARY KEY (id)
);
INSERT INTO "person" VALUES(1,'','id','Asia/Makassar','','','2026-11-23 02:00:00.000000',NULL,'');
INSERT INTO "person" VALUES(2,'','id','Asia/Makassar','','','2026-11-23 02:01:00.000000',NULL,'');
INSERT INTO "person" VALUES(3,'','id','Asia/Makassar','','','2026-11-23 02:02:00.000000',NULL,'');
INSERT INTO "person" VALUES(4,'Bu Siti','id','Asia/Makassar','','','2026-11-23 02:03:00.000000',NULL,'');
INSERT INTO "person" VALUES(5,'Bu Siti','id','Asia/Makassar','','','2026-11-23 02:04:00.000000',NULL,'');
INSERT INTO "person" VALUES(6,'Bu Siti','id','Asia/Makassar','','','2026-11-23 02:05:00.000000',NULL,'');
INSERT INTO "person" VALUES(7,'Bu Siti','id','Asia/Makassar','','','2026-11-23 02:06:00.000000',NULL,'');
INSERT INTO "person" VALUES(8,'Bu Siti','id','Asia/Makassar','','','2026-11-23 02:07:00.000000',NULL,'');
INSERT INTO "person" VALUES(9,'Bu Siti','id','Asia/Makassar','','','2026-11-23 02:08:00.000000',NULL,'');
INSERT INTO "person" VALUES(10,'Bu Siti','id','Asia/Makassar','','','2026-11-23 02:09:00.000000',NULL,'');
INSERT INTO "person" VALUES(11,'Bu Siti','id','Asia/Makassar','','','2026-11-23 02:10:00.000000',NULL,'');
INSERT INTO "person" VALUES(12,'Bu Siti','id','Asia/Makassar','','','2026-11-23 02:11:00.000000',NULL,'');
INSERT INTO "person" VALUES(13,'Bu Siti','id','Asia/Makassar','','','2026-11-23 02:12:00.000000',NULL,'');
INSERT INTO "person" VALUES(14,'Bu Siti','id','Asia/Makassar','+6281234567890','','2026-11-23 02:13:00.000000',NULL,'');
CREATE TABLE product (
	id INTEGER NOT NULL, 
	business_id INTEGER NOT NULL, 
	person_id INTEGER NOT NULL, 
	status VARCHAR NOT NULL, 
	name VARCHAR NOT NULL, 
	etalase VARCHAR NOT NULL, 
	brand VARCHAR NOT NULL, 
	details VARCHAR NOT NULL, 
	price INTEGER NOT NULL, 
	unit VARCHAR NOT NULL, 
	price_government INTEGER, 
	scope VARCHAR NOT NULL, 
	stock INTEGER, 
	capacity INTEGER, 
	lead_days INTEGER NOT NULL, 
	minimum INTEGER NOT NULL, 
	weight FLOAT, 
	origin VARCHAR NOT NULL, 
	photos JSON NOT NULL, 
	licence JSON NOT NULL, 
	halal VARCHAR NOT NULL, 
	kbli VARCHAR NOT NULL, 
	tkdn FLOAT, 
	bmp FLOAT, 
	findings JSON NOT NULL, 
	allowed JSON NOT NULL, 
	"before" JSON NOT NULL, 
	revision INTEGER NOT NULL, 
	submitted_at DATETIME, 
	updated_at DATETIME NOT NULL, 
	CONSTRAINT pk_product PRIMARY KEY (id), 
	CONSTRAINT fk_product_business_id_business FOREIGN KEY(business_id) REFERENCES business (id), 
	CONSTRAINT fk_product_person_id_person FOREIGN KEY(person_id) REFERENCES person (id)
);
INSERT INTO "product" VALUES(1,1,14,'SUBMITTED','Amplang ikan tenggiri','mamin','Tanpa Merek','250 gram, ikan tenggiri, tahan 3 bulan',25000,'bungkus',NULL,'64.72',NULL,200,2,1,NULL,'lokal','[{"name": "fea7f438415c4bec6b402844ed8fc5db8e6545eb440df4f61ee332acee0c3a77.jpg", "sha256": "fea7f438415c4bec6b402844ed8fc5db8e6545eb440df4f61ee332acee0c3a77", "width": 1200, "height": 900, "twin": "58fca146462959f5", "advice": [], "problem": ""}]','{}','','',NULL,NULL,'["W:licence", "W:halal", "W:kbli_unknown"]','[]','{}',1,'2026-11-23 02:13:12.000000','2026-11-23 02:13:12.000000');
CREATE TABLE question (
	id INTEGER NOT NULL, 
	person_id INTEGER NOT NULL, 
	region VARCHAR NOT NULL, 
	about VARCHAR NOT NULL, 
	text VARCHAR NOT NULL, 
	asked_at DATETIME NOT NULL, 
	answer VARCHAR NOT NULL, 
	answered_by INTEGER, 
	answered_at DATETIME, 
	CONSTRAINT pk_question PRIMARY KEY (id), 
	CONSTRAINT fk_question_answered_by_person FOREIGN KEY(answered_by) REFERENCES person (id), 
	CONSTRAINT fk_question_person_id_person FOREIGN KEY(person_id) REFERENCES person (id)
);
CREATE TABLE received (
	id INTEGER NOT NULL, 
	account VARCHAR NOT NULL, 
	channel VARCHAR NOT NULL, 
	external_id VARCHAR NOT NULL, 
	person_id INTEGER, 
	address_id INTEGER, 
	status VARCHAR NOT NULL, 
	said JSON NOT NULL, 
	media JSON NOT NULL, 
	received_at DATETIME NOT NULL, claimed_by VARCHAR DEFAULT '' NOT NULL, 
	CONSTRAINT pk_received PRIMARY KEY (id), 
	CONSTRAINT fk_received_address_id_address FOREIGN KEY(address_id) REFERENCES address (id), 
	CONSTRAINT fk_received_person_id_person FOREIGN KEY(person_id) REFERENCES person (id)
);
INSERT INTO "received" VALUES(1,'terminal','terminal','officer-1',1,1,'done','{"kind": "text", "text": "menu"}','{}','2026-11-23 02:00:00.000000','c5ae49f8');
INSERT INTO "received" VALUES(2,'terminal','terminal','stage-1-1',2,2,'done','{"kind": "text", "text": "halo"}','{}','2026-11-23 02:01:00.000000','c5ae49f8');
INSERT INTO "received" VALUES(3,'terminal','terminal','stage-2-1',3,3,'done','{"kind": "text", "text": "halo"}','{}','2026-11-23 02:02:00.000000','c5ae49f8');
INSERT INTO "received" VALUES(4,'terminal','terminal','stage-2-2',3,3,'done','{"kind": "text", "text": "1"}','{}','2026-11-23 02:02:01.000000','c5ae49f8');
INSERT INTO "received" VALUES(5,'terminal','terminal','stage-3-1',4,4,'done','{"kind": "text", "text": "halo"}','{}','2026-11-23 02:03:00.000000','c5ae49f8');
INSERT INTO "received" VALUES(6,'terminal','terminal','stage-3-2',4,4,'done','{"kind": "text", "text": "1"}','{}','2026-11-23 02:03:01.000000','c5ae49f8');
INSERT INTO "received" VALUES(7,'terminal','terminal','stage-3-3',4,4,'done','{"kind": "text", "text": "Bu Siti"}','{}','2026-11-23 02:03:02.000000','c5ae49f8');
INSERT INTO "received" VALUES(8,'terminal','terminal','stage-4-1',5,5,'done','{"kind": "text", "text": "halo"}','{}','2026-11-23 02:04:00.000000','c5ae49f8');
INSERT INTO "received" VALUES(9,'terminal','terminal','stage-4-2',5,5,'done','{"kind": "text", "text": "1"}','{}','2026-11-23 02:04:01.000000','c5ae49f8');
INSERT INTO "received" VALUES(10,'terminal','terminal','stage-4-3',5,5,'done','{"kind": "text", "text": "Bu Siti"}','{}','2026-11-23 02:04:02.000000','c5ae49f8');
INSERT INTO "received" VALUES(11,'terminal','terminal','stage-4-4',5,5,'done','{"kind": "photo", "text": "Amplang ikan tenggiri 25rb per bungkus", "photo": {"name": "fea7f438415c4bec6b402844ed8fc5db8e6545eb440df4f61ee332acee0c3a77.jpg", "sha256": "fea7f438415c4bec6b402844ed8fc5db8e6545eb440df4f61ee332acee0c3a77", "width": 1200, "height": 900, "twin": "58fca146462959f5", "advice": [], "problem": ""}, "group": "stage-4-3"}','{}','2026-11-23 02:04:03.000000','c5ae49f8');
INSERT INTO "received" VALUES(12,'terminal','terminal','stage-5-1',6,6,'done','{"kind": "text", "text": "halo"}','{}','2026-11-23 02:05:00.000000','c5ae49f8');
INSERT INTO "received" VALUES(13,'terminal','terminal','stage-5-2',6,6,'done','{"kind": "text", "text": "1"}','{}','2026-11-23 02:05:01.000000','c5ae49f8');
INSERT INTO "received" VALUES(14,'terminal','terminal','stage-5-3',6,6,'done','{"kind": "text", "text": "Bu Siti"}','{}','2026-11-23 02:05:02.000000','c5ae49f8');
INSERT INTO "received" VALUES(15,'terminal','terminal','stage-5-4',6,6,'done','{"kind": "photo", "text": "Amplang ikan tenggiri 25rb per bungkus", "photo": {"name": "fea7f438415c4bec6b402844ed8fc5db8e6545eb440df4f61ee332acee0c3a77.jpg", "sha256": "fea7f438415c4bec6b402844ed8fc5db8e6545eb440df4f61ee332acee0c3a77", "width": 1200, "height": 900, "twin": "58fca146462959f5", "advice": [], "problem": ""}, "group": "stage-5-3"}','{}','2026-11-23 02:05:03.000000','c5ae49f8');
INSERT INTO "received" VALUES(16,'terminal','terminal','stage-5-5',6,6,'done','{"kind": "text", "text": "250 gram, ikan tenggiri, tahan 3 bulan"}','{}','2026-11-23 02:05:04.000000','c5ae49f8');
INSERT INTO "received" VALUES(17,'terminal','terminal','stage-6-1',7,7,'done','{"kind": "text", "text": "halo"}','{}','2026-11-23 02:06:00.000000','c5ae49f8');
INSERT INTO "received" VALUES(18,'terminal','terminal','stage-6-2',7,7,'done','{"kind": "text", "text": "1"}','{}','2026-11-23 02:06:01.000000','c5ae49f8');
INSERT INTO "received" VALUES(19,'terminal','terminal','stage-6-3',7,7,'done','{"kind": "text", "text": "Bu Siti"}','{}','2026-11-23 02:06:02.000000','c5ae49f8');
INSERT INTO "received" VALUES(20,'terminal','terminal','stage-6-4',7,7,'done','{"kind": "photo", "text": "Amplang ikan tenggiri 25rb per bungkus", "photo": {"name": "fea7f438415c4bec6b402844ed8fc5db8e6545eb440df4f61ee332acee0c3a77.jpg", "sha256": "fea7f438415c4bec6b402844ed8fc5db8e6545eb440df4f61ee332acee0c3a77", "width": 1200, "height": 900, "twin": "58fca146462959f5", "advice": [], "problem": ""}, "group": "stage-6-3"}','{}','2026-11-23 02:06:03.000000','c5ae49f8');
INSERT INTO "received" VALUES(21,'terminal','terminal','stage-6-5',7,7,'done','{"kind": "text", "text": "250 gram, ikan tenggiri, tahan 3 bulan"}','{}','2026-11-23 02:06:04.000000','c5ae49f8');
INSERT INTO "received" VALUES(22,'terminal','terminal','stage-6-6',7,7,'done','{"kind": "text", "text": "200"}','{}','2026-11-23 02:06:05.000000','c5ae49f8');
INSERT INTO "received" VALUES(23,'terminal','terminal','stage-7-1',8,8,'done','{"kind": "text", "text": "halo"}','{}','2026-11-23 02:07:00.000000','c5ae49f8');
INSERT INTO "received" VALUES(24,'terminal','terminal','stage-7-2',8,8,'done','{"kind": "text", "text": "1"}','{}','2026-11-23 02:07:01.000000','c5ae49f8');
INSERT INTO "received" VALUES(25,'terminal','terminal','stage-7-3',8,8,'done','{"kind": "text", "text": "Bu Siti"}','{}','2026-11-23 02:07:02.000000','c5ae49f8');
INSERT INTO "received" VALUES(26,'terminal','terminal','stage-7-4',8,8,'done','{"kind": "photo", "text": "Amplang ikan tenggiri 25rb per bungkus", "photo": {"name": "fea7f438415c4bec6b402844ed8fc5db8e6545eb440df4f61ee332acee0c3a77.jpg", "sha256": "fea7f438415c4bec6b402844ed8fc5db8e6545eb440df4f61ee332acee0c3a77", "width": 1200, "height": 900, "twin": "58fca146462959f5", "advice": [], "problem": ""}, "group": "stage-7-3"}','{}','2026-11-23 02:07:03.000000','c5ae49f8');
INSERT INTO "received" VALUES(27,'terminal','terminal','stage-7-5',8,8,'done','{"kind": "text", "text": "250 gram, ikan tenggiri, tahan 3 bulan"}','{}','2026-11-23 02:07:04.000000','c5ae49f8');
INSERT INTO "received" VALUES(28,'terminal','terminal','stage-7-6',8,8,'done','{"kind": "text", "text": "200"}','{}','2026-11-23 02:07:05.000000','c5ae49f8');
INSERT INTO "received" VALUES(29,'terminal','terminal','stage-7-7',8,8,'done','{"kind": "text", "text": "Belum punya"}','{}','2026-11-23 02:07:06.000000','c5ae49f8');
INSERT INTO "received" VALUES(30,'terminal','terminal','stage-8-1',9,9,'done','{"kind": "text", "text": "halo"}','{}','2026-11-23 02:08:00.000000','c5ae49f8');
INSERT INTO "received" VALUES(31,'terminal','terminal','stage-8-2',9,9,'done','{"kind": "text", "text": "1"}','{}','2026-11-23 02:08:01.000000','c5ae49f8');
INSERT INTO "received" VALUES(32,'terminal','terminal','stage-8-3',9,9,'done','{"kind": "text", "text": "Bu Siti"}','{}','2026-11-23 02:08:02.000000','c5ae49f8');
INSERT INTO "received" VALUES(33,'terminal','terminal','stage-8-4',9,9,'done','{"kind": "photo", "text": "Amplang ikan tenggiri 25rb per bungkus", "photo": {"name": "fea7f438415c4bec6b402844ed8fc5db8e6545eb440df4f61ee332acee0c3a77.jpg", "sha256": "fea7f438415c4bec6b402844ed8fc5db8e6545eb440df4f61ee332acee0c3a77", "width": 1200, "height": 900, "twin": "58fca146462959f5", "advice": [], "problem": ""}, "group": "stage-8-3"}','{}','2026-11-23 02:08:03.000000','c5ae49f8');
INSERT INTO "received" VALUES(34,'terminal','terminal','stage-8-5',9,9,'done','{"kind": "text", "text": "250 gram, ikan tenggiri, tahan 3 bulan"}','{}','2026-11-23 02:08:04.000000','c5ae49f8');
INSERT INTO "received" VALUES(35,'terminal','terminal','stage-8-6',9,9,'done','{"kind": "text", "text": "200"}','{}','2026-11-23 02:08:05.000000','c5ae49f8');
INSERT INTO "received" VALUES(36,'terminal','terminal','stage-8-7',9,9,'done','{"kind": "text", "text": "Belum punya"}','{}','2026-11-23 02:08:06.000000','c5ae49f8');
INSERT INTO "received" VALUES(37,'terminal','terminal','stage-8-8',9,9,'done','{"kind": "text", "text": "Jl. Gerilya, Sungai Pinang, Samarinda"}','{}','2026-11-23 02:08:07.000000','c5ae49f8');
INSERT INTO "received" VALUES(38,'terminal','terminal','stage-9-1',10,10,'done','{"kind": "text", "text": "halo"}','{}','2026-11-23 02:09:00.000000','c5ae49f8');
INSERT INTO "received" VALUES(39,'terminal','terminal','stage-9-2',10,10,'done','{"kind": "text", "text": "1"}','{}','2026-11-23 02:09:01.000000','c5ae49f8');
INSERT INTO "received" VALUES(40,'terminal','terminal','stage-9-3',10,10,'done','{"kind": "text", "text": "Bu Siti"}','{}','2026-11-23 02:09:02.000000','c5ae49f8');
INSERT INTO "received" VALUES(41,'terminal','terminal','stage-9-4',10,10,'done','{"kind": "photo", "text": "Amplang ikan tenggiri 25rb per bungkus", "photo": {"name": "fea7f438415c4bec6b402844ed8fc5db8e6545eb440df4f61ee332acee0c3a77.jpg", "sha256": "fea7f438415c4bec6b402844ed8fc5db8e6545eb440df4f61ee332acee0c3a77", "width": 1200, "height": 900, "twin": "58fca146462959f5", "advice": [], "problem": ""}, "group": "stage-9-3"}','{}','2026-11-23 02:09:03.000000','c5ae49f8');
INSERT INTO "received" VALUES(42,'terminal','terminal','stage-9-5',10,10,'done','{"kind": "text", "text": "250 gram, ikan tenggiri, tahan 3 bulan"}','{}','2026-11-23 02:09:04.000000','c5ae49f8');
INSERT INTO "received" VALUES(43,'terminal','terminal','stage-9-6',10,10,'done','{"kind": "text", "text": "200"}','{}','2026-11-23 02:09:05.000000','c5ae49f8');
INSERT INTO "received" VALUES(44,'terminal','terminal','stage-9-7',10,10,'done','{"kind": "text", "text": "Belum punya"}','{}','2026-11-23 02:09:06.000000','c5ae49f8');
INSERT INTO "received" VALUES(45,'terminal','terminal','stage-9-8',10,10,'done','{"kind": "text", "text": "Jl. Gerilya, Sungai Pinang, Samarinda"}','{}','2026-11-23 02:09:07.000000','c5ae49f8');
INSERT INTO "received" VALUES(46,'terminal','terminal','stage-9-9',10,10,'done','{"kind": "text", "text": "Amplang Bu Siti"}','{}','2026-11-23 02:09:08.000000','c5ae49f8');
INSERT INTO "received" VALUES(47,'terminal','terminal','stage-10-1',11,11,'done','{"kind": "text", "text": "halo"}','{}','2026-11-23 02:10:00.000000','c5ae49f8');
INSERT INTO "received" VALUES(48,'terminal','terminal','stage-10-2',11,11,'done','{"kind": "text", "text": "1"}','{}','2026-11-23 02:10:01.000000','c5ae49f8');
INSERT INTO "received" VALUES(49,'terminal','terminal','stage-10-3',11,11,'done','{"kind": "text", "text": "Bu Siti"}','{}','2026-11-23 02:10:02.000000','c5ae49f8');
INSERT INTO "received" VALUES(50,'terminal','terminal','stage-10-4',11,11,'done','{"kind": "photo", "text": "Amplang ikan tenggiri 25rb per bungkus", "photo": {"name": "fea7f438415c4bec6b402844ed8fc5db8e6545eb440df4f61ee332acee0c3a77.jpg", "sha256": "fea7f438415c4bec6b402844ed8fc5db8e6545eb440df4f61ee332acee0c3a77", "width": 1200, "height": 900, "twin": "58fca146462959f5", "advice": [], "problem": ""}, "group": "stage-10-3"}','{}','2026-11-23 02:10:03.000000','c5ae49f8');
INSERT INTO "received" VALUES(51,'terminal','terminal','stage-10-5',11,11,'done','{"kind": "text", "text": "250 gram, ikan tenggiri, tahan 3 bulan"}','{}','2026-11-23 02:10:04.000000','c5ae49f8');
INSERT INTO "received" VALUES(52,'terminal','terminal','stage-10-6',11,11,'done','{"kind": "text", "text": "200"}','{}','2026-11-23 02:10:05.000000','c5ae49f8');
INSERT INTO "received" VALUES(53,'terminal','terminal','stage-10-7',11,11,'done','{"kind": "text", "text": "Belum punya"}','{}','2026-11-23 02:10:06.000000','c5ae49f8');
INSERT INTO "received" VALUES(54,'terminal','terminal','stage-10-8',11,11,'done','{"kind": "text", "text": "Jl. Gerilya, Sungai Pinang, Samarinda"}','{}','2026-11-23 02:10:07.000000','c5ae49f8');
INSERT INTO "received" VALUES(55,'terminal','terminal','stage-10-9',11,11,'done','{"kind": "text", "text": "Amplang Bu Siti"}','{}','2026-11-23 02:10:08.000000','c5ae49f8');
INSERT INTO "received" VALUES(56,'terminal','terminal','stage-10-10',11,11,'done','{"kind": "text", "text": "Siti Aminah"}','{}','2026-11-23 02:10:09.000000','c5ae49f8');
INSERT INTO "received" VALUES(57,'terminal','terminal','stage-11-1',12,12,'done','{"kind": "text", "text": "halo"}','{}','2026-11-23 02:11:00.000000','c5ae49f8');
INSERT INTO "received" VALUES(58,'terminal','terminal','stage-11-2',12,12,'done','{"kind": "text", "text": "1"}','{}','2026-11-23 02:11:01.000000','c5ae49f8');
INSERT INTO "received" VALUES(59,'terminal','terminal','stage-11-3',12,12,'done','{"kind": "text", "text": "Bu Siti"}','{}','2026-11-23 02:11:02.000000','c5ae49f8');
INSERT INTO "received" VALUES(60,'terminal','terminal','stage-11-4',12,12,'done','{"kind": "photo", "text": "Amplang ikan tenggiri 25rb per bungkus", "photo": {"name": "fea7f438415c4bec6b402844ed8fc5db8e6545eb440df4f61ee332acee0c3a77.jpg", "sha256": "fea7f438415c4bec6b402844ed8fc5db8e6545eb440df4f61ee332acee0c3a77", "width": 1200, "height": 900, "twin": "58fca146462959f5", "advice": [], "problem": ""}, "group": "stage-11-3"}','{}','2026-11-23 02:11:03.000000','c5ae49f8');
INSERT INTO "received" VALUES(61,'terminal','terminal','stage-11-5',12,12,'done','{"kind": "text", "text": "250 gram, ikan tenggiri, tahan 3 bulan"}','{}','2026-11-23 02:11:04.000000','c5ae49f8');
INSERT INTO "received" VALUES(62,'terminal','terminal','stage-11-6',12,12,'done','{"kind": "text", "text": "200"}','{}','2026-11-23 02:11:05.000000','c5ae49f8');
INSERT INTO "received" VALUES(63,'terminal','terminal','stage-11-7',12,12,'done','{"kind": "text", "text": "Belum punya"}','{}','2026-11-23 02:11:06.000000','c5ae49f8');
INSERT INTO "received" VALUES(64,'terminal','terminal','stage-11-8',12,12,'done','{"kind": "text", "text": "Jl. Gerilya, Sungai Pinang, Samarinda"}','{}','2026-11-23 02:11:07.000000','c5ae49f8');
INSERT INTO "received" VALUES(65,'terminal','terminal','stage-11-9',12,12,'done','{"kind": "text", "text": "Amplang Bu Siti"}','{}','2026-11-23 02:11:08.000000','c5ae49f8');
INSERT INTO "received" VALUES(66,'terminal','terminal','stage-11-10',12,12,'done','{"kind": "text", "text": "Siti Aminah"}','{}','2026-11-23 02:11:09.000000','c5ae49f8');
INSERT INTO "received" VALUES(67,'terminal','terminal','stage-11-11',12,12,'done','{"kind": "text", "text": "9120001234567"}','{}','2026-11-23 02:11:10.000000','c5ae49f8');
INSERT INTO "received" VALUES(68,'terminal','terminal','stage-12-1',13,13,'done','{"kind": "text", "text": "halo"}','{}','2026-11-23 02:12:00.000000','c5ae49f8');
INSERT INTO "received" VALUES(69,'terminal','terminal','stage-12-2',13,13,'done','{"kind": "text", "text": "1"}','{}','2026-11-23 02:12:01.000000','c5ae49f8');
INSERT INTO "received" VALUES(70,'terminal','terminal','stage-12-3',13,13,'done','{"kind": "text", "text": "Bu Siti"}','{}','2026-11-23 02:12:02.000000','c5ae49f8');
INSERT INTO "received" VALUES(71,'terminal','terminal','stage-12-4',13,13,'done','{"kind": "photo", "text": "Amplang ikan tenggiri 25rb per bungkus", "photo": {"name": "fea7f438415c4bec6b402844ed8fc5db8e6545eb440df4f61ee332acee0c3a77.jpg", "sha256": "fea7f438415c4bec6b402844ed8fc5db8e6545eb440df4f61ee332acee0c3a77", "width": 1200, "height": 900, "twin": "58fca146462959f5", "advice": [], "problem": ""}, "group": "stage-12-3"}','{}','2026-11-23 02:12:03.000000','c5ae49f8');
INSERT INTO "received" VALUES(72,'terminal','terminal','stage-12-5',13,13,'done','{"kind": "text", "text": "250 gram, ikan tenggiri, tahan 3 bulan"}','{}','2026-11-23 02:12:04.000000','c5ae49f8');
INSERT INTO "received" VALUES(73,'terminal','terminal','stage-12-6',13,13,'done','{"kind": "text", "text": "200"}','{}','2026-11-23 02:12:05.000000','c5ae49f8');
INSERT INTO "received" VALUES(74,'terminal','terminal','stage-12-7',13,13,'done','{"kind": "text", "text": "Belum punya"}','{}','2026-11-23 02:12:06.000000','c5ae49f8');
INSERT INTO "received" VALUES(75,'terminal','terminal','stage-12-8',13,13,'done','{"kind": "text", "text": "Jl. Gerilya, Sungai Pinang, Samarinda"}','{}','2026-11-23 02:12:07.000000','c5ae49f8');
INSERT INTO "received" VALUES(76,'terminal','terminal','stage-12-9',13,13,'done','{"kind": "text", "text": "Amplang Bu Siti"}','{}','2026-11-23 02:12:08.000000','c5ae49f8');
INSERT INTO "received" VALUES(77,'terminal','terminal','stage-12-10',13,13,'done','{"kind": "text", "text": "Siti Aminah"}','{}','2026-11-23 02:12:09.000000','c5ae49f8');
INSERT INTO "received" VALUES(78,'terminal','terminal','stage-12-11',13,13,'done','{"kind": "text", "text": "9120001234567"}','{}','2026-11-23 02:12:10.000000','c5ae49f8');
INSERT INTO "received" VALUES(79,'terminal','terminal','stage-12-12',13,13,'done','{"kind": "text", "text": "081234567890"}','{}','2026-11-23 02:12:11.000000','c5ae49f8');
INSERT INTO "received" VALUES(80,'terminal','terminal','stage-13-1',14,14,'done','{"kind": "text", "text": "halo"}','{}','2026-11-23 02:13:00.000000','c5ae49f8');
INSERT INTO "received" VALUES(81,'terminal','terminal','stage-13-2',14,14,'done','{"kind": "text", "text": "1"}','{}','2026-11-23 02:13:01.000000','c5ae49f8');
INSERT INTO "received" VALUES(82,'terminal','terminal','stage-13-3',14,14,'done','{"kind": "text", "text": "Bu Siti"}','{}','2026-11-23 02:13:02.000000','c5ae49f8');
INSERT INTO "received" VALUES(83,'terminal','terminal','stage-13-4',14,14,'done','{"kind": "photo", "text": "Amplang ikan tenggiri 25rb per bungkus", "photo": {"name": "fea7f438415c4bec6b402844ed8fc5db8e6545eb440df4f61ee332acee0c3a77.jpg", "sha256": "fea7f438415c4bec6b402844ed8fc5db8e6545eb440df4f61ee332acee0c3a77", "width": 1200, "height": 900, "twin": "58fca146462959f5", "advice": [], "problem": ""}, "group": "stage-13-3"}','{}','2026-11-23 02:13:03.000000','c5ae49f8');
INSERT INTO "received" VALUES(84,'terminal','terminal','stage-13-5',14,14,'done','{"kind": "text", "text": "250 gram, ikan tenggiri, tahan 3 bulan"}','{}','2026-11-23 02:13:04.000000','c5ae49f8');
INSERT INTO "received" VALUES(85,'terminal','terminal','stage-13-6',14,14,'done','{"kind": "text", "text": "200"}','{}','2026-11-23 02:13:05.000000','c5ae49f8');
INSERT INTO "received" VALUES(86,'terminal','terminal','stage-13-7',14,14,'done','{"kind": "text", "text": "Belum punya"}','{}','2026-11-23 02:13:06.000000','c5ae49f8');
INSERT INTO "received" VALUES(87,'terminal','terminal','stage-13-8',14,14,'done','{"kind": "text", "text": "Jl. Gerilya, Sungai Pinang, Samarinda"}','{}','2026-11-23 02:13:07.000000','c5ae49f8');
INSERT INTO "received" VALUES(88,'terminal','terminal','stage-13-9',14,14,'done','{"kind": "text", "text": "Amplang Bu Siti"}','{}','2026-11-23 02:13:08.000000','c5ae49f8');
INSERT INTO "received" VALUES(89,'terminal','terminal','stage-13-10',14,14,'done','{"kind": "text", "text": "Siti Aminah"}','{}','2026-11-23 02:13:09.000000','c5ae49f8');
INSERT INTO "received" VALUES(90,'terminal','terminal','stage-13-11',14,14,'done','{"kind": "text", "text": "9120001234567"}','{}','2026-11-23 02:13:10.000000','c5ae49f8');
INSERT INTO "received" VALUES(91,'terminal','terminal','stage-13-12',14,14,'done','{"kind": "text", "text": "081234567890"}','{}','2026-11-23 02:13:11.000000','c5ae49f8');
INSERT INTO "received" VALUES(92,'terminal','terminal','stage-13-13',14,14,'done','{"kind": "text", "text": "kirim ke petugas"}','{}','2026-11-23 02:13:12.000000','c5ae49f8');
CREATE TABLE report (
	campaign_id INTEGER NOT NULL, 
	address_id INTEGER NOT NULL, 
	asked_at DATETIME NOT NULL, 
	tries INTEGER NOT NULL, 
	done_at DATETIME, 
	CONSTRAINT pk_report PRIMARY KEY (campaign_id, address_id), 
	CONSTRAINT fk_report_campaign_id_campaign FOREIGN KEY(campaign_id) REFERENCES campaign (id), 
	CONSTRAINT fk_report_address_id_address FOREIGN KEY(address_id) REFERENCES address (id)
);
CREATE TABLE setaside (
	id INTEGER NOT NULL, 
	feed VARCHAR NOT NULL, 
	number VARCHAR NOT NULL, 
	reason VARCHAR NOT NULL, 
	"row" JSON NOT NULL, 
	at DATETIME NOT NULL, 
	CONSTRAINT pk_setaside PRIMARY KEY (id)
);
CREATE TABLE sheet (
	id INTEGER NOT NULL, 
	officer_id INTEGER NOT NULL, 
	address_id INTEGER NOT NULL, 
	file VARCHAR NOT NULL, 
	digest VARCHAR NOT NULL, 
	fields JSON NOT NULL, 
	total INTEGER NOT NULL, 
	taken INTEGER NOT NULL, 
	counts JSON NOT NULL, 
	aside JSON NOT NULL, 
	tries INTEGER NOT NULL, 
	problem VARCHAR NOT NULL, 
	asked_at DATETIME NOT NULL, 
	ended_at DATETIME, 
	CONSTRAINT pk_sheet PRIMARY KEY (id), 
	CONSTRAINT fk_sheet_officer_id_person FOREIGN KEY(officer_id) REFERENCES person (id), 
	CONSTRAINT fk_sheet_address_id_address FOREIGN KEY(address_id) REFERENCES address (id)
);
CREATE TABLE shortlist (
	officer_id INTEGER NOT NULL, 
	stamp INTEGER NOT NULL, 
	kind VARCHAR NOT NULL, 
	rows JSON NOT NULL, 
	CONSTRAINT pk_shortlist PRIMARY KEY (officer_id), 
	CONSTRAINT fk_shortlist_officer_id_person FOREIGN KEY(officer_id) REFERENCES person (id)
);
CREATE TABLE stamp (
	product_id INTEGER NOT NULL, 
	number BIGINT NOT NULL, 
	CONSTRAINT pk_stamp PRIMARY KEY (product_id)
);
INSERT INTO "stamp" VALUES(1,1);
CREATE TABLE taste (
	person_id INTEGER NOT NULL, 
	rhythm VARCHAR NOT NULL, 
	threshold FLOAT NOT NULL, 
	digest_at DATETIME, 
	nearest_at DATETIME, 
	CONSTRAINT pk_taste PRIMARY KEY (person_id), 
	CONSTRAINT fk_taste_person_id_person FOREIGN KEY(person_id) REFERENCES person (id)
);
CREATE TABLE template (
	id INTEGER NOT NULL, 
	name VARCHAR NOT NULL, 
	locale VARCHAR NOT NULL, 
	state VARCHAR NOT NULL, 
	category VARCHAR NOT NULL, 
	reason VARCHAR NOT NULL, 
	at DATETIME NOT NULL, 
	CONSTRAINT pk_template PRIMARY KEY (id)
);
CREATE TABLE tick (
	job VARCHAR NOT NULL, 
	due_at DATETIME NOT NULL, 
	"by" VARCHAR NOT NULL, 
	taken_at DATETIME NOT NULL, 
	CONSTRAINT pk_tick PRIMARY KEY (job, due_at)
);
CREATE TABLE upload (
	account VARCHAR NOT NULL, 
	name VARCHAR NOT NULL, 
	external_id VARCHAR NOT NULL, 
	at DATETIME NOT NULL, 
	CONSTRAINT pk_upload PRIMARY KEY (account, name)
);
CREATE INDEX ix_business_nib ON business (nib);
CREATE INDEX ix_business_region ON business (region);
CREATE INDEX ix_address_person_id ON address (person_id);
CREATE INDEX ix_call_closes_at ON call (closes_at);
CREATE UNIQUE INDEX ix_call_source_source_id ON call (source, source_id);
CREATE INDEX ix_consent_person_id ON consent (person_id);
CREATE INDEX ix_conversation_person_open ON conversation (person_id, closed_at);
CREATE INDEX ix_membership_business_id ON membership (business_id);
CREATE UNIQUE INDEX ix_officer_person_region ON officer (person_id, region);
CREATE INDEX ix_product_business_id ON product (business_id);
CREATE INDEX ix_product_etalase ON product (etalase);
CREATE INDEX ix_product_status_submitted ON product (status, submitted_at);
CREATE INDEX ix_question_about ON question (about);
CREATE INDEX ix_question_person_id ON question (person_id);
CREATE INDEX ix_question_region ON question (region);
CREATE UNIQUE INDEX ix_callnotice_call_person_kind ON callnotice (call_id, person_id, kind);
CREATE INDEX ix_callnotice_person_id ON callnotice (person_id);
CREATE INDEX ix_decision_batch ON decision (batch);
CREATE INDEX ix_decision_officer_at ON decision (officer_id, at);
CREATE INDEX ix_decision_product_id ON decision (product_id);
CREATE INDEX ix_outgoing_address_settled ON outgoing (address_id, settled_at);
CREATE UNIQUE INDEX ix_outgoing_campaign_person ON outgoing (campaign_id, person_id);
CREATE INDEX ix_outgoing_external ON outgoing (account, external_id);
CREATE INDEX ix_outgoing_person_status ON outgoing (person_id, status);
CREATE UNIQUE INDEX ix_received_key ON received (account, channel, external_id);
CREATE INDEX ix_received_person_status ON received (person_id, status);
CREATE INDEX ix_address_account_alias ON address (account, alias);
CREATE UNIQUE INDEX ix_address_account_address ON address (account, address) WHERE until IS NULL;
CREATE INDEX ix_business_phone ON business (phone);
CREATE INDEX ix_linkcode_code_hash ON linkcode (code_hash);
CREATE INDEX ix_linkcode_person_id ON linkcode (person_id);
CREATE INDEX ix_linkguess_person_id ON linkguess (person_id);
CREATE INDEX ix_linkguess_at ON linkguess (at);
CREATE UNIQUE INDEX ix_template_name_locale ON template (name, locale);
CREATE INDEX ix_campaign_status ON campaign (status);
CREATE INDEX ix_outgoing_due ON outgoing (account, status, lane, due_at) WHERE campaign_id IS NULL;
CREATE INDEX ix_outgoing_campaign_due ON outgoing (campaign_id, status, account, due_at);
CREATE INDEX ix_outgoing_campaign_settled ON outgoing (campaign_id, settled_at) WHERE campaign_id IS NOT NULL AND settled_at IS NOT NULL;
CREATE INDEX ix_outgoing_paid ON outgoing (account, claimed_at) WHERE template != '';
CREATE INDEX ix_received_unfinished ON received (claimed_by) WHERE status IN ('waiting', 'queued');
CREATE INDEX ix_board_ended_at ON board (ended_at);
CREATE INDEX ix_report_done_at ON report (done_at);
CREATE INDEX ix_call_open ON call (status, closes_at, region);
CREATE INDEX ix_callnotice_untold ON callnotice (person_id) WHERE told_at IS NULL;
CREATE INDEX ix_callnotice_answered ON callnotice (call_id) WHERE answer <> '';
CREATE INDEX ix_callkey_call_id ON callkey (call_id);
CREATE INDEX ix_setaside_feed ON setaside (feed);
CREATE INDEX ix_setaside_number ON setaside (number);
CREATE INDEX ix_lesson_person_id ON lesson (person_id);
CREATE INDEX ix_stamp_number ON stamp (number);
CREATE TRIGGER product_added AFTER INSERT ON product  BEGIN
INSERT INTO stamp (product_id, number) SELECT changed.id, (SELECT coalesce(max(number), 0) + 1 FROM stamp)
FROM (SELECT NEW.id AS id) AS changed WHERE true ON CONFLICT (product_id) DO UPDATE SET number = excluded.number; END;
CREATE TRIGGER product_changed AFTER UPDATE OF status, etalase, scope, name, details, price, capacity, business_id ON product  BEGIN
INSERT INTO stamp (product_id, number) SELECT changed.id, (SELECT coalesce(max(number), 0) + 1 FROM stamp)
FROM (SELECT NEW.id AS id) AS changed WHERE true ON CONFLICT (product_id) DO UPDATE SET number = excluded.number; END;
CREATE TRIGGER product_gone AFTER DELETE ON product  BEGIN
INSERT INTO stamp (product_id, number) SELECT changed.id, (SELECT coalesce(max(number), 0) + 1 FROM stamp)
FROM (SELECT OLD.id AS id) AS changed WHERE true ON CONFLICT (product_id) DO UPDATE SET number = excluded.number; END;
CREATE TRIGGER business_changed AFTER UPDATE OF region, size ON business  BEGIN
INSERT INTO stamp (product_id, number) SELECT changed.id, (SELECT coalesce(max(number), 0) + 1 FROM stamp)
FROM (SELECT id AS id FROM product WHERE business_id = NEW.id) AS changed WHERE true ON CONFLICT (product_id) DO UPDATE SET number = excluded.number; END;
CREATE TRIGGER member_added AFTER INSERT ON membership  BEGIN
INSERT INTO stamp (product_id, number) SELECT changed.id, (SELECT coalesce(max(number), 0) + 1 FROM stamp)
FROM (SELECT id AS id FROM product WHERE business_id = NEW.business_id) AS changed WHERE true ON CONFLICT (product_id) DO UPDATE SET number = excluded.number; END;
CREATE TRIGGER member_changed AFTER UPDATE ON membership  BEGIN
INSERT INTO stamp (product_id, number) SELECT changed.id, (SELECT coalesce(max(number), 0) + 1 FROM stamp)
FROM (SELECT id AS id FROM product WHERE business_id = NEW.business_id) AS changed WHERE true ON CONFLICT (product_id) DO UPDATE SET number = excluded.number; END;
CREATE TRIGGER answer_added AFTER INSERT ON callnotice WHEN (NEW.answer <> '') BEGIN
INSERT INTO stamp (product_id, number) SELECT changed.id, (SELECT coalesce(max(number), 0) + 1 FROM stamp)
FROM (SELECT p.id AS id FROM product p JOIN membership m ON m.business_id = p.business_id WHERE m.person_id = NEW.person_id) AS changed WHERE true ON CONFLICT (product_id) DO UPDATE SET number = excluded.number; END;
CREATE TRIGGER answer_changed AFTER UPDATE OF answer, person_id ON callnotice  BEGIN
INSERT INTO stamp (product_id, number) SELECT changed.id, (SELECT coalesce(max(number), 0) + 1 FROM stamp)
FROM (SELECT p.id AS id FROM product p JOIN membership m ON m.business_id = p.business_id WHERE m.person_id = NEW.person_id) AS changed WHERE true ON CONFLICT (product_id) DO UPDATE SET number = excluded.number; END;
CREATE INDEX ix_sheet_officer_id ON sheet (officer_id);
CREATE INDEX ix_sheet_ended_at ON sheet (ended_at);
CREATE INDEX ix_callnotice_answers ON callnotice (person_id) WHERE answer <> '';
COMMIT;
