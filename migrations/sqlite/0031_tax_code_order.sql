-- PostgreSQL compared tax codes in two orders; here there is but one.
SELECT 1;
