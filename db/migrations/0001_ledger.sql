-- Each fact's postings sum to zero per currency: money never appears or disappears in one fact.
CREATE FUNCTION "postings_balance"("postings" jsonb) RETURNS boolean LANGUAGE sql IMMUTABLE STRICT AS $$
	SELECT coalesce(bool_and("total" = 0 AND "complete"), true)
	FROM (
		SELECT
			sum(("posting" ->> 'amountMinor')::bigint) AS "total",
			-- A posting without an amount would not count into the sum, and so pass for balanced.
			bool_and("posting" ->> 'amountMinor' IS NOT NULL) AS "complete"
		FROM jsonb_array_elements("postings") AS "posting"
		GROUP BY "posting" ->> 'currency'
	) AS "totals"
$$;
--> statement-breakpoint
ALTER TABLE "facts" ADD CONSTRAINT "facts_postings_balance" CHECK (postings_balance("postings"));
--> statement-breakpoint
-- Facts are the record: a correction is a new fact, so neither an update nor a delete is ever right.
CREATE FUNCTION "facts_are_kept"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	RAISE EXCEPTION 'facts are never changed or deleted';
END
$$;
--> statement-breakpoint
CREATE TRIGGER "facts_are_kept" BEFORE UPDATE OR DELETE ON "facts"
	FOR EACH ROW EXECUTE FUNCTION "facts_are_kept"();
--> statement-breakpoint
CREATE TRIGGER "facts_are_not_truncated" BEFORE TRUNCATE ON "facts"
	FOR EACH STATEMENT EXECUTE FUNCTION "facts_are_kept"();
--> statement-breakpoint
-- The ledger as rows, for people and reports.
CREATE VIEW "ledger_postings" AS
	SELECT
		"facts"."payment_id",
		"facts"."sequence",
		"facts"."at",
		"facts"."type",
		"posting" ->> 'account' AS "account",
		"posting" ->> 'currency' AS "currency",
		("posting" ->> 'amountMinor')::bigint AS "amount_minor"
	FROM "facts", jsonb_array_elements("facts"."postings") AS "posting";
