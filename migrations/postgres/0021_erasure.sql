-- When a person's data was erased at their wish: the row stays, because what was done stays, and names nobody.
ALTER TABLE account ADD COLUMN erased_at timestamptz;
-- Whose messages are whose: for a copy of a person's data, and to erase them.
CREATE INDEX outbox_recipient ON outbox (recipient);
