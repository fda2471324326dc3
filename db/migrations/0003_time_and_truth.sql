CREATE TABLE "findings" (
	"id" text PRIMARY KEY NOT NULL,
	"account_id" text NOT NULL,
	"mode" text NOT NULL,
	"integration_id" text NOT NULL,
	"kind" text NOT NULL,
	"provider_ref" text NOT NULL,
	"payment_id" text,
	"detail" text NOT NULL,
	"provider_says" jsonb NOT NULL,
	"holdfast_says" jsonb NOT NULL,
	"state" text NOT NULL,
	"found_at" timestamp with time zone NOT NULL,
	"seen_at" timestamp with time zone NOT NULL,
	"resolved_at" timestamp with time zone,
	"resolution" text
);
--> statement-breakpoint
CREATE TABLE "notifications" (
	"id" text PRIMARY KEY NOT NULL,
	"account_id" text NOT NULL,
	"mode" text NOT NULL,
	"provider" text NOT NULL,
	"integration_id" text NOT NULL,
	"provider_event_id" text,
	"type" text,
	"body" "bytea" NOT NULL,
	"headers" jsonb NOT NULL,
	"verified" boolean NOT NULL,
	"state" text NOT NULL,
	"reason" text NOT NULL,
	"claim" jsonb,
	"provider_ref" text,
	"payment_id" text,
	"received" integer NOT NULL,
	"told" integer NOT NULL,
	"due_at" timestamp with time zone,
	"received_at" timestamp with time zone NOT NULL,
	"updated_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "payments" ADD COLUMN "disputed_minor" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "payments" ADD COLUMN "charged_back_minor" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "payments" ADD COLUMN "attention_since" timestamp with time zone;--> statement-breakpoint
CREATE INDEX "findings_open" ON "findings" USING btree ("account_id","mode","state","found_at");--> statement-breakpoint
CREATE UNIQUE INDEX "notifications_event" ON "notifications" USING btree ("integration_id","provider_event_id") WHERE "notifications"."verified" and "notifications"."provider_event_id" is not null;--> statement-breakpoint
CREATE INDEX "notifications_newest" ON "notifications" USING btree ("account_id","mode","received_at","id");--> statement-breakpoint
CREATE INDEX "notifications_due" ON "notifications" USING btree ("due_at") WHERE "notifications"."due_at" is not null;--> statement-breakpoint
CREATE INDEX "notifications_payment" ON "notifications" USING btree ("payment_id","received_at");--> statement-breakpoint
CREATE INDEX "payments_provider_ref" ON "payments" USING btree ("integration_id","provider_ref");--> statement-breakpoint
CREATE INDEX "payments_attention" ON "payments" USING btree ("account_id","mode","attention_since") WHERE "payments"."attention_since" is not null;
--> statement-breakpoint
-- What needs attention already has done so since it last changed.
UPDATE "payments" SET "attention_since" = "updated_at" WHERE "needs_attention" IS NOT NULL;
