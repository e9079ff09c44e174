-- A letter that failed may be told in another way, by a person who writes down how.

ALTER TABLE letters DROP CONSTRAINT letters_state_check;
ALTER TABLE letters ADD CONSTRAINT letters_state_check
    CHECK (state IN ('requested', 'accepted', 'failed', 'told_otherwise'));
