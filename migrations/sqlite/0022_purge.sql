-- Keys of background saves are forgotten by their age.
CREATE INDEX save_at ON save (at);
