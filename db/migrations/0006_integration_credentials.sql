CREATE TABLE "integration_credentials" (
	"integration_id" text NOT NULL,
	"generation" integer NOT NULL,
	"sealed" "bytea" NOT NULL,
	"bound_to_version" integer,
	"provider_account" text,
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "integration_credentials_integration_id_generation_pk" PRIMARY KEY("integration_id","generation")
);
--> statement-breakpoint
ALTER TABLE "integrations" ALTER COLUMN "credentials" DROP NOT NULL;--> statement-breakpoint
-- A process of the former version may go on saving while it is replaced: what it saves with a version is
-- a generation, too. Made before the rows are copied, because it keeps others from adding some meanwhile.
CREATE FUNCTION "credentials_of_version"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	INSERT INTO "integration_credentials" ("integration_id", "generation", "sealed", "bound_to_version", "created_at")
	SELECT NEW."id", coalesce(max("generation"), 0) + 1, NEW."credentials", NEW."version", NEW."created_at"
	FROM "integration_credentials" WHERE "integration_id" = NEW."id";
	RETURN NULL;
END
$$;
--> statement-breakpoint
CREATE TRIGGER "credentials_of_version" AFTER INSERT ON "integrations"
	FOR EACH ROW WHEN (NEW."credentials" IS NOT NULL) EXECUTE FUNCTION "credentials_of_version"();
--> statement-breakpoint
-- The credentials of each version, in their order; they stay sealed as they are.
INSERT INTO "integration_credentials" ("integration_id", "generation", "sealed", "bound_to_version", "created_at")
SELECT "id", row_number() OVER (PARTITION BY "id" ORDER BY "version"), "credentials", "version", "created_at"
FROM "integrations";
