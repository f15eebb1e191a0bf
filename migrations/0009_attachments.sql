CREATE TABLE `attachments` (
	`rid` integer PRIMARY KEY NOT NULL,
	`id` text NOT NULL,
	`no` integer,
	`created_at` text NOT NULL,
	`updated_at` text NOT NULL,
	`created_by` text,
	`updated_by` text,
	`deleted_at` text,
	`stamp_time` integer NOT NULL,
	`stamp_counter` integer NOT NULL,
	`stamp_device` integer NOT NULL,
	`change` integer NOT NULL,
	`entity` text NOT NULL,
	`row_id` text NOT NULL,
	`file_name` text NOT NULL,
	`media_type` text NOT NULL,
	`size` integer NOT NULL,
	`sha256` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `attachments_id_unique` ON `attachments` (`id`);--> statement-breakpoint
CREATE INDEX `attachments_by_row` ON `attachments` (`row_id`,`created_at`);--> statement-breakpoint
CREATE INDEX `attachments_by_content` ON `attachments` (`sha256`,`size`);--> statement-breakpoint
CREATE INDEX `attachments_by_created` ON `attachments` (`created_at`) WHERE deleted_at IS NULL;--> statement-breakpoint
CREATE INDEX `attachments_by_no` ON `attachments` (`no`);--> statement-breakpoint
CREATE INDEX `attachments_by_deleted` ON `attachments` (`deleted_at`) WHERE deleted_at IS NOT NULL;--> statement-breakpoint
CREATE TABLE `local_contents` (
	`sha256` text PRIMARY KEY NOT NULL,
	`size` integer NOT NULL,
	`stored_at` text,
	`hub_epoch` text
);
--> statement-breakpoint
CREATE TABLE `local_uploads` (
	`id` text PRIMARY KEY NOT NULL,
	`user_id` text NOT NULL,
	`entity` text NOT NULL,
	`row_id` text NOT NULL,
	`file_name` text NOT NULL,
	`media_type` text NOT NULL,
	`size` integer NOT NULL,
	`fingerprint` text,
	`received` integer NOT NULL,
	`sha256` text,
	`created_at` text NOT NULL,
	`updated_at` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `uploads_by_row` ON `local_uploads` (`user_id`,`row_id`);--> statement-breakpoint
CREATE VIRTUAL TABLE `attachments_fts` USING fts5(`text`, content='', contentless_delete=1, detail=none, prefix='2 3', tokenize="unicode61 remove_diacritics 0");
