-- state: draft, open, closed, archived; an open one takes answers between its dates. Whoever changes a campaign says which
-- revision they saw.
ALTER TABLE campaign ADD COLUMN state TEXT NOT NULL DEFAULT 'open';
ALTER TABLE campaign ADD COLUMN revision INTEGER NOT NULL DEFAULT 0;
