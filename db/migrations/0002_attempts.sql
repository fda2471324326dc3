-- Operations from before are taken to have been attempted when they first were.
ALTER TABLE "operations" ADD COLUMN "last_attempt_at" timestamp with time zone;
--> statement-breakpoint
UPDATE "operations" SET "last_attempt_at" = "first_attempt_at";
--> statement-breakpoint
ALTER TABLE "operations" ALTER COLUMN "last_attempt_at" SET NOT NULL;
